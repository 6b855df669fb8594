#!/bin/bash
# deb.sh [RELEASE]: packs the built extension (build/extension) as dist/postgresql-N-geocell_VERSION-RELEASE_ARCH.deb, and prints
# its path. RELEASE is Debian's revision, 1 if not given.
set -euo pipefail
cd "$(dirname "$0")/.."
release=${1:-1}
mkdir -p dist
log=build/extension/cpack.log
cpack --config build/extension/CPackConfig.cmake -G DEB -B build/extension/packages -D "CPACK_DEBIAN_PACKAGE_RELEASE=$release" >"$log" 2>&1 ||
  { cat "$log" >&2; exit 1; }
package=$(sed -n 's/^CPack: - package: \(.*\) generated\.$/\1/p' "$log")
cp "$package" dist/
echo "dist/${package##*/}"
