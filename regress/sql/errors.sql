-- Bad input: each kind raises its own error with the right SQLSTATE, for every form of geometry; none ends the session.
\set madrid 5207251884775047167
\set world 5192650370358181887
\pset format unaligned
\pset tuples_only on
\pset fieldsep ' => '

-- Returns the outcome of a statement: SQLSTATE and message, or its value.
CREATE FUNCTION pg_temp.outcome(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE value text;
BEGIN
  EXECUTE statement INTO value;
  RETURN coalesce(value, 'NULL');
EXCEPTION WHEN OTHERS THEN
  RETURN SQLSTATE || ': ' || SQLERRM;
END $$;
CREATE FUNCTION pg_temp.show(VARIADIC calls text[]) RETURNS TABLE (call text, outcome text) LANGUAGE sql AS
$$ SELECT call, pg_temp.outcome('SELECT ' || call) FROM unnest(calls) WITH ORDINALITY AS c (call, i) ORDER BY i $$;

-- NULL is not an error
SELECT * FROM pg_temp.show('quadbin_polyfill(NULL::text, 4)', 'quadbin_polyfill(NULL::bytea, 4)',
  'quadbin_polyfill(NULL::geometry, 4)', 'quadbin_polyfill(''POINT(0 0)'', NULL)', 'quadbin_fromlonglat(NULL, NULL, NULL)',
  'quadbin_isvalid(NULL)', 's2_isvalid(NULL)', 's2_fromtoken(NULL)');

-- resolutions
SELECT * FROM pg_temp.show('quadbin_fromlonglat(0, 0, -1)', 'quadbin_fromlonglat(0, 0, 27)',
  'quadbin_polyfill(''POINT(0 0)'', -1)', 'quadbin_polyfill(''POINT(0 0)'', 27)', 'quadbin_polyfill(''POINT(0 0)''::geometry, 27)',
  'quadbin_toparent(5207251884775047167, -1)', 'quadbin_tochildren(5207251884775047167, 27)',
  'quadbin_tochildren(5207251884775047167, 2147483647)', 'quadbin_fromzxy(27, 0, 0)', 'quadbin_fromzxy(-1, 0, 0)',
  's2_fromlonglat(0, 0, -1)', 's2_fromlonglat(0, 0, 31)');

-- ids: zero, extremes, another mode, a wrong header, unused bits that are not 1, resolution 27
SELECT * FROM pg_temp.show('quadbin_resolution(0)', 'quadbin_resolution(-1)', 'quadbin_resolution(9223372036854775807)',
  'quadbin_resolution((-9223372036854775807 - 1)::bigint)', 'quadbin_resolution(5207251884775047166)',
  'quadbin_tozxy(5309743960669814784)', 'quadbin_toparent(12, 3)', 'quadbin_kring(12, 1)', 'quadbin_bbox(12)',
  'quadbin_boundary(12)', 'quadbin_center(12)', 'quadbin_area(12)', 'quadbin_range(12, 5)', 'quadbin_sibling(12, ''up'')',
  'quadbin_distance(12, 5207251884775047167)', 'quadbin_compact(ARRAY[12])', 'quadbin_compact(ARRAY[NULL]::bigint[])',
  's2_resolution(0)', 's2_resolution(-1)', 's2_boundary(2)');

-- NaN and infinities
SELECT * FROM pg_temp.show('quadbin_fromlonglat(''NaN'', 0, 4)', 'quadbin_fromlonglat(0, ''NaN'', 4)',
  'quadbin_fromlonglat(''Infinity'', 0, 4)', 'quadbin_fromlonglat(0, ''-Infinity'', 4)', 's2_fromlonglat(''NaN'', 0, 4)',
  'quadbin_polyfill(''POINT(nan 0)'', 4)', 'quadbin_polyfill(''POINT(0 1e999)'', 4)',
  'quadbin_polyfill(ST_MakePoint(''NaN'', 0), 4)', 'quadbin_polyfill(ST_MakePoint(0, ''-Infinity''), 4)',
  'quadbin_polyfill(ST_AsBinary(ST_MakeLine(ST_MakePoint(0, 0), ST_MakePoint(''NaN'', 1))), 4)');

-- truncated WKB, and WKB that claims 4 billion points, rings, members
SELECT * FROM pg_temp.show('quadbin_polyfill(''\x''::bytea, 4)', 'quadbin_polyfill(''\x01''::bytea, 4)',
  'quadbin_polyfill(''\x0101''::bytea, 4)', 'quadbin_polyfill(''\x0101000000''::bytea, 4)',
  'quadbin_polyfill(''\x010100000000000000000000000000''::bytea, 4)',
  'quadbin_polyfill(''\x0102000000ffffffff''::bytea, 4)', 'quadbin_polyfill(''\x0103000000ffffffff''::bytea, 4)',
  'quadbin_polyfill(''\x010300000001000000ffffffff''::bytea, 4)', 'quadbin_polyfill(''\x0106000000ffffffff''::bytea, 4)',
  'quadbin_polyfill(''\x0107000000ffffffff''::bytea, 4)', 'quadbin_polyfill(''\x0501000000''::bytea, 4)',
  'quadbin_polyfill(''\x0108000000''::bytea, 4)', 'quadbin_polyfill(''\x01ff000000''::bytea, 4)',
  'quadbin_polyfill(''0102000000FFFFFFFF'', 4)');
-- every prefix of valid WKB is truncated WKB
SELECT pg_temp.outcome(format('SELECT quadbin_polyfill(%L::bytea, 4)', substring(wkb FOR length))) LIKE '22P03: %', count(*)
FROM ST_AsBinary('POLYGON((0 0,1 0,1 1,0 1,0 0))'::geometry) AS wkb, generate_series(0, octet_length(wkb) - 1) AS length
GROUP BY 1;

-- rings
SELECT * FROM pg_temp.show('quadbin_polyfill(''POLYGON((0 0,1 0,1 1,0 1))'', 4)', 'quadbin_polyfill(''POLYGON((0 0,1 0,0 0))'', 4)',
  'quadbin_polyfill(''{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1]]]}'', 4)',
  'quadbin_polyfill(''\x01030000000100000002000000000000000000000000000000000000000000000000000000000000000000f03f''::bytea, 4)',
  'quadbin_polyfill(''LINESTRING(0 0)'', 4)');

-- modes and directions
SELECT * FROM pg_temp.show('quadbin_polyfill(''POINT(0 0)'', 4, ''touches'')', 'quadbin_polyfill(''POINT(0 0)'', 4, ''CENTER'')',
  'quadbin_polyfill(''POINT(0 0)'', 4, '''')', 'quadbin_polyfill(''POINT(0 0)''::geometry, 4, ''touches'')',
  's2_polyfill(''POINT(0 0)'', 4, ''touches'')', 'quadbin_sibling(5207251884775047167, ''north'')');

-- garbage text, including long and non-ASCII text
SELECT * FROM pg_temp.show('quadbin_polyfill('''', 4)', 'quadbin_polyfill(''garbage'', 4)', 'quadbin_polyfill(''POINT(a b)'', 4)',
  'quadbin_polyfill(''POINT(1 2'', 4)', 'quadbin_polyfill(''POINT(1 2) x'', 4)', 'quadbin_polyfill(''{"type":"Point"}'', 4)',
  'quadbin_polyfill(''{'', 4)', 'quadbin_polyfill(''00zz'', 4)', 'quadbin_fromquadkey(''4'')',
  'quadbin_fromquadkey(repeat(''0'', 27))', '__quadbin_string_toint(''xyz'')', 's2_fromtoken(''not a token'')',
  's2_fromtoken('''')', 's2_fromuint64repr(''18446744073709551616'')', 's2_fromhilbertquadkey(''0'')',
  'quadbin_sibling(5207251884775047167, ''señal\n'')', 'quadbin_polyfill(repeat(''é'', 1000), 4)',
  'quadbin_polyfill(repeat(''GEOMETRYCOLLECTION('', 1000), 4)');

-- too many cells for an array
SELECT * FROM pg_temp.show('quadbin_tochildren(5192650370358181887, 26)', 'quadbin_kring(quadbin_fromzxy(26, 0, 0), 2147483647)',
  's2_tochildren(1152921504606846976, 30)', 'quadbin_uncompact(ARRAY[5192650370358181887], 26)',
  'quadbin_kring_distances(quadbin_fromzxy(26, 40000000, 40000000), 10000)');
-- the number of cells found before it stopped is an implementation detail
SELECT call, regexp_replace(outcome, 'at least [0-9]{9,}', 'at least N') FROM pg_temp.show(
  'quadbin_polyfill(''POLYGON((-180 -85,180 -85,180 85,-180 85,-180 -85))'', 26)');

-- a long call stops promptly: a country with a jagged coast, and the world as a set, both at resolution 26
SELECT ST_AsText(ST_MakePolygon(ST_AddPoint(line, ST_StartPoint(line)))) AS country
FROM (SELECT ST_MakeLine(ST_MakePoint(10 + (4 + i % 2) * cosd(i * 0.018), 45 + (4 + i % 2) * sind(i * 0.018)) ORDER BY i) AS line
      FROM generate_series(0, 19999) AS i) AS coast \gset
CREATE TEMP TABLE started AS SELECT clock_timestamp() AS at;
SET statement_timeout = '100ms';
SELECT cardinality(quadbin_polyfill(:'country', 26, 'intersects'));
\echo :LAST_ERROR_SQLSTATE
SELECT count(*) FROM (SELECT quadbin_polyfill_cells(:'country', 26, 'intersects')) AS cells;
\echo :LAST_ERROR_SQLSTATE
SELECT count(*) FROM (SELECT quadbin_polyfill_cells('POLYGON((-180 -85,180 -85,180 85,-180 85,-180 -85))', 26)) AS cells;
\echo :LAST_ERROR_SQLSTATE
SELECT count(*) FROM (SELECT quadbin_tochildren_cells(:world, 26)) AS cells;
\echo :LAST_ERROR_SQLSTATE
RESET statement_timeout;
SELECT clock_timestamp() - at < '3 s' AS at_once FROM started;

-- after all this the session still works
SELECT quadbin_fromlonglat(-3.7038, 40.4168, 4) = :madrid;
