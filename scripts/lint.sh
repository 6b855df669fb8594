#!/bin/bash
# Checks the formatting of every C++ file, and runs clang-tidy on the sources of the core, the extension and the
# generator. A clean file is not checked again until it, a header or the configuration changes (stamps in build/lint).
set -euo pipefail
cd "$(dirname "$0")/.."

mapfile -t files < <(git ls-files -co --exclude-standard '*.cpp' '*.hpp')
clang-format --dry-run -Werror "${files[@]}"
echo "format: ${#files[@]} files are clean"

mkdir -p build/lint
headers=$({ cat .clang-tidy && git ls-files -co --exclude-standard -z '*.hpp' | sort -z | xargs -0 cat; } | sha256sum)
check() {  # check FILE: runs in a subshell of xargs
  local stamp
  stamp=build/lint/$( { echo "$HEADERS_SUM"; cat "$1"; } | sha256sum | cut -c1-32)
  [ ! -e "$stamp" ] || return 0
  local output
  if output=$(clang-tidy -p build/release --quiet --extra-arg=-Wno-unknown-warning-option "$1" 2>/dev/null); then
    : >"$stamp"
    echo "  $1"
  else
    printf '%s\n' "$output"
    return 1
  fi
}
export -f check
export HEADERS_SUM=$headers
mapfile -t sources < <(git ls-files -co --exclude-standard 'core/*.cpp' 'extension/*.cpp' 'sql/*.cpp')
printf '%s\0' "${sources[@]}" | xargs -0 -n 1 -P "$(nproc)" bash -c 'check "$0"'
echo "tidy: ${#sources[@]} files are clean"
