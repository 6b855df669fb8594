#!/bin/sh
# forgotten_codec.sh <C++ compiler> <repository> [<include folder of PostgreSQL's server>]
#
# A type that is in the list of geocell/sql_types.hpp, and has no codec and no spelling, must not compile: in each place
# that has to know it, the compiler's message says what to add.
set -eu
compiler=$1 repository=$2 postgres=${3:-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The list with a planted row, which the compiler finds before the real one.
mkdir "$work/geocell"
sed -e 's/^#define GEOCELL_SQL_TYPES(X) .*/struct Planted {};\n&\n  X(Planted, "planted", both) \\/' \
  "$repository/core/include/geocell/sql_types.hpp" > "$work/geocell/sql_types.hpp"
grep -q 'X(Planted, "planted", both)' "$work/geocell/sql_types.hpp" || { echo "cannot plant a type"; exit 1; }

compile() { # <header>
  echo "#include \"$1\"" | "$compiler" -std=c++20 -fsyntax-only -x c++ -I"$work" -I"$repository" -I"$repository/core/include" \
    ${postgres:+-isystem "$postgres"} - 2>"$work/messages"
}

# <header> <message>...
expect_failure() {
  header=$1
  shift
  if compile "$header"; then
    echo "$header compiles although nothing in it knows the planted type"
    exit 1
  fi
  for message; do
    grep -qF "$message" "$work/messages" || { echo "$header: no message \"$message\" in:"; cat "$work/messages"; exit 1; }
  done
}

expect_failure lambda_bridge/rows/json_values.hpp 'add a GEOCELL_ARGUMENT for Planted' 'add an append_value() for Planted'
expect_failure sql/generator/engines/postgres/postgres_types.hpp 'add a row to kTypes for the SQL type planted'
expect_failure sql/generator/engines/redshift/redshift_types.hpp 'add a row to kTypes for the SQL type planted'
expect_failure tests/support/invoke.hpp 'add a to_json() for Planted'
if [ -n "$postgres" ]; then
  expect_failure extension/datum.hpp 'add an Argument for Planted' 'add a Writer for Planted'
fi
