-- Polyfill against brute force by PostGIS's own predicates over all cells of a resolution: ST_Intersects with the
-- centre, ST_Intersects and ST_Contains with the cell as its box of longitude and latitude.
\set world 5192650370358181887
\set VERBOSITY terse

CREATE TEMP TABLE grid AS
SELECT cell, ST_SetSRID(ST_MakePoint(ST_X(center), ST_Y(center)), 4326) AS center,
       ST_MakeEnvelope(box[1], box[2], box[3], box[4], 4326) AS box
FROM quadbin_tochildren_cells(:world, 5) AS cell, quadbin_center(cell) AS center, quadbin_bbox(cell) AS box;

CREATE TEMP TABLE shape (name text, geom geometry(geometry, 4326));
INSERT INTO shape VALUES
  ('triangle', 'SRID=4326;POLYGON((-30 -20,40 -10,5 50,-30 -20))'),
  ('hole', 'SRID=4326;POLYGON((-50 -50,50 -50,50 50,-50 50,-50 -50),(-20 -20,20 -20,20 20,-20 20,-20 -20))'),
  ('hole that touches the shell', 'SRID=4326;POLYGON((-50 -50,50 -50,50 50,-50 50,-50 -50),(-50 0,0 -20,0 20,-50 0))'),
  ('sliver thinner than a cell', 'SRID=4326;POLYGON((-100 10,100 60,100 60.01,-100 10.01,-100 10))'),
  ('edges on cell borders', 'SRID=4326;POLYGON((-22.5 0,45 0,45 66.51326044311186,-22.5 66.51326044311186,-22.5 0))'),
  ('vertices on cell corners', 'SRID=4326;POLYGON((0 0,45 66.51326044311186,-45 66.51326044311186,0 0))'),
  ('over the poles', 'SRID=4326;POLYGON((-20 -90,20 -90,20 90,-20 90,-20 -90))'),
  ('the world', 'SRID=4326;POLYGON((-180 -90,180 -90,180 90,-180 90,-180 -90))'),
  ('point in a cell', 'SRID=4326;POINT(1 1)'),
  ('point on a corner', 'SRID=4326;POINT(0 0)'),
  ('point on a centre', ST_SetSRID(quadbin_center(quadbin_fromzxy(5, 7, 9)), 4326)),
  ('line', 'SRID=4326;LINESTRING(-120 -40,0 0,120 55,120 -60)'),
  ('line on a border', 'SRID=4326;LINESTRING(-45 -80,-45 80)'),
  ('multipoint', 'SRID=4326;MULTIPOINT((1 1),(100 30),(-45 0))'),
  ('multilinestring', 'SRID=4326;MULTILINESTRING((0 10,30 10),(-100 -30,-60 60))'),
  ('multipolygon', 'SRID=4326;MULTIPOLYGON(((0 0,30 0,30 30,0 0)),((-100 -30,-60 -30,-60 40,-100 -30)))');

SELECT name,
       quadbin_polyfill(geom, 5, 'center') = ARRAY(SELECT cell FROM grid WHERE ST_Intersects(geom, center) ORDER BY cell)
         AS center,
       quadbin_polyfill(geom, 5, 'intersects') = ARRAY(SELECT cell FROM grid WHERE ST_Intersects(geom, box) ORDER BY cell)
         AS intersects,
       quadbin_polyfill(geom, 5, 'contains') = ARRAY(SELECT cell FROM grid WHERE ST_Contains(geom, box) ORDER BY cell)
         AS contains,
       cardinality(quadbin_polyfill(geom, 5, 'intersects')) > 0 AS some
FROM shape;

-- a collection is the union of its members; overlapping ones count once
SELECT quadbin_polyfill('GEOMETRYCOLLECTION(POINT(1 1),POLYGON((0 0,30 0,30 30,0 0)),POLYGON((0 0,30 0,30 30,0 0)))', 5,
                        'intersects') = quadbin_polyfill('POLYGON((0 0,30 0,30 30,0 0))', 5, 'intersects') AS collection;

-- empties
SELECT quadbin_polyfill('POINT EMPTY', 5), quadbin_polyfill('POLYGON EMPTY', 5, 'intersects'),
       quadbin_polyfill('GEOMETRYCOLLECTION(POINT EMPTY,MULTIPOLYGON EMPTY)', 5, 'contains');

-- the default mode is center
SELECT quadbin_polyfill(geom, 5) = quadbin_polyfill(geom, 5, 'center') AS default_mode FROM shape WHERE name = 'triangle';

-- beyond 180 degrees, geometries wrap: the same cells as for the two halves
SELECT quadbin_polyfill('POLYGON((170 -10,200 -10,200 10,170 10,170 -10))', 5, mode) =
       quadbin_polyfill('MULTIPOLYGON(((170 -10,180 -10,180 10,170 10,170 -10)),((-180 -10,-160 -10,-160 10,-180 10,-180 -10)))',
                        5, mode) AS wrapped
FROM (VALUES ('center'), ('contains')) AS modes (mode);

-- the interior of a self-intersecting polygon, by the even-odd rule
SELECT quadbin_polyfill('POLYGON((-40 -40,40 40,40 -40,-40 40,-40 -40))', 5) =
       quadbin_polyfill('MULTIPOLYGON(((-40 -40,0 0,-40 40,-40 -40)),((0 0,40 40,40 -40,0 0)))', 5) AS bow_tie;

-- CARTO's documented example
\set square 'POLYGON((-3.71219873428345 40.413365349070865,-3.7144088745117 40.40965661286395,-3.70659828186035 40.409525904775634,-3.71219873428345 40.413365349070865))'
SELECT quadbin_polyfill(:'square', 17);

-- NULL in, NULL out
SELECT quadbin_polyfill(NULL::text, 5), quadbin_polyfill(:'square', NULL), quadbin_polyfill(:'square', 5, NULL);

-- errors
SELECT quadbin_polyfill(:'square', 27);
SELECT quadbin_polyfill(:'square', -1);
SELECT quadbin_polyfill(:'square', 5, 'touches');
