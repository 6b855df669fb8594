#!/bin/bash
# arm64_sysroot.sh [DIR]: unpacks Debian's arm64 libraries and headers that the Lambda needs into DIR
# (build/sysroot-arm64), for the cross compiler and the packager. Does nothing if they are there; remove DIR to fetch
# the current versions. DIR/packages.txt lists its contents.
#
# A separate folder instead of `dpkg --add-architecture`: the machine is not changed, root is not needed, and a library
# on this machine that lags behind the archive does no harm (Debian requires one version for both architectures).
# apt does the work, with separate state: it resolves the dependencies and checks the archive's signatures.
set -euo pipefail
cd "$(dirname "$0")/.."
sysroot=$(realpath -m "${1:-build/sysroot-arm64}")

# What core/ and lambda_bridge/ compile and link against; apt adds the dependencies.
packages=(libc6-dev libstdc++6 libs2-dev libabsl-dev libssl-dev libsimdjson-dev libcpp-httplib-dev nlohmann-json3-dev)

fail() { printf 'arm64 sysroot: %s\n' "$*" >&2; exit 1; }

wanted="${packages[*]}"
[ "$(cat "$sysroot/wanted.txt" 2>/dev/null)" != "$wanted" ] || exit 0
for tool in apt-get dpkg-deb; do
  command -v $tool >/dev/null || fail "$tool is missing: the arm64 libraries are fetched from Debian's archive with Debian's tools"
done

draft=$sysroot.draft
apt=$draft/apt
rm -rf "$draft"
mkdir -p "$apt"/{etc,state/lists/partial,cache/archives/partial} "$draft/root/usr/lib"
: >"$apt/status"

# The Debian mirrors that this machine uses, without any other sources it may have.
keys=/usr/share/keyrings/debian-archive-keyring.gpg
apt-get indextargets --format '$(ORIGIN) $(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' | sort -u |
  while read -r origin source; do
    [ "$origin" != Debian ] || echo "deb [arch=arm64 signed-by=$keys] $source"
  done >"$apt/etc/sources.list"
[ -s "$apt/etc/sources.list" ] || fail "apt has no Debian mirror; run as root: apt-get update"

cat >"$apt/apt.conf" <<END
APT::Architecture "arm64";
APT::Architectures { "arm64"; };
APT::Install-Recommends "false";
APT::Sandbox::User "$(id -un)";
Acquire::Languages "none";
Dir::Etc::sourcelist "$apt/etc/sources.list";
Dir::Etc::sourceparts "-";
Dir::State "$apt/state";
Dir::State::status "$apt/status";
Dir::Cache "$apt/cache";
END
run_apt() {  # run_apt ARGUMENT...
  APT_CONFIG=$apt/apt.conf apt-get -q "$@" >>"$draft/apt.log" 2>&1 || {
    cat "$draft/apt.log" >&2
    fail "apt-get $1 failed (its output is above)"
  }
}
run_apt update
run_apt install --yes --download-only "${packages[@]}"

# As in current Debian, /lib is in /usr.
ln -s usr/lib "$draft/root/lib"
for file in "$apt"/cache/archives/*.deb; do
  dpkg-deb --fsys-tarfile "$file" |
    tar -x -C "$draft/root" --keep-directory-symlink --exclude './usr/share/doc' --exclude './usr/share/man' --exclude './var' --exclude './etc'
  dpkg-deb --showformat '${Package} ${Version}\n' --show "$file"
done | sort >"$draft/root/packages.txt"
# Absolute links would lead to this machine's libraries.
find "$draft/root" -type l -lname '/*' -print0 | while IFS= read -r -d '' link; do
  ln -snfr "$draft/root$(readlink "$link")" "$link"
done

echo "$wanted" >"$draft/root/wanted.txt"
rm -rf "$sysroot"
mv "$draft/root" "$sysroot"
rm -rf "$draft"
