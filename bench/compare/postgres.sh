#!/bin/bash
# postgres.sh [--full] [--forms]: the forms of polyfill in a private PostgreSQL, which is removed afterwards, beside
# generate_series in the same place of the same plan, and beside the core alone; storage of arrays; parallel workers.
# --forms: the first of these only.
set -euo pipefail
cd "$(dirname "$0")/../.."
rounds=5
everything=yes
for option; do
  case $option in
    --full) rounds=21 ;;
    --forms) everything=no ;;
    *) echo "usage: postgres.sh [--full] [--forms]" >&2; exit 2 ;;
  esac
done
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
sql -f bench/compare/postgres_forms.sql

# The same work in the core alone, from geometries in its own form, in lines of round, form, cells, ms.
core_forms() {
  build/release/bench/polyfill_bench --benchmark_filter='^(array|count|compact|ranges)/counties/z14/intersects$' \
    --benchmark_min_time=0.1 --benchmark_format=json 2>/dev/null |
    /usr/bin/python3 -c '
import json, sys
for measured in json.load(sys.stdin)["benchmarks"]:
    form = "the core, " + measured["name"].split("/")[0]
    print(sys.argv[1], form, round(measured["cells"]), measured["cpu_time"], sep="\t")' "$1"
}
for ((round = 1; round <= rounds; ++round)); do
  core_forms "$round" | sql -c '\copy timings FROM STDIN'
  sql -o /dev/null -c "SELECT measure_forms($round)"
done
if [ $everything = yes ]; then
  sql -f bench/compare/postgres_parallel.sql
  elapsed() { sql -At -c "SELECT elapsed_ms('$1', $2)" </dev/null; }
  for ((round = 1; round <= rounds; ++round)); do
    sql -At -c 'SELECT form FROM parallel_forms' | while read -r form; do
      one=$(elapsed "$form" 0)
      two=$(elapsed "$form" 2)
      both=$( (elapsed "$form" 0 & elapsed "$form" 0; wait) | sort -g | tail -1)
      sql -c "INSERT INTO elapsed VALUES ('$form', $one, $two, $both)" </dev/null
    done
  done
fi
sql -v runs="$((rounds / 2 + 1))" -v everything="$everything" -f bench/compare/postgres.sql
