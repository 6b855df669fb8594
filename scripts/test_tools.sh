#!/bin/bash
# Fetches the tools that only the tests need into build/tools, from package registries, pinned by version and hash.
# Does nothing if they are there. Needs the network the first time.
#
#   python/   a Python environment with the packages of test_tools.txt
#
# To add a tool, add a function below and a line at the end.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
tools=$(realpath -m "$here/../build/tools")

say() { printf 'test tools: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

# Runs COMMAND unless it has already run for the same contents of FILE.
once() {  # once NAME FILE COMMAND...
  local stamp=$tools/$1.stamp wanted
  wanted=$(sha256sum <"$2")
  [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ] || return 0
  rm -f "$stamp"
  mkdir -p "$tools"
  "${@:3}" || fail "cannot create $1 in $tools: it is fetched from a package registry, for Debian 12 on x86-64 (see the message above)"
  printf '%s\n' "$wanted" >"$stamp"
}

python_packages() {
  local python=/usr/bin/python3
  [ -x "$python" ] || python=python3
  say "fetching the Python packages of scripts/test_tools.txt"
  rm -rf "$tools/python"
  "$python" -m venv "$tools/python" &&
    "$tools/python/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
      --requirement "$here/test_tools.txt"
}

once python "$here/test_tools.txt" python_packages
