#!/bin/sh
# Installs the Debian 12 packages that are missing; does nothing when they are all there.
#
#   setup.sh             what building, testing and the demo need; after it, nothing in this repository needs the network
#   setup.sh extension   what `make install` needs on a database server, and no more
#   setup.sh deb         the same, and what makes a Debian package of it
#   setup.sh test|bench|arm64|test-deb   the first, and what only those verbs need
set -eu

EXTENSION_PACKAGES="
  build-essential cmake ninja-build libs2-dev libabsl-dev libssl-dev nlohmann-json3-dev libyaml-cpp-dev libcli11-dev"

PACKAGES="
  build-essential cmake ninja-build ccache clang-format clang-tidy git pkg-config
  postgresql-common postgresql-15 postgresql-server-dev-15 postgresql-server-dev-all
  postgresql-plpython3-15 postgresql-15-postgis-3 postgresql-15-postgis-3-scripts postgis libpq-dev
  libs2-dev libabsl-dev libssl-dev libgeos-dev libgmp-dev nlohmann-json3-dev libyaml-cpp-dev libcli11-dev
  python3 python3-venv libgtest-dev libbenchmark-dev libsimdjson-dev libcpp-httplib-dev
  libarchive-dev libelf-dev"

say() { printf 'setup: %s\n' "$*" >&2; }

case "${1:-}" in
  extension | deb)
    PACKAGES=$EXTENSION_PACKAGES
    # The server's headers: those of the pg_config that is meant, where it is there.
    pg_config=${PG_CONFIG:-pg_config}
    headers=$("$pg_config" --includedir-server 2>/dev/null || true)
    if [ ! -e "${headers:-/nonexistent}/postgres.h" ]; then
      version=$("$pg_config" --version 2>/dev/null | sed 's/[^0-9]*\([0-9]*\).*/\1/')
      PACKAGES="$PACKAGES postgresql-server-dev-${version:-15}"
    fi
    [ "$1" != deb ] || PACKAGES="$PACKAGES dpkg-dev file"
    ;;
esac

# What only `make bench` needs (setup.sh bench) is looked for by what it is for: node often comes from elsewhere.
if [ "${1:-}" = bench ]; then
  command -v node >/dev/null || PACKAGES="$PACKAGES nodejs"
  command -v npm >/dev/null || PACKAGES="$PACKAGES npm"
  /usr/bin/python3 -c 'import ensurepip, venv' 2>/dev/null || PACKAGES="$PACKAGES python3-venv"
fi

# Only for `make test` (setup.sh test): tools that read container images, to check ours.
[ "${1:-}" != test ] || PACKAGES="$PACKAGES skopeo umoci"

# Only for the arm64 Lambda (setup.sh arm64): the cross compiler, and the emulator in which `make test-arm64` runs it.
# Both are additional packages; the libraries are not installed on this machine (scripts/arm64_sysroot.sh).
[ "${1:-}" != arm64 ] || PACKAGES="$PACKAGES g++-aarch64-linux-gnu qemu-user-static"

# What only `make test-deb` needs.
[ "${1:-}" != test-deb ] || PACKAGES="debootstrap"

# The names in PACKAGES that are not installed, on one line.
missing() {
  # shellcheck disable=SC2086 # the list is meant to split
  installed=" $(dpkg-query -W -f '${Package} ${db:Status-Status}\n' $PACKAGES 2>/dev/null |
    sed -n 's/ installed$//p' | tr '\n' ' ')"
  for package in $PACKAGES; do
    case "$installed" in
      *" $package "*) ;;
      *) printf '%s ' "$package" ;;
    esac
  done
}

if ! command -v dpkg-query >/dev/null; then
  say "this is not a Debian system; install the equivalents of these Debian 12 packages by hand, and set"
  say "PG_CONFIG to the pg_config of the PostgreSQL to build for:"
  # shellcheck disable=SC2086
  echo $PACKAGES >&2
  for tool in cmake ninja c++ "${PG_CONFIG:-pg_config}"; do
    command -v "$tool" >/dev/null || { say "$tool is missing"; exit 1; }
  done
  exit 0
fi

wanted=$(missing)
[ -n "$wanted" ] || exit 0
install="apt-get install -y --no-install-recommends $wanted"

if [ "$(id -u)" = 0 ]; then
  root=
elif command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
  root=sudo
  say "root is needed to install packages; asking sudo"
else
  say "packages are missing and only root can install them. As root, run:"
  echo "  apt-get update && $install" >&2
  exit 1
fi

# Debian's postgresql package creates and starts a cluster "main". We only need the programs, so tell it not to;
# an existing file is the owner's choice, and is kept.
conf=/etc/postgresql-common/createcluster.conf
case " $wanted" in *" postgresql-15 "*) brings_server=1 ;; *) brings_server= ;; esac
if [ -n "$brings_server" ] && [ ! -e "$conf" ]; then
  say "writing $conf (create_main_cluster = false), so that PostgreSQL's package starts no server"
  $root mkdir -p "${conf%/*}"
  echo 'create_main_cluster = false' | $root tee "$conf" >/dev/null
fi

apt_get() {
  # shellcheck disable=SC2086
  $root env DEBIAN_FRONTEND=noninteractive UCF_FORCE_CONFFOLD=1 apt-get -q -o Dpkg::Options::=--force-confold "$@"
}

say "installing: $wanted"
# shellcheck disable=SC2086
if ! apt-cache show $wanted >/dev/null 2>&1; then
  apt_get update
fi
# Package lists older than the archive name files that no longer exist: refresh them once and try again.
# shellcheck disable=SC2086
apt_get install -y --no-install-recommends $wanted || {
  apt_get update
  apt_get install -y --no-install-recommends $wanted
}
left=$(missing)
[ -z "$left" ] || { say "still missing: $left"; exit 1; }
