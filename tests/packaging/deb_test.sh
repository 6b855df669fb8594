#!/bin/bash
# The .deb in a Debian of its own: installs, works in a server, upgrades, removes, and leaves nothing. As root; the first run
# fetches Debian's base system and PostgreSQL (about 100 MB) and keeps them in build/deb-root.
set -euo pipefail
cd "$(dirname "$0")/../.."
fail() { printf 'deb_test: %s\n' "$*" >&2; exit 1; }
[ "$(id -u)" = 0 ] || fail "only root can run this (debootstrap, chroot)"

root=$PWD/build/deb-root
release=$(. /etc/os-release && echo "$VERSION_CODENAME")
mirror=$(awk '/^URIs:/ {print $2; exit} /^deb / {for (i = 2; i <= NF; i++) if ($i ~ /^https?:/) {print $i; exit}}' \
  /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list 2>/dev/null)
[ -n "$mirror" ] || fail "apt has no Debian mirror configured"

in_root() { chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"; }
# shellcheck disable=SC2329 # a trap calls it
finish() {
  in_root pg_ctlcluster 15 main stop >/dev/null 2>&1 || true
  umount "$root/proc" 2>/dev/null || true
}
trap finish EXIT

if [ ! -e "$root/ready" ]; then
  rm -rf "$root"
  debootstrap --variant=minbase --include=postgresql-15,ca-certificates "$release" "$root" "$mirror" >build/deb-root.log 2>&1 ||
    { tail -n 20 build/deb-root.log >&2; fail "debootstrap failed"; }
  for file in /etc/apt/apt.conf.d/* /etc/apt/sources.list.d/* /etc/apt/sources.list; do
    [ ! -f "$file" ] || cp "$file" "$root$file"
  done
  : >"$root/ready"
fi
mount -t proc proc "$root/proc"
in_root pg_lsclusters -h | grep -q '^15 main' || in_root pg_createcluster 15 main >/dev/null
in_root pg_ctlcluster 15 main start

packages=()
for revision in 1 2; do
  packages+=("$(scripts/deb.sh "$revision")")
  cp "${packages[-1]}" "$root/tmp/"
done
name=$(dpkg-deb --field "${packages[0]}" Package)
install() { in_root apt-get install -q -y --no-install-recommends "/tmp/${1##*/}" >"$root/apt.log" 2>&1 || { cat "$root/apt.log" >&2; fail "$1 does not install"; }; }
query() { in_root setpriv --reuid=postgres --regid=postgres --init-groups psql -XAtq -v ON_ERROR_STOP=1 -c "$1"; }
equal() { [ "$2" = "$3" ] || fail "$1: \"$2\"; should be \"$3\""; }
files() { (cd "$root" && find usr/lib/postgresql usr/share/postgresql usr/share/doc -path '*geocell*' | sort); }

in_root apt-get update -q >"$root/apt.log" 2>&1 || { cat "$root/apt.log" >&2; fail "apt-get update failed"; }
in_root apt-get purge -q -y "$name" >/dev/null 2>&1 || true
equal "files before" "$(files)" ""
install "${packages[0]}"
query 'DROP EXTENSION IF EXISTS geocell; CREATE EXTENSION geocell'
equal "a cell" "$(query 'SELECT quadbin_fromlonglat(-3.7038, 40.4168, 4)')" 5207251884775047167
equal "an S2 cell, which needs its library" "$(query "SELECT s2_totoken(s2_fromlonglat(-3.7038, 40.4168, 8))")" 0d423

install "${packages[1]}"
equal "revision after the upgrade" "$(in_root dpkg-query -W -f '${Version}' "$name")" "$(dpkg-deb --field "${packages[1]}" Version)"
equal "a cell after the upgrade" "$(query 'SELECT quadbin_fromlonglat(-3.7038, 40.4168, 4)')" 5207251884775047167
query 'ALTER EXTENSION geocell UPDATE; DROP EXTENSION geocell'

in_root apt-get remove -q -y "$name" >"$root/apt.log" 2>&1 || { cat "$root/apt.log" >&2; fail "$name is not removed"; }
equal "files after the removal" "$(files)" ""
equal "available extensions after the removal" "$(query "SELECT count(*) FROM pg_available_extensions WHERE name LIKE 'geocell%'")" 0
rm -f dist/*-2_*.deb
echo "$name installs, upgrades and removes cleanly in Debian $release"
