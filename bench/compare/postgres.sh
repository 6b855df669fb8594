#!/bin/bash
# postgres.sh [--full]: the forms of polyfill in a private PostgreSQL, which is removed afterwards, beside
# generate_series in the same place of the same plan; storage of arrays; parallel workers.
set -euo pipefail
cd "$(dirname "$0")/../.."
runs=3
[ "${1:-}" != --full ] || runs=11
data=build/bench-data/counties.geojsonl
[ -e "$data" ] || { echo "postgres.sh: $data is not there; bench/data.sh makes it" >&2; exit 1; }
cluster=build/bench-cluster
trap 'scripts/private_cluster.sh stop "$cluster" >/dev/null' EXIT
scripts/private_cluster.sh start "$cluster" build/release >/dev/null

sql() { scripts/private_cluster.sh psql "$cluster" -X -q -v ON_ERROR_STOP=1 "$@"; }
sql -c 'SET client_min_messages = warning' -c 'CREATE EXTENSION geocell_postgis CASCADE' \
  -c 'CREATE TABLE texts (line integer GENERATED ALWAYS AS IDENTITY, geojson text)'
sql -c "\\copy texts (geojson) FROM '$data'"
sql -c 'CREATE TABLE counties AS SELECT ST_GeomFromGeoJSON(geojson) AS geom FROM texts ORDER BY line'
sql -v runs="$runs" -f bench/compare/postgres.sql
