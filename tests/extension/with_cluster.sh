#!/bin/bash
# with_cluster.sh CLUSTER_DIR COMMAND [ARG...]: runs the command with the environment of the running private cluster.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
environment=$("$here/../../scripts/private_cluster.sh" env "$1")
eval "$environment"
shift
exec "$@"
