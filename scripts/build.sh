#!/bin/bash
# build.sh PRESET [TARGET...]: configures and builds a CMake preset, or only some of its targets. Quiet if there is
# nothing to do or to report.
set -euo pipefail
cd "$(dirname "$0")/.."
preset=$1
shift
targets=()
[ $# = 0 ] || targets=(--target "$@")
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1
mkdir -p build
log=build/configure-$preset.log
arguments=()
# CMake keeps the first PG_CONFIG it saw; the one of this call is the one that counts.
case $preset in release | extension) arguments=("-DPG_CONFIG=$(command -v "${PG_CONFIG:-pg_config}")") ;; esac
if ! cmake --preset "$preset" "${arguments[@]}" >"$log" 2>&1; then
  cat "$log" >&2
  exit 1
fi
# Ninja's own progress line on a terminal, otherwise a single line.
if [ -t 1 ]; then
  cmake --build --preset "$preset" "${targets[@]}"
else
  echo "building $preset ..."
  log=build/build-$preset.log
  cmake --build --preset "$preset" "${targets[@]}" >"$log" 2>&1 || { cat "$log" >&2; exit 1; }
fi
