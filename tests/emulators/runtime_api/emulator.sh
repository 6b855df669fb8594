#!/bin/bash
# emulator.sh DIR ZIP GEOCELL_SQL FUNCTIONS REPORT TESTS: runs the parity tests with the package in AWS's own emulator. If
# it is unavailable, exits with 77; either way, REPORT describes what happened (scripts/test.sh prints it).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
dir=$1 zip=$2 geocell_sql=$3 functions=$4 report=$5 tests=$6
build=$(dirname "$report")
name="AWS's Lambda Runtime Interface Emulator"
why=$(mktemp)
trap 'rm -f "$why"' EXIT
code=0
rie=$("$here/../../../scripts/lambda_emulator.sh" 2>"$why") || code=$?
if [ "$code" != 0 ]; then
  echo "$name did not run: $(cat "$why")" | tee "$report"
  exit "$code"
fi
mkdir -p "$dir"
sql=$(mktemp)
trap 'rm -f "$why" "$sql"' EXIT
"$geocell_sql" --functions "$functions" redshift --create-schema >"$sql"
if ! GEOCELL_PARITY_REPORT=$build/parity-emulator.txt "$here/../redshift/redshift_local.py" run --dir "$dir" --build "$build" --package "$zip" \
  --rie "$rie" --load "$sql" -- "$tests"; then
  echo "$name ran and the parity tests failed" >"$report"
  exit 1
fi
echo "$name ran: parity of all golden vectors through it" | tee "$report"
