#!/bin/bash
# with_standin.sh DIR COMMAND [ARG...]: runs the command with the environment of the stand-in that runs in DIR.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
environment=$("$here/redshift_local.py" env --dir "$1")
eval "$environment"
export PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$here/../..  # the package `emulators`
unset PGOPTIONS PGSERVICE PGHOSTADDR PGPASSWORD
shift
exec "$@"
