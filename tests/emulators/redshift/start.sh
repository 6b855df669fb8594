#!/bin/bash
# start.sh DIR BUILD ZIP GEOCELL_SQL FUNCTIONS [OPTION...]: a stand-in for the tests, with the generated SQL in schema
# geocell and the package behind it; the options are those of redshift_local.py start.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
dir=$1 build=$2 zip=$3 geocell_sql=$4 functions=$5
shift 5
"$here/redshift_local.py" stop --dir "$dir"
"$here/redshift_local.py" start --dir "$dir" --build "$build" --package "$zip" "$@"
"$geocell_sql" --functions "$functions" redshift --create-schema >"$dir/geocell.sql"
"$here/redshift_local.py" psql --dir "$dir" -- -X -q -v ON_ERROR_STOP=1 -f "$dir/geocell.sql"
