-- What postgres.sh measures in rounds: the forms of polyfill in SQL, each beside what it is held against. Needs `counties`.
SET client_min_messages = warning;

-- How long this backend has been on a processor: the first number of Linux's schedstat, which moves in steps of a clock
-- tick (4 ms). So what is measured is repeated until it takes long.
CREATE FUNCTION cpu_ns() RETURNS bigint LANGUAGE sql VOLATILE AS
$$ SELECT split_part(pg_read_file('/proc/self/schedstat', 0, 100), ' ', 1)::bigint $$;

-- As many numbers per county as it has cells.
ALTER TABLE counties ADD COLUMN cells bigint;
UPDATE counties SET cells = cardinality(quadbin_polyfill(geom, 14, 'intersects'));
VACUUM (ANALYZE, FREEZE) counties;

-- `beside`: the form that this one is held against; null: none. `query`: null where another program measures it.
CREATE TABLE forms (place serial, form text PRIMARY KEY, beside text, query text);
INSERT INTO forms (form, beside, query) VALUES
  ('generate_series in FROM', NULL, 'SELECT count(*) FROM counties, generate_series(1, cells)'),
  ('quadbin_polyfill_cells in FROM', 'generate_series in FROM',
   $$SELECT count(*) FROM counties, quadbin_polyfill_cells(geom, 14, 'intersects')$$),
  ('generate_series in SELECT', NULL, 'SELECT count(*) FROM (SELECT generate_series(1, cells) FROM counties) AS s'),
  ('quadbin_polyfill_cells in SELECT', 'generate_series in SELECT',
   $$SELECT count(*) FROM (SELECT quadbin_polyfill_cells(geom, 14, 'intersects') FROM counties) AS s$$),
  ('the core, array', NULL, NULL),
  ('quadbin_polyfill, the array', 'the core, array',
   $$SELECT sum(cardinality(quadbin_polyfill(geom, 14, 'intersects'))) FROM counties$$),
  ('unnest(quadbin_polyfill) in FROM', 'generate_series in FROM',
   $$SELECT count(*) FROM counties, unnest(quadbin_polyfill(geom, 14, 'intersects'))$$),
  ('the core, count', NULL, NULL),
  ('quadbin_polyfill_count', 'the core, count', $$SELECT sum(quadbin_polyfill_count(geom, 14, 'intersects')) FROM counties$$),
  ('the core, compact', NULL, NULL),
  ('quadbin_polyfill_compact (compact cells)', 'the core, compact',
   $$SELECT sum(cardinality(quadbin_polyfill_compact(geom, 14, 'intersects'))) FROM counties$$),
  ('the core, ranges', NULL, NULL),
  ('quadbin_polyfill_ranges (rows of ranges) in FROM', 'the core, ranges',
   $$SELECT count(*) FROM counties, quadbin_polyfill_ranges(geom, 14, 'intersects')$$);

CREATE TABLE timings (round integer, form text REFERENCES forms, cells bigint, ms double precision);

-- The CPU time of each form, repeated for a tenth of a second.
CREATE FUNCTION measure_forms(round integer) RETURNS void LANGUAGE plpgsql
SET jit = off SET max_parallel_workers_per_gather = 0 SET work_mem = '256MB' AS $$
DECLARE
  measured record;
  began bigint;
  ended bigint;
  counted bigint;
  repeats integer;
BEGIN
  FOR measured IN SELECT form, query FROM forms WHERE query IS NOT NULL ORDER BY place LOOP
    EXECUTE measured.query INTO counted;  -- reads the table and warms up
    began := cpu_ns();
    ended := began;
    repeats := 0;
    WHILE ended < began + 100000000 LOOP
      EXECUTE measured.query INTO counted;
      repeats := repeats + 1;
      ended := cpu_ns();
    END LOOP;
    INSERT INTO timings VALUES (round, measured.form, counted, (ended - began) / 1e6 / repeats);
  END LOOP;
END
$$;
