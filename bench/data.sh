#!/bin/bash
# Creates the benchmarks' data sets in build/bench-data (see bench/README.md). Does nothing if they are there.
# Needs the target bench_data and, for the countries and cities, bench/compare/peers/install.sh.
set -euo pipefail
cd "$(dirname "$0")/.."
data=build/bench-data
program=build/release/bench/bench_data
[ -x "$program" ] || { echo "$program is not built; make build" >&2; exit 1; }
countries=build/bench-tools/node_modules/world-atlas
stamp=$data/$(cat bench/data.cpp bench/compare/city_points.mjs data/topojson.cpp data/us-atlas/counties-10m.json \
  bench/compare/peers/package-lock.json | sha256sum | cut -c1-32)
[ ! -e "$stamp" ] || exit 0
echo "making the benchmarks' data in $data ..."
rm -rf "$data"
mkdir -p "$data"
"$program" data/us-atlas/counties-10m.json "$countries/countries-10m.json" "$countries/countries-50m.json" "$data"
# points FILE [COUNTRY...]
points() {
  local file=$PWD/$data/$1 script=$PWD/bench/compare/city_points.mjs
  shift
  (cd build/bench-tools && node "$script" 1000000 "$@" >"$file")
  echo "  $(basename "$file"): $(wc -l <"$file") points"
}
points us-cities.tsv US PR VI GU MP AS
points world-cities.tsv
touch "$stamp"
