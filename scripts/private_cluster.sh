#!/bin/bash
# A private PostgreSQL that never touches the system's: its own data, its own socket, and a copy of the
# installation in which only our extension's files differ.
#
#   private_cluster.sh start  DIR [BUILD]   start or reuse it; with BUILD, (re)install that build's extension
#   private_cluster.sh stop   DIR           stop it and remove everything it made
#   private_cluster.sh status DIR           exit 0 if it runs
#   private_cluster.sh env    DIR           export lines for a shell: PGHOST PGPORT PGUSER PGDATABASE GEOCELL_PG_BINDIR
#   private_cluster.sh psql   DIR [ARG...]  psql in it
#   private_cluster.sh run    DIR BUILD -- COMMAND...   run COMMAND with a fresh one; exits with COMMAND's code
#
# PG_CONFIG names the PostgreSQL to copy (default: pg_config) when a cluster is made. PostgreSQL refuses to run as root, so root's cluster
# runs as user postgres (or nobody); when that user cannot reach DIR, the files go to a new folder in /var/tmp, and
# the output says so.
set -euo pipefail
umask 022
unset PGDATA PGOPTIONS PGSERVICE PGHOSTADDR PGHOST PGPORT PGUSER PGDATABASE PGPASSWORD

fail() { printf 'private_cluster: %s\n' "$*" >&2; exit 1; }
usage() { sed -n '5,10s/^# *//p' "$0" >&2; exit 2; }

[ $# -ge 2 ] || usage
verb=$1
dir=$(realpath -m -- "$2")
shift 2

# Where the files are: DIR/cluster, or the folder that DIR/elsewhere names.
home=$dir/cluster
[ ! -e "$dir/elsewhere" ] || home=$(cat "$dir/elsewhere")

# The folders of the PostgreSQL that it is a copy of. A cluster remembers them: whichever pg_config is on the path later, its own
# programs stop it.
find_installation() {
  if [ -e "$home/installation" ]; then
    { read -r bindir; read -r pkglibdir; read -r sharedir; } <"$home/installation"
    return
  fi
  local pg_config=${PG_CONFIG:-pg_config}
  command -v "$pg_config" >/dev/null || fail "$pg_config is not there; run scripts/setup.sh or set PG_CONFIG"
  bindir=$("$pg_config" --bindir)
  pkglibdir=$("$pg_config" --pkglibdir)
  sharedir=$("$pg_config" --sharedir)
}
find_installation
as_server=()
server_user=$(id -un)
if [ "$(id -u)" = 0 ]; then
  server_user=postgres
  id -u postgres >/dev/null 2>&1 || server_user=nobody
  as_server=(setpriv "--reuid=$server_user" "--regid=$(id -g "$server_user")" --clear-groups)
fi

socket_dir() { cat "$home/socket_dir"; }
running() {
  [ -e "$home/data/postmaster.pid" ] &&
    (cd / && "${as_server[@]}" "$home/pgroot$bindir/pg_ctl" -D "$home/data" status >/dev/null 2>&1)
}

own_folder() {  # own_folder PATH MODE: creates it, owned by the server's user
  mkdir -p "$1"
  chmod "$2" "$1"
  [ ${#as_server[@]} = 0 ] || chown "$server_user" "$1"
}

choose_home() {
  mkdir -p "$dir"
  own_folder "$home" 755
  (cd / && "${as_server[@]}" test -w "$home") && return
  rmdir "$home"
  home=$(mktemp -d /var/tmp/geocell-cluster-XXXXXX)
  own_folder "$home" 755
  echo "$home" >"$dir/elsewhere"
  echo "user $server_user cannot reach $dir: the cluster's files are in $home until it is stopped"
}

link_entries() {  # link_entries FROM TO: a folder of symbolic links, without what we install ourselves
  mkdir -p "$2"
  local entry
  for entry in "$1"/*; do
    case "${entry##*/}" in geocell*) continue ;; esac
    [ -e "$2/${entry##*/}" ] || ln -s "$entry" "$2/"
  done
}

# PostgreSQL finds its lib and share folders relative to the real path of its own program. The programs are therefore
# copied, and the folders around them, in the same relative locations, are links to the installed files.
make_pgroot() {
  local root=$home/pgroot
  printf '%s\n' "$bindir" "$pkglibdir" "$sharedir" >"$home/installation"
  mkdir -p "$root$bindir"
  cp -L "$bindir"/* "$root$bindir/"
  link_entries "$pkglibdir" "$root$pkglibdir"
  mkdir -p "$root$sharedir/extension"
  link_entries "$sharedir/extension" "$root$sharedir/extension"
  link_entries "$sharedir" "$root$sharedir"
}

# Uses a staging folder and rename, so that a backend that has the old library mapped keeps it intact.
install_extension() {
  local stage=$home/stage file
  [ -e "$1/cmake_install.cmake" ] || fail "$1 is not a build folder"
  rm -rf "$stage"
  { DESTDIR=$stage cmake --install "$1" --component extension &&
    DESTDIR=$stage cmake --install "$1" --component extension_test; } >"$home/install.log" ||
    { cat "$home/install.log" >&2; fail "installing the extension from $1 failed"; }
  [ -d "$stage" ] || fail "the build in $1 installs no extension"
  while IFS= read -r -d '' file; do
    mkdir -p "$home/pgroot${file%/*}"
    mv -f "$stage$file" "$home/pgroot$file"
  done < <(cd "$stage" && find . -type f -printf '/%P\0')
  rm -rf "$stage"
}

initialise() {
  own_folder "$home/data" 700
  (cd / && "${as_server[@]}" "$home/pgroot$bindir/initdb" -D "$home/data" -U postgres -A trust -E UTF8 \
    --locale=C.UTF-8 --no-sync) >"$home/initdb.log" 2>&1 || { cat "$home/initdb.log" >&2; fail "initdb failed"; }
  # A socket's path is limited to 107 bytes. Trust is safe: only the owner (and root) can enter the folder.
  local socket=$home/socket
  if [ ${#socket} -gt 85 ]; then
    socket=$(mktemp -d /tmp/geocell-socket-XXXXXX)
    echo "the socket is in $socket, because the path of $home is too long for one"
  fi
  own_folder "$socket" 700
  echo "$socket" >"$home/socket_dir"
  cat >>"$home/data/postgresql.conf" <<CONF
listen_addresses = ''
unix_socket_directories = '$socket'
port = 5432
fsync = off
synchronous_commit = off
full_page_writes = off
max_wal_size = 2GB
shared_buffers = 128MB
log_line_prefix = '%m [%p] '
CONF
}

start() {
  if ! running; then
    [ -e "$home" ] || choose_home
    [ -x "$home/pgroot$bindir/postgres" ] || make_pgroot
    [ -e "$home/socket_dir" ] || { rm -rf "$home/data"; initialise; }
    [ $# = 0 ] || install_extension "$1"
    : >>"$home/server.log"
    [ ${#as_server[@]} = 0 ] || chown "$server_user" "$home/server.log"
    (cd / && "${as_server[@]}" "$home/pgroot$bindir/pg_ctl" -D "$home/data" -l "$home/server.log" -w -s start) ||
      { tail -n 20 "$home/server.log" >&2; fail "the server does not start"; }
    echo "private PostgreSQL started (socket in $(socket_dir))"
  else
    [ $# = 0 ] || install_extension "$1"
    echo "private PostgreSQL is running (socket in $(socket_dir))"
  fi
}

stop() {
  if running; then
    (cd / && "${as_server[@]}" "$home/pgroot$bindir/pg_ctl" -D "$home/data" -m immediate -w -s stop)
  fi
  # What runs keeps its files: pg_ctl cannot tell of a server whose programs are gone.
  if [ -e "$home/data/postmaster.pid" ] && kill -0 "$(head -n 1 "$home/data/postmaster.pid")" 2>/dev/null; then
    fail "the server in $home/data, process $(head -n 1 "$home/data/postmaster.pid"), does not stop"
  fi
  local socket=
  [ ! -e "$home/socket_dir" ] || socket=$(socket_dir)
  case "$socket" in /tmp/geocell-socket-*) rm -rf "$socket" ;; esac
  case "$home" in
    "$dir/cluster" | /var/tmp/geocell-cluster-*) rm -rf "$home" ;;
    *) fail "$dir/elsewhere names $home, which is not a folder of ours" ;;
  esac
  rm -f "$dir/elsewhere"
  rmdir --ignore-fail-on-non-empty "$dir" 2>/dev/null || true
}

print_env() {
  [ -e "$home/socket_dir" ] || fail "no cluster in $dir; start it first"
  printf 'export PGHOST=%q PGPORT=5432 PGUSER=postgres PGDATABASE=postgres GEOCELL_PG_BINDIR=%q\n' \
    "$(socket_dir)" "$home/pgroot$bindir"
  echo 'unset PGOPTIONS PGSERVICE PGHOSTADDR PGPASSWORD PGDATA'
}

case "$verb" in
  start)
    [ $# -le 1 ] || usage
    start "$@"
    ;;
  stop)
    stop
    echo "private PostgreSQL stopped and removed"
    ;;
  status)
    running || { echo "not running"; exit 1; }
    echo "running (socket in $(socket_dir))"
    ;;
  env) print_env ;;
  psql)
    eval "$(print_env)"
    exec "$home/pgroot$bindir/psql" "$@"
    ;;
  run)
    { [ $# -ge 3 ] && [ "$2" = -- ]; } || usage
    build=$1
    shift 2
    stop
    home=$dir/cluster
    find_installation
    trap stop EXIT
    trap 'exit 130' INT TERM
    start "$build"
    eval "$(print_env)"
    code=0
    "$@" || code=$?
    if [ "$code" != 0 ]; then
      echo "exit code $code; the end of the server's log:" >&2
      tail -n 20 "$home/server.log" >&2
    fi
    exit "$code"
    ;;
  *) usage ;;
esac
