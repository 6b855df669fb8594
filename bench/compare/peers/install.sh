#!/bin/bash
# Fetches the peers that npm and PyPI have, and npm's countries, into build/bench-tools: pinned by version and hash in
# this folder. Does nothing when they are there.
set -euo pipefail
cd "$(dirname "$0")/../../.."
peers=bench/compare/peers
tools=build/bench-tools
stamp=$tools/$(cat "$peers"/package-lock.json "$peers"/requirements.txt "$peers"/install.sh | sha256sum | cut -c1-32)
[ ! -e "$stamp" ] || exit 0

for tool in node npm /usr/bin/python3; do
  command -v "$tool" >/dev/null ||
    { echo "the benchmarks' peers need $tool: apt-get install nodejs npm python3-venv" >&2; exit 1; }
done
echo "fetching the benchmarks' peers into $tools ..."
rm -rf "$tools"
mkdir -p "$tools"
/usr/bin/python3 -m venv "$tools/python"
"$tools/python/bin/pip" --quiet --disable-pip-version-check install --require-hashes --no-deps \
  --only-binary :all: -r "$peers/requirements.txt"
cp "$peers/package.json" "$peers/package-lock.json" "$tools/"
(cd "$tools" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >npm.log 2>&1) ||
  { cat "$tools/npm.log" >&2; exit 1; }
touch "$stamp"
