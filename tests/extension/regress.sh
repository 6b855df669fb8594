#!/bin/bash
# regress.sh PG_REGRESS OUTPUT_DIR [--without-postgis]: runs every suite of regress/sql on the server of the environment, or
# those that need no PostGIS. A suite without an expected file fails, and so does an expected file without a suite.
set -euo pipefail
here=$(cd "$(dirname "$0")/../../regress" && pwd)
suites=()
extensions=(--load-extension=postgis --load-extension=geocell --load-extension=geocell_postgis)
if [ "${3:-}" = --without-postgis ]; then
  extensions=(--load-extension=geocell)
  needs_postgis() { grep -qiE 'postgis|\bst_|geometry' "$1"; }
else
  needs_postgis() { false; }
fi
for file in "$here"/sql/*.sql; do
  ! needs_postgis "$file" || continue
  name=${file##*/}
  suites+=("${name%.sql}")
done
for file in "$here"/expected/*.out; do
  name=${file##*/}
  [ -e "$here/sql/${name%.out}.sql" ] || { echo "$file has no suite" >&2; exit 1; }
done
mkdir -p "$2"
cd "$2"
"$1" --inputdir="$here" --outputdir="$2" --bindir="$GEOCELL_PG_BINDIR" --dbname=geocell_regress \
  "${extensions[@]}" \
  --host="$PGHOST" --port="$PGPORT" --user="$PGUSER" "${suites[@]}" || {
  cat "$2/regression.diffs" >&2
  exit 1
}
