#!/bin/bash
# Removes the files that `make install` puts into the PostgreSQL that PG_CONFIG names (DESTDIR is honoured), and names each.
# Databases that have the extension keep their entries of it; their functions fail until it is installed again.
set -euo pipefail
pg_config=${PG_CONFIG:-pg_config}
command -v "$pg_config" >/dev/null || { echo "uninstall: $pg_config is not available; set PG_CONFIG" >&2; exit 1; }
library=${DESTDIR:-}$("$pg_config" --pkglibdir)/geocell.so
scripts=${DESTDIR:-}$("$pg_config" --sharedir)/extension

shopt -s nullglob
removed=0
for file in "$library" "$scripts"/geocell{,_postgis}.control "$scripts"/geocell{,_postgis}--*.sql; do
  [ -e "$file" ] || continue
  rm -- "$file"
  echo "removed $file"
  removed=$((removed + 1))
done
[ "$removed" != 0 ] || echo "nothing to remove: geocell is not installed in the PostgreSQL of $pg_config"
