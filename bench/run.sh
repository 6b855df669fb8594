#!/bin/bash
# run.sh [--full]: every benchmark program (build/release/bench/*_bench), then every comparison (the executable files of
# bench/compare). Called by `make bench`. Continues after a failure, and returns it at the end.
set -uo pipefail
cd "$(dirname "$0")/.."
minimum_seconds=0.05
[ "${1:-}" != --full ] || minimum_seconds=0.5
result=0
step() {
  printf '\n== %s\n' "$*"
  "$@" || { echo "FAILED: $*" >&2; result=1; }
}

bench/compare/peers/install.sh && bench/data.sh || exit 1
for program in build/release/bench/*_bench; do
  step "$program" "--benchmark_min_time=$minimum_seconds"
done
for comparison in bench/compare/*; do
  if [ -f "$comparison" ] && [ -x "$comparison" ]; then
    step "$comparison" "$@"
  fi
done
exit $result
