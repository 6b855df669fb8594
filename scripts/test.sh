#!/bin/bash
# Runs all tests: those of the release build, then those that need no server again with AddressSanitizer and UBSan.
# Tests that share a server wait for each other (RESOURCE_LOCK), the others run in parallel.
# Runs both parts even if the first fails, and ends with a summary.
set -uo pipefail
cd "$(dirname "$0")/.."

result=0
summary=()
part() {  # part TITLE COMMAND...
  local title=$1 start=$SECONDS
  shift
  printf '\n== %s\n' "$title"
  if "$@"; then
    summary+=("ok      $title ($((SECONDS - start)) s)")
  else
    summary+=("FAILED  $title ($((SECONDS - start)) s)")
    result=1
  fi
}
sanitized() {
  scripts/build.sh asan-ubsan && ctest --test-dir build/asan-ubsan -L core -j "$(nproc)" --output-on-failure --no-tests=error
}

part "release: unit, oracle, PostgreSQL" ctest --test-dir build/release -j "$(nproc)" --output-on-failure --no-tests=error
part "sanitizers: unit, oracle" sanitized

printf '\n'
printf '%s\n' "${summary[@]}"
for words in build/release/parity.txt build/release/lambda-emulator.txt; do
  [ ! -e "$words" ] || tail -n 1 "$words" | sed "s|^all |golden cases by engine ($words): |"
done
echo "not included: the arm64 package for Lambda under emulation, make test-arm64"
exit $result
