#!/bin/bash
# Makes the benchmarks' data sets in build/bench-data (bench/README.md says which). Does nothing when they are there.
# Needs the targets bench_data and, for the countries, bench/compare/peers/install.sh.
set -euo pipefail
cd "$(dirname "$0")/.."
data=build/bench-data
program=build/release/bench/bench_data
[ -x "$program" ] || { echo "$program is not built; make build" >&2; exit 1; }
countries=build/bench-tools/node_modules/world-atlas
stamp=$data/$(cat bench/data.cpp demo/topojson.cpp data/us-atlas/counties-10m.json bench/compare/peers/package-lock.json |
  sha256sum | cut -c1-32)
[ ! -e "$stamp" ] || exit 0
echo "making the benchmarks' data in $data ..."
rm -rf "$data"
mkdir -p "$data"
"$program" data/us-atlas/counties-10m.json "$countries/countries-10m.json" "$countries/countries-50m.json" "$data"
touch "$stamp"
