#!/bin/bash
# other_version.sh VERSION PG_REGRESS: builds the extension for build/tools/postgres-VERSION with warnings as errors, and runs the
# suites that need no PostGIS in a private server of that version. PG_REGRESS is the one of any version.
set -euo pipefail
cd "$(dirname "$0")/../.."
version=$1 pg_regress=$2
servers=$PWD/build/tools/servers
server=$(realpath "build/tools/postgres-$version")
build=$PWD/build/postgres-$version
# Root's server runs as user postgres, who may not be able to reach the checkout.
if [ "$(id -u)" = 0 ] && ! (cd / && setpriv --reuid=postgres --regid=postgres --clear-groups test -r "$server/bin/postgres"); then
  copy=$(mktemp -d /var/tmp/geocell-servers-XXXXXX)
  trap 'rm -rf "$copy"' EXIT
  cp -r "$servers/." "$copy/"
  chmod 755 "$copy"
  server=$copy${server#"$servers"}
  servers=$copy
fi
export PG_CONFIG=$server/bin/pg_config CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1
# The libraries of the wheel that it came in: its programs look for them relative to themselves, and the server's are copies.
libraries=$("$PG_CONFIG" --libdir):$(printf '%s:' "$servers"/*.libs)
"$PG_CONFIG" --version
cmake --preset extension -B "$build" -DGEOCELL_WERROR=ON -DPG_CONFIG="$PG_CONFIG" >"$build.log" 2>&1 || { cat "$build.log"; exit 1; }
cmake --build "$build" >"$build.log" 2>&1 || { cat "$build.log"; exit 1; }
LD_LIBRARY_PATH=${libraries%:} scripts/private_cluster.sh run "$build/cluster" "$build" -- tests/extension/regress.sh "$pg_regress" "$build/regress" --without-postgis
