#!/bin/bash
# examples.sh SCRIPT: runs the examples of the signature files in a new database of the environment's server.
set -euo pipefail
psql() { "$GEOCELL_PG_BINDIR/psql" --no-psqlrc --quiet --set=ON_ERROR_STOP=1 "$@"; }
psql --command='SET client_min_messages = warning' --command='DROP DATABASE IF EXISTS geocell_examples'
psql --command='CREATE DATABASE geocell_examples'
psql --dbname=geocell_examples --command='SET client_min_messages = warning' \
  --command='CREATE EXTENSION geocell_postgis CASCADE'
psql --dbname=geocell_examples --file="$1"
