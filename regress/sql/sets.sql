-- Set-returning functions: streaming, wherever SQL allows a set; and the planner's row estimates.
\set madrid 5207251884775047167
\set world 5192650370358181887
\set VERBOSITY terse

-- the same cells as the arrays
SELECT ARRAY(SELECT quadbin_tochildren_cells(:madrid, 7)) = quadbin_tochildren(:madrid, 7) AS children,
       ARRAY(SELECT quadbin_kring_cells(:madrid, 3)) = quadbin_kring(:madrid, 3) AS kring,
       ARRAY(SELECT quadbin_uncompact_cells(ARRAY[:madrid], 7)) = quadbin_uncompact(ARRAY[:madrid], 7) AS uncompact,
       ARRAY(SELECT quadbin_polyfill_cells('POLYGON((0 0,9 0,9 9,0 0))', 7)) =
         quadbin_polyfill('POLYGON((0 0,9 0,9 9,0 0))', 7) AS polyfill,
       ARRAY(SELECT s2_tochildren_cells(1152921504606846976, 3)) = s2_tochildren(1152921504606846976, 3) AS s2_children,
       ARRAY(SELECT s2_polyfill_cells('POLYGON((0 0,9 0,9 9,0 0))', 7)) =
         s2_polyfill('POLYGON((0 0,9 0,9 9,0 0))', 7) AS s2_polyfill;

-- streaming: the first cells of 4,503,599,627,370,496, at once
SET statement_timeout = '10s';
SELECT quadbin_tochildren_cells(:world, 26) LIMIT 3;
SELECT count(*) FROM (SELECT quadbin_polyfill_cells('POLYGON((-180 -90,180 -90,180 90,-180 90,-180 -90))', 26) LIMIT 100000) AS s;
SELECT count(*), count(DISTINCT cell) FROM (SELECT s2_polyfill_cells('POLYGON((0 0,90 0,0 90,0 0))', 30, 'intersects') AS cell LIMIT 10000) AS s;
RESET statement_timeout;

-- as a table, correlated, several in one select list, nested
SELECT count(*), count(DISTINCT cell) FROM quadbin_tochildren_cells(:world, 6) AS cell;
SELECT z, count(*) FROM generate_series(0, 4) AS z, quadbin_tochildren_cells(:world, z) GROUP BY z ORDER BY z;
SELECT z, (SELECT count(*) FROM quadbin_kring_cells(quadbin_fromzxy(z, 1, 1), 1)) FROM generate_series(1, 3) AS z;
SELECT quadbin_tochildren_cells(:madrid, 5) AS cell, quadbin_kring_cells(:world, 5) AS shorter;
SELECT count(*) FROM (SELECT quadbin_tochildren_cells(quadbin_tochildren_cells(:madrid, 5), 6)) AS s;

-- rescans, a scrolling cursor, a set that is abandoned in the middle
SELECT a.n, b.cell FROM generate_series(1, 2) AS a (n), LATERAL (SELECT quadbin_tochildren_cells(:madrid, 5) AS cell LIMIT a.n) AS b;
BEGIN;
DECLARE walk SCROLL CURSOR FOR SELECT quadbin_tochildren_cells(:madrid, 5);
FETCH 2 FROM walk;
FETCH BACKWARD 1 FROM walk;
FETCH 3 FROM walk;
CLOSE walk;
DECLARE given_up CURSOR FOR SELECT quadbin_tochildren_cells(:world, 26);
FETCH 1 FROM given_up;
ROLLBACK;

-- abandoned in the middle, and restarted with other arguments: the same state is used
SELECT a.n, b.cell = quadbin_fromzxy(3, 2 * a.n + b.at % 2, b.at / 2) AS own
FROM generate_series(0, 2) AS a (n),
     LATERAL (SELECT quadbin_tochildren_cells(quadbin_fromzxy(2, a.n, 0), 3) AS cell, generate_series(0, 3) AS at LIMIT a.n + 1) AS b;
SELECT a.n, b.r = row(quadbin_fromzxy(2, a.n, 0), quadbin_fromzxy(2, a.n, 0), false)::text AS own
FROM generate_series(0, 2) AS a (n),
     LATERAL (SELECT quadbin_polyfill_ranges(ST_Point(90 * a.n - 179, 80), 2, 'intersects')::text AS r LIMIT 1) AS b;
WITH RECURSIVE down (cell, z) AS (
  VALUES (:world::bigint, 0) UNION ALL (SELECT quadbin_tochildren_cells(cell, z + 1), z + 1 FROM down WHERE z < 4 LIMIT 50))
SELECT z, count(*), count(DISTINCT cell) FROM down GROUP BY z ORDER BY z;
-- errors in the middle leave the session unchanged
DO $$
DECLARE caught integer := 0; cells bigint;
BEGIN
  FOR i IN 1..20 LOOP
    BEGIN
      PERFORM 1 / (quadbin_resolution(cell) - 9) FROM (SELECT quadbin_tochildren_cells(5207251884775047167, 9) AS cell) AS s;
    EXCEPTION WHEN division_by_zero THEN
      caught := caught + 1;
    END;
    SELECT count(*) INTO cells FROM (SELECT quadbin_tochildren_cells(5207251884775047167, 9)) AS s;
  END LOOP;
  RAISE NOTICE 'caught %, then % cells', caught, cells;
END $$;

-- prepared, run twice
PREPARE children (bigint, integer) AS SELECT count(*) FROM quadbin_tochildren_cells($1, $2);
EXECUTE children (:world, 4);
EXECUTE children (:madrid, 6);

-- NULL in: no rows
SELECT count(*) FROM quadbin_tochildren_cells(NULL, 4);
SELECT quadbin_polyfill_cells('POINT(0 0)', NULL);

-- errors
SELECT quadbin_tochildren_cells(12, 4);
SELECT * FROM quadbin_kring_cells(:madrid, -1);
SELECT quadbin_polyfill_cells('POINT(0 0', 4);
-- the second set fails when the first is half read
SELECT quadbin_tochildren_cells(:madrid, 5), quadbin_tochildren_cells(:madrid, 3);

-- the planner's row estimates
CREATE FUNCTION pg_temp.planned_rows(query text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE plan json;
BEGIN
  EXECUTE 'EXPLAIN (FORMAT JSON) ' || query INTO plan;
  RETURN plan #>> '{0,Plan,Plan Rows}';
END $$;
SELECT query, pg_temp.planned_rows(query)
FROM (VALUES ('SELECT * FROM quadbin_tochildren_cells(5207251884775047167, 9)'),
             ('SELECT quadbin_tochildren_cells(5207251884775047167, 6)'),
             ('SELECT * FROM quadbin_tochildren_cells(12, 9)'),
             ('SELECT * FROM quadbin_kring_cells(quadbin_fromzxy(20, 5, 5), 10)'),
             ('SELECT * FROM quadbin_kring_cells(5207251884775047167, 1000)'),
             ('SELECT * FROM quadbin_uncompact_cells(ARRAY[5207251884775047167], 6)'),
             ('SELECT * FROM s2_tochildren_cells(1152921504606846976)'),
             ('SELECT * FROM s2_tochildren_cells(1152921504606846976, 3)'),
             -- unknown at planning time, or invalid: the declared number
             ('SELECT * FROM quadbin_tochildren_cells((random() * 10)::bigint, 9)'),
             ('SELECT * FROM quadbin_polyfill_cells(''garbage'', 9)'),
             ('SELECT * FROM quadbin_polyfill_cells(''POINT(0 0)'', 9, ''touches'')')) AS q (query);
-- polyfill: within a tenth of the actual number for a simple shape, in each form and mode
SELECT form, mode,
       abs(pg_temp.planned_rows(format('SELECT * FROM quadbin_polyfill_cells(%L::%s, 9, %L)', geom, form, mode)) /
           cardinality(quadbin_polyfill(ST_GeomFromText('POLYGON((0 -20,40 -20,40 20,0 20,0 -20))'), 9, mode))::float8 - 1) < 0.1
         AS near
FROM (VALUES ('text', 'POLYGON((0 -20,40 -20,40 20,0 20,0 -20))'),
             ('bytea', ST_AsBinary('POLYGON((0 -20,40 -20,40 20,0 20,0 -20))'::geometry)::text),
             ('geometry', 'POLYGON((0 -20,40 -20,40 20,0 20,0 -20))')) AS f (form, geom),
     (VALUES ('center'), ('intersects'), ('contains')) AS m (mode);
