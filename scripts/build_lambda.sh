#!/bin/bash
# build_lambda.sh ARCHITECTURE: builds the zips that Lambda runs, dist/geocell-lambda-ARCHITECTURE.zip (functions of SQL
# engines) and dist/geocell-worker-ARCHITECTURE.zip (other events), and prints their contents. ARCHITECTURE is Lambda's name: x86_64 or arm64. This machine's is part of the release build; on other
# machines, arm64 is cross-compiled (with Debian's cross compiler and libraries, which are fetched the first time).
set -euo pipefail
cd "$(dirname "$0")/.."
architecture=$1
machine=$(uname -m)
[ "$machine" != aarch64 ] || machine=arm64

case $architecture in
  "$machine") preset=release sysroot= ;;
  arm64)
    preset=lambda-arm64 sysroot=build/sysroot-arm64
    scripts/setup.sh arm64
    scripts/arm64_sysroot.sh
    ;;
  x86_64) echo "arch=x86_64 can only be built on x86-64, and this machine is $machine; use arch=arm64" >&2; exit 1 ;;
  *) echo "arch=$architecture is not a Lambda architecture; use arch=x86_64 or arch=arm64" >&2; exit 1 ;;
esac

# To standard error: standard output is for the packages' contents.
scripts/build.sh release package_lambda >&2
scripts/build.sh $preset launcher stripped_bootstrap stripped_worker >&2
programs=build/$preset/lambda_bridge/package
for package in bootstrap:geocell-lambda worker:geocell-worker; do
  # shellcheck disable=SC2086 # none or one
  build/release/lambda_bridge/package/package_lambda "$programs/${package%:*}.stripped" $programs/launcher \
    "dist/${package#*:}-$architecture.zip" $sysroot
done
