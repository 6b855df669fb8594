#!/bin/bash
# demo.sh start: polyfills real countries in a private PostgreSQL; prints a table and writes a map to build/demo.
# demo.sh stop [--quiet]: stops it and removes its files. Called by `make demo` and `make demo-stop`.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=build/demo
page=$folder/geocell-demo.html
cluster() { local verb=$1; shift; scripts/private_cluster.sh "$verb" "$folder" "$@"; }
sql() { cluster psql -X -q -v ON_ERROR_STOP=1 -d demo "$@"; }
socket() { ( eval "$(cluster env)"; printf '%q' "$PGHOST" ); }
step() { printf -- '-- %s\n' "$*"; }

stop() {
  [ -e "$folder" ] || { [ "${1:-}" = --quiet ] || echo "the demo is not running"; return 0; }
  cluster stop >/dev/null
  rm -rf "$folder"
  echo "the demo's PostgreSQL is stopped; $folder is removed"
}

load() {
  local scale
  cluster psql -X -q -c 'SET client_min_messages = warning' -c 'DROP DATABASE IF EXISTS demo WITH (FORCE)' \
    -c 'CREATE DATABASE demo'
  sql -f demo/load.sql
  for scale in countries:50m coarse_countries:110m; do
    build/release/data/topojson_to_tsv "data/natural-earth/countries-${scale#*:}.json" |
      sql -c "\\copy ${scale%:*} from pstdin"
  done
}

measure() {
  local resolution
  sql -At -c "SELECT quadbin_polyfill(geom, 3) FROM countries LIMIT 1" >/dev/null
  for resolution in 3 4 5 6 7 8 9 10 11 12; do
    [ ! -t 1 ] || printf '   resolution %s\r' "$resolution"
    sql -At -v resolution=$resolution -f demo/measure.sql >/dev/null
  done
  [ ! -t 1 ] || printf '                 \r'
}

write_page() {
  { sed '/@DATA@/,$d' demo/page.html && sql -At -f demo/page.sql && sed '1,/@DATA@/d' demo/page.html; } >"$page.new"
  mv "$page.new" "$page"
}

start() {
  step "starting a private PostgreSQL in $folder"
  cluster start build/release
  step "CREATE EXTENSION geocell_postgis CASCADE; loading Natural Earth's countries"
  load
  step "polyfill of every country, three modes, resolutions 3 to 10"
  measure
  sql -P footer=off -v table_resolution=8 -f demo/report.sql
  step "table country_cells (resolution 7), and the map"
  sql -f demo/cells.sql
  write_page
  cat <<END

The map, for any browser; it needs no network:

  $PWD/$page

To try it yourself, open psql in the demo's database:

  psql -h $(socket) -U postgres -d demo

Good first queries:

  SELECT quadbin_fromlonglat(-3.7038, 40.4168, 4);
  SELECT name, cardinality(quadbin_polyfill(geom, 9, 'contains')) FROM countries ORDER BY 2 DESC LIMIT 5;
  SELECT name FROM country_cells WHERE cell = quadbin_fromlonglat(6.13, 49.61, 7);  -- what is near Luxembourg?
  SELECT count(*) FROM quadbin_polyfill_cells((SELECT geom FROM countries WHERE name = 'Fiji'), 12);
  SELECT ST_AsText(quadbin_boundary(5207251884775047167));

make demo-stop stops it and removes $folder.
END
}

case "${1:-}" in
  start) start ;;
  stop) shift; stop "$@" ;;
  *) echo "usage: demo.sh start|stop" >&2; exit 2 ;;
esac
