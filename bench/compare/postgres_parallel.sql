-- What postgres.sh measures in turns: elapsed time, since the work is in several processes. The leader of a parallel query
-- takes part: on two processors two processes work when there are two workers and an idle leader.
CREATE TABLE copies AS SELECT copy, geom FROM counties, generate_series(1, 64) AS copy ORDER BY copy;
CREATE TABLE four_copies AS SELECT geom FROM copies WHERE copy <= 4;
ALTER TABLE copies SET (parallel_workers = 2);
ALTER TABLE four_copies SET (parallel_workers = 2);
VACUUM (ANALYZE, FREEZE) copies, four_copies;

CREATE TABLE parallel_forms (form text PRIMARY KEY, query text);
INSERT INTO parallel_forms VALUES
  ('the array, 64 times all counties', $$SELECT sum(cardinality(quadbin_polyfill(geom, 14, 'intersects'))) FROM copies$$),
  ('the count, 64 times', $$SELECT sum(quadbin_polyfill_count(geom, 14, 'intersects')) FROM copies$$),
  ('rows in FROM, 4 times', $$SELECT count(*) FROM four_copies, quadbin_polyfill_cells(geom, 14, 'intersects')$$);
-- In milliseconds; `sessions`: of two sessions at once that each do the whole work, which is what the machine has to give.
CREATE TABLE elapsed (form text, one double precision, two double precision, sessions double precision);

-- `workers`: 0 for one process.
CREATE FUNCTION elapsed_ms(measured text, workers integer) RETURNS double precision LANGUAGE plpgsql
SET jit = off SET work_mem = '256MB' SET parallel_setup_cost = 0 SET parallel_tuple_cost = 0
SET min_parallel_table_scan_size = 0 AS $$
DECLARE
  began timestamptz;
  counted bigint;
  query text := (SELECT f.query FROM parallel_forms AS f WHERE form = measured);
BEGIN
  PERFORM quadbin_polyfill_count(geom, 14) FROM counties LIMIT 1;  -- loads the library
  PERFORM set_config('max_parallel_workers_per_gather', workers::text, true);
  PERFORM set_config('parallel_leader_participation', (workers = 0)::text, true);
  began := clock_timestamp();
  EXECUTE query INTO counted;
  RETURN extract(epoch FROM clock_timestamp() - began) * 1000;
END
$$;
