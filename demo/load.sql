-- The demo's tables, in a fresh database. The caller fills them with COPY.
SET client_min_messages = warning;
CREATE EXTENSION geocell_postgis CASCADE;

CREATE TABLE countries (name text PRIMARY KEY, geom geometry NOT NULL);
COMMENT ON TABLE countries IS 'Natural Earth 4.1.0, 1:50 million; as in the file, valid or not';
CREATE TABLE coarse_countries (LIKE countries INCLUDING ALL);
COMMENT ON TABLE coarse_countries IS 'The same at 1:110 million: the background of the map';

-- The countries in the table on the terminal and on the map, in this order.
CREATE TABLE shown (place serial PRIMARY KEY, name text NOT NULL, remark text NOT NULL);
INSERT INTO shown (name, remark) VALUES
  ('Norway', 'fjords and islands'),
  ('Italy', 'two holes: San Marino and the Vatican'),
  ('Spain', 'islands far from the mainland'),
  ('Switzerland', 'no coast'),
  ('Greece', 'many small islands'),
  ('South Africa', 'one hole: Lesotho'),
  ('Chile', 'long and narrow'),
  ('Brazil', 'large and plain'),
  ('Japan', 'an arc of islands'),
  ('Indonesia', 'islands across 46 degrees'),
  ('New Zealand', 'islands on both sides of the antimeridian'),
  ('Fiji', 'one island lies across the antimeridian'),
  ('Russia', 'crosses the antimeridian'),
  ('Canada', 'the most vertices');

CREATE TABLE timings (name text, resolution integer, mode text, cells bigint, ms double precision,
                      PRIMARY KEY (name, resolution, mode));

-- Runs one polyfill and records how long it took.
CREATE FUNCTION measure(country text, shape geometry, resolution integer, mode text) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  began timestamptz := clock_timestamp();
  found bigint := coalesce(cardinality(quadbin_polyfill(shape, resolution, mode)), 0);
BEGIN
  INSERT INTO timings
  VALUES (country, resolution, mode, found, extract(epoch FROM clock_timestamp() - began) * 1000);
  RETURN found;
END
$$;
