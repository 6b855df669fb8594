-- Run by bench/compare/joining, which fills `texts` with polygons and `places` with points. CPU time of the backend, not
-- parallel. Both ways find the points sorted by place: GiST's by PostGIS's Hilbert curve, ours by cell.
\pset footer off
SET client_min_messages = warning;
SET jit = off;
SET max_parallel_workers_per_gather = 0;
SET work_mem = '256MB';
SET maintenance_work_mem = '256MB';

CREATE FUNCTION cpu_ns() RETURNS bigint LANGUAGE sql VOLATILE AS
$$ SELECT split_part(pg_read_file('/proc/self/schedstat', 0, 100), ' ', 1)::bigint $$;

CREATE TABLE polygons AS SELECT id, ST_GeomFromGeoJSON(geojson) AS geom FROM texts;
CREATE TABLE points AS SELECT id, ST_SetSRID(ST_MakePoint(lng, lat), 4326) AS geom FROM places;
CREATE TABLE sorted_points AS SELECT id, geom FROM points ORDER BY geom;
VACUUM (ANALYZE, FREEZE) polygons, points, sorted_points;

CREATE TABLE timings (way text, step text, ms double precision);
-- `tests`: the calls of ST_Contains.
CREATE TABLE results (place serial, way text, rows bigint, differing bigint, tests bigint);

-- Runs a statement and notes what it took.
CREATE FUNCTION timed(way text, step text, statement text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE began bigint := cpu_ns();
BEGIN
  EXECUTE statement;
  INSERT INTO timings VALUES (way, step, (cpu_ns() - began) / 1e6);
END
$$;

-- `joined`: a query of pairs (polygon, point), whose rows are counted, `rounds` times.
CREATE FUNCTION timed_join(way text, joined text, rounds integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  FOR round IN 1..rounds LOOP
    PERFORM timed(way, 'join', format('SELECT count(*) FROM (%s) AS pairs', joined));
  END LOOP;
END
$$;

CREATE FUNCTION compare(way text, joined text, tests bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE TEMPORARY TABLE found AS %s', joined);
  INSERT INTO results (way, rows, differing, tests)
  SELECT way, (SELECT count(*) FROM found),
         (SELECT count(*) FROM (TABLE found EXCEPT ALL TABLE by_contains) AS more) +
         (SELECT count(*) FROM (TABLE by_contains EXCEPT ALL TABLE found) AS less), tests;
  DROP TABLE found;
END
$$;

CREATE FUNCTION join_by_contains(rounds integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM timed_join('ST_Contains', 'SELECT p.id AS polygon, q.id AS point FROM polygons p JOIN sorted_points q ON ST_Contains(p.geom, q.geom)',
                     rounds);
END
$$;

CREATE FUNCTION join_by_cells(resolution integer, rounds integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  way text := 'cells of resolution ' || resolution;
  joined text := 'SELECT r.id AS polygon, q.id AS point FROM polygon_ranges r JOIN point_cells q ON q.cell BETWEEN r.first AND r.last '
                 'JOIN polygons p ON p.id = r.id WHERE r.interior OR ST_Contains(p.geom, q.geom)';
BEGIN
  DROP TABLE IF EXISTS polygon_ranges, point_cells;
  PERFORM timed(way, 'polygons', format($sql$
    CREATE TABLE polygon_ranges AS SELECT p.id, r.first, r.last, r.interior FROM polygons p,
    quadbin_polyfill_ranges(p.geom, %s, 'intersects') AS r$sql$, resolution));
  PERFORM timed(way, 'polygons', 'ANALYZE polygon_ranges');
  PERFORM timed(way, 'points', format($sql$
    CREATE TABLE point_cells AS SELECT id, geom, quadbin_fromgeogpoint(geom, %s) AS cell FROM points ORDER BY cell$sql$, resolution));
  PERFORM timed(way, 'points', 'CREATE INDEX ON point_cells (cell)');
  PERFORM timed(way, 'points', 'ANALYZE point_cells');
  PERFORM timed_join(way, joined, rounds);
  PERFORM compare(way, joined,
                  (SELECT count(*) FROM polygon_ranges r JOIN point_cells q ON q.cell BETWEEN r.first AND r.last WHERE NOT r.interior));
END
$$;

\o /dev/null
SELECT timed('ST_Contains', 'points', 'CREATE TABLE again AS SELECT id, geom FROM points ORDER BY geom');
SELECT timed('ST_Contains', 'points', 'CREATE INDEX ON sorted_points USING gist (geom)');
CREATE TABLE by_contains AS SELECT p.id AS polygon, q.id AS point FROM polygons p JOIN sorted_points q ON ST_Contains(p.geom, q.geom);
INSERT INTO results (way, rows, differing, tests)
SELECT 'ST_Contains', (SELECT count(*) FROM by_contains), 0,
       (SELECT count(*) FROM polygons p JOIN sorted_points q ON q.geom @ p.geom);
-- The two ways take turns.
SELECT join_by_contains(:rounds), join_by_cells(resolution, :rounds) FROM unnest(:'resolutions'::integer[]) AS resolution;
\o
\pset title :title': CPU time in ms; of the joins the middle one'
SELECT r.way, r.rows, r.differing, r.tests, s.polygons, s.points, s.join, round((contains.ms / s.join)::numeric, 1) AS times_faster
FROM results AS r,
  LATERAL (SELECT round(sum(ms) FILTER (WHERE step = 'polygons')) AS polygons, round(sum(ms) FILTER (WHERE step = 'points')) AS points,
                  round(percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) FILTER (WHERE step = 'join')) AS join
           FROM timings AS t WHERE t.way = r.way) AS s,
  (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) AS ms FROM timings WHERE step = 'join' AND way = 'ST_Contains') AS contains
ORDER BY r.place;
