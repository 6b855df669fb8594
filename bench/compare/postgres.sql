-- The tables that postgres.sh prints, after its rounds (postgres_forms.sql).
\pset footer off
SET jit = off;
SET max_parallel_workers_per_gather = 0;
SET work_mem = '256MB';

-- What is held against each other was measured in the same rounds: the ratio is the middle one of the rounds' ratios.
\pset title 'In the plan: CPU time of the backend, no parallel workers; of the core, in a program of its own'
SELECT f.form, max(t.cells) AS rows, round((percentile_cont(0.5) WITHIN GROUP (ORDER BY t.ms))::numeric, 1) AS ms,
       round((percentile_cont(0.5) WITHIN GROUP (ORDER BY t.ms * 1e6 / t.cells))::numeric, 1) AS ns_per_row,
       round((percentile_cont(0.5) WITHIN GROUP (ORDER BY t.ms / b.ms))::numeric, 2) AS ratio, f.beside AS to
FROM forms AS f JOIN timings AS t USING (form) LEFT JOIN timings AS b ON b.form = f.beside AND b.round = t.round
GROUP BY f.place, f.form, f.beside ORDER BY f.place;

\if :everything

-- Storing arrays: TOAST compresses them with pglz unless told otherwise.
CREATE TABLE stored_pglz (cells bigint[] COMPRESSION pglz);
CREATE TABLE stored_external (cells bigint[]);
ALTER TABLE stored_external ALTER cells SET STORAGE EXTERNAL;
SELECT EXISTS (SELECT FROM pg_settings WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)) AS has_lz4 \gset
\if :has_lz4
  CREATE TABLE stored_lz4 (cells bigint[] COMPRESSION lz4);
\endif
CREATE TABLE storing (storage text, ms double precision, bytes bigint, read_ms double precision);
-- The best of `runs`.
CREATE FUNCTION store(storage text, stored regclass, runs integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  began bigint;
  written double precision := 'Infinity';
  reading double precision := 'Infinity';
  total bigint;
BEGIN
  FOR run IN 1..runs LOOP
    EXECUTE format('TRUNCATE %s', stored);
    began := cpu_ns();
    EXECUTE format('INSERT INTO %s SELECT quadbin_polyfill(geom, 14, ''intersects'') FROM counties', stored);
    written := least(written, (cpu_ns() - began) / 1e6);
    began := cpu_ns();
    EXECUTE format('SELECT sum(cardinality(cells)) FROM %s', stored) INTO total;
    reading := least(reading, (cpu_ns() - began) / 1e6);
  END LOOP;
  INSERT INTO storing VALUES (storage, written, pg_total_relation_size(stored), reading);
END
$$;
\o /dev/null
SELECT store('pglz (the default)', 'stored_pglz', :runs);
\if :has_lz4
  SELECT store('lz4', 'stored_lz4', :runs);
\endif
SELECT store('EXTERNAL (not compressed)', 'stored_external', :runs);
\o
\pset title 'Storing the arrays of all counties: CPU time, producing them included'
SELECT storage, round(ms::numeric) AS ms, round((ms * 1e6 / cells)::numeric, 1) AS ns_per_cell,
       round(bytes::numeric / cells, 2) AS bytes_per_cell, round((read_ms * 1e6 / cells)::numeric, 1) AS reading_ns_per_cell
FROM storing, (SELECT sum(cells) AS cells FROM counties) AS c ORDER BY 2 DESC;

\pset title 'Parallel: elapsed time, which other work on the machine lengthens'
SELECT form, round(min(one)::numeric) AS ms_one_process, round(min(two)::numeric) AS ms_two_workers,
       round((percentile_cont(0.5) WITHIN GROUP (ORDER BY one / two))::numeric, 2) AS speedup,
       round(max(one / two)::numeric, 2) AS best_speedup,
       round((percentile_cont(0.5) WITHIN GROUP (ORDER BY 2 * one / sessions))::numeric, 2) AS of_two_sessions
FROM elapsed GROUP BY form ORDER BY form;

-- Refusing and counting what no array holds; the best of nine, elapsed.
\pset title 'The whole world at resolution 26'
CREATE FUNCTION refusal(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  began timestamptz;
  best numeric := 'Infinity';
  message text := 'answered';
BEGIN
  FOR run IN 1..9 LOOP
    BEGIN
      began := clock_timestamp();
      EXECUTE query;
    EXCEPTION WHEN program_limit_exceeded THEN
      best := least(best, round((extract(epoch FROM clock_timestamp() - began) * 1000)::numeric, 3));
      message := sqlerrm;
    END;
  END LOOP;
  RETURN best || ' ms: ' || message;
END
$$;
SELECT refusal($$SELECT quadbin_polyfill('POLYGON((-180 -90,180 -90,180 90,-180 90,-180 -90))'::geometry, 26)$$) AS array_form;
SELECT EXISTS (SELECT FROM pg_proc WHERE proname = 'quadbin_polyfill_count') AS has_count \gset
\if :has_count
  SELECT quadbin_polyfill_count('POLYGON((-180 -90,180 -90,180 90,-180 90,-180 -90))'::geometry, 26);
\endif

\endif
