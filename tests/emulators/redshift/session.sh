#!/bin/bash
# session.sh start|stop: the stand-in with geocell's functions in it and psql on it, for `make redshift-local`.
set -euo pipefail
cd "$(dirname "$0")/../../.."
dir=build/redshift-local
standin=tests/emulators/redshift/redshift_local.py
if [ "$1" = stop ]; then
  exec "$standin" stop --dir "$dir"
fi
mkdir -p "$dir"
build/release/sql/geocell-sql --functions sql/functions redshift --create-schema >"$dir/geocell.sql"
echo 'ALTER USER awsuser SET search_path TO "$user", public, geocell;' >"$dir/search_path.sql"
[ ! -t 0 ] || cat <<'NOTE'
A stand-in for Redshift: its SQL, PostgreSQL underneath, geocell's Lambda package on this machine. Try:
  SELECT quadbin_polyfill(ST_GeomFromText('POLYGON((-3.72 40.40,-3.69 40.40,-3.69 40.43,-3.72 40.40))'), 14);
Leave with \q.
NOTE
code=0
"$standin" session --dir "$dir" --package "dist/geocell-lambda-$(uname -m).zip" \
  --load "$dir/geocell.sql" --load "$dir/search_path.sql" -- --no-psqlrc || code=$?
"$standin" status --dir "$dir" || rm -rf "$dir"
exit "$code"
