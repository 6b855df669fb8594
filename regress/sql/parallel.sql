-- PARALLEL SAFE in practice: parallel workers on a table of a million points return the same as one process.
SELECT count(*) FILTER (WHERE proparallel <> 's' AND proname <> 'geocell_cells_support') AS not_parallel_safe
FROM pg_proc WHERE probin LIKE '%geocell%';

CREATE TABLE million AS
SELECT -179.9 + (i % 1000) * 0.36 AS lng, -80 + (i / 1000) * 0.16 AS lat FROM generate_series(0, 999999) AS i;
ALTER TABLE million SET (parallel_workers = 2);
ANALYZE million;

SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;

SET max_parallel_workers_per_gather = 0;
CREATE TEMP TABLE serial AS
SELECT sum(quadbin_fromlonglat(lng, lat, 20)) AS quadbin, sum(s2_fromlonglat(lng, lat, 20)) AS s2,
       sum(cardinality(quadbin_kring(quadbin_fromlonglat(lng, lat, 20), 1))) AS kring FROM million;

SET max_parallel_workers_per_gather = 2;
EXPLAIN (COSTS OFF)
SELECT sum(quadbin_fromlonglat(lng, lat, 20)), sum(s2_fromlonglat(lng, lat, 20)) FROM million;

CREATE TEMP TABLE parallel AS
SELECT sum(quadbin_fromlonglat(lng, lat, 20)) AS quadbin, sum(s2_fromlonglat(lng, lat, 20)) AS s2,
       sum(cardinality(quadbin_kring(quadbin_fromlonglat(lng, lat, 20), 1))) AS kring FROM million;
SELECT serial = parallel AS same, parallel.kring = 9 * 1000000 AS nine_each FROM serial, parallel;

-- workers were launched
CREATE FUNCTION pg_temp.workers_launched(query text) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE plan json;
BEGIN
  EXECUTE 'EXPLAIN (ANALYZE, FORMAT JSON) ' || query INTO plan;
  RETURN (regexp_match(plan::text, '"Workers Launched": (\d+)'))[1];
END $$;
SELECT pg_temp.workers_launched('SELECT sum(quadbin_fromlonglat(lng, lat, 20)) FROM million') > 0 AS launched;
-- and for geometries, polyfilled in the workers
SELECT pg_temp.workers_launched('SELECT sum(cardinality(quadbin_polyfill(ST_Expand(ST_MakePoint(lng, lat), 1), 6))) '
                                'FROM million WHERE lng < -178') > 0 AS launched;

-- the quarters of the world contain as many points as plain arithmetic says
SELECT quadbin_toquadkey(quadbin_fromlonglat(lng, lat, 1)) AS quadkey, count(*),
       count(*) FILTER (WHERE (lng >= 0) = (quadbin_toquadkey(quadbin_fromlonglat(lng, lat, 1)) IN ('1', '3'))
                          AND (lat > 0) = (quadbin_toquadkey(quadbin_fromlonglat(lng, lat, 1)) IN ('0', '1'))) AS right_side
FROM million GROUP BY 1 ORDER BY 1;
DROP TABLE million;
