-- Geometry arguments: text (WKT, GeoJSON, hex), bytea (WKB, EWKB) and PostGIS's own type return the same cells.
\set VERBOSITY terse

CREATE TEMP TABLE shape (id serial, wkt text);
INSERT INTO shape (wkt) VALUES
  ('POINT(10 20)'), ('POINT EMPTY'), ('LINESTRING(0 0,30 20,60 -20)'), ('LINESTRING EMPTY'),
  ('POLYGON((0 0,60 0,60 60,0 60,0 0),(10 10,10 50,50 50,50 10,10 10))'),
  ('POLYGON((0 0,60 0,60 60,0 60,0 0),(10 10,10 20,20 20,20 10,10 10),(30 30,30 50,50 50,50 30,30 30))'),
  ('POLYGON EMPTY'), ('MULTIPOINT((10 20),(30 40))'), ('MULTILINESTRING((0 0,30 20),(60 -20,80 -20,80 0))'),
  ('MULTIPOLYGON(((0 0,60 0,60 60,0 60,0 0),(10 10,10 50,50 50,50 10,10 10)),((-60 -60,-10 -60,-10 -10,-60 -60)))'),
  ('GEOMETRYCOLLECTION(GEOMETRYCOLLECTION(POLYGON((0 0,60 0,60 60,0 0)),POINT EMPTY),POINT(100 20),LINESTRING(0 0,30 20))'),
  ('GEOMETRYCOLLECTION EMPTY'), ('MULTIPOLYGON EMPTY');

CREATE TEMP TABLE answer AS
SELECT id, mode, wkt, ST_GeomFromText(wkt) AS geom, quadbin_polyfill(wkt, 5, mode) AS cells
FROM shape, (VALUES ('center'), ('intersects'), ('contains')) AS modes (mode);

-- each form, and each way in which PostGIS can store one
SELECT id, bool_and(cells = quadbin_polyfill(ST_AsBinary(geom), 5, mode)) AS wkb,
       bool_and(cells = quadbin_polyfill(ST_AsBinary(geom, 'XDR'), 5, mode)) AS wkb_big_endian,
       bool_and(cells = quadbin_polyfill(ST_AsEWKB(ST_SetSRID(geom, 4326)), 5, mode)) AS ewkb,
       bool_and(cells = quadbin_polyfill(ST_AsHEXEWKB(geom), 5, mode)) AS hex,
       -- PostGIS does not write nested collections as GeoJSON
       bool_and(wkt LIKE '%(GEOMETRYCOLLECTION%' OR cells = quadbin_polyfill(ST_AsGeoJSON(geom), 5, mode)) AS geojson,
       bool_and(cells = quadbin_polyfill(geom, 5, mode)) AS postgis,
       bool_and(cells = quadbin_polyfill(ST_SetSRID(geom, 4326), 5, mode)) AS srid,
       bool_and(cells = quadbin_polyfill(postgis_addbbox(geom), 5, mode)) AS box,
       bool_and(cells = quadbin_polyfill(postgis_dropbbox(geom), 5, mode)) AS no_box,
       bool_and(cells = quadbin_polyfill(ST_Force3DZ(geom), 5, mode)) AS z,
       bool_and(cells = quadbin_polyfill(ST_Force3DM(geom), 5, mode)) AS m,
       bool_and(cells = quadbin_polyfill(ST_Force4D(geom), 5, mode)) AS zm,
       bool_and(cells = quadbin_polyfill(ST_AsEWKB(ST_Force4D(geom)), 5, mode)) AS ewkb_zm
FROM answer GROUP BY id ORDER BY id;

-- compressed and out of line: a line of 100,000 points, walked back and forth over the same degree
CREATE TEMP TABLE toasted AS
SELECT ST_MakeLine(ST_MakePoint(i % 2, 0.5) ORDER BY i) AS geom FROM generate_series(1, 100000) AS i;
SELECT pg_column_size(geom) < 100000 AS compressed,
       quadbin_polyfill(geom, 10, 'intersects') = quadbin_polyfill('LINESTRING(0 0.5,1 0.5)', 10, 'intersects') AS same,
       quadbin_polyfill(ST_AsBinary(geom), 10, 'intersects') = quadbin_polyfill('LINESTRING(0 0.5,1 0.5)', 10, 'intersects')
         AS same_wkb
FROM toasted;

-- other SRIDs are transformed by PostGIS; in text and bytea, which PostGIS does not see, they are rejected
SELECT quadbin_fromgeogpoint(ST_Transform(ST_SetSRID(ST_MakePoint(-3.7038, 40.4168), 4326), 3857), 12) =
       quadbin_fromlonglat(-3.7038, 40.4168, 12) AS transformed;
SELECT bool_and(quadbin_fromgeogpoint(ST_Transform(ST_SetSRID(ST_MakePoint(lng, 40), 4326), 32630), 12) =
                quadbin_fromlonglat(lng, 40, 12)) AS transformed_each
FROM generate_series(-5.0, -1.0, 0.25) AS lng;
SELECT count(*) FROM quadbin_polyfill_cells(ST_Transform('SRID=4326;POLYGON((1 1,20 1,20 20,1 20,1 1))'::geometry, 3857), 5);
-- row after row, in every form: the state kept between calls includes the transformation
SELECT bool_and(quadbin_polyfill(there, 8, 'intersects') = ARRAY[cell]) AS arrays, sum(quadbin_polyfill_count(there, 8, 'intersects')) AS count,
       bool_and(ARRAY(SELECT quadbin_polyfill_cells(there, 8, 'intersects')) = ARRAY[cell]) AS subqueries
FROM (SELECT ST_Transform(ST_SetSRID(ST_MakePoint(lng, 40), 4326), 32630) AS there, quadbin_fromlonglat(lng, 40, 8) AS cell
      FROM generate_series(-5.3, 0) AS lng) AS points;
SELECT sum((cells = quadbin_fromlonglat(lng, 40, 8))::integer) AS equal
FROM (SELECT lng, quadbin_polyfill_cells(ST_Transform(ST_SetSRID(ST_MakePoint(lng, 40), 4326), 32630), 8, 'intersects') AS cells
      FROM generate_series(-5.3, 0) AS lng) AS points;
SELECT quadbin_fromgeogpoint('SRID=3857;POINT(0 0)', 4);
SELECT quadbin_fromgeogpoint(ST_AsEWKB('SRID=3857;POINT(0 0)'::geometry), 4);

-- results are PostGIS geometries in every respect
SELECT ST_IsValid(geom), ST_SRID(geom), GeometryType(geom), ST_NPoints(geom), ST_MemSize(geom),
       geom = ST_GeomFromEWKT(ST_AsEWKT(geom)) AS equal, geom && ST_MakePoint(30, -10)::geometry(point, 4326) AS box
FROM quadbin_boundary(5209574053332910079) AS geom;
SELECT ST_DWithin(quadbin_center(5209574053332910079), ST_Centroid(quadbin_boundary(5209574053332910079)), 0.5) AS near;

-- outlines and centres of both modules
SELECT ST_AsEWKT(quadbin_boundary(5209574053332910079)), ST_AsEWKT(quadbin_center(5209574053332910079));
-- WGS84's area of a zone, against PostGIS's geodesic one of a finely cut box
SELECT abs(quadbin_area(5207251884775047167) / ST_Area(ST_Segmentize(quadbin_boundary(5207251884775047167), 0.05)::geography) - 1) < 1e-6 AS area;
SELECT ST_AsText(s2_center(1152921504606846976)), ST_SRID(s2_center(1152921504606846976)), s2_fromgeogpoint(s2_center(955378847514099712), 8) = 955378847514099712 AS back;

-- what PostGIS has and geocell has not
SELECT quadbin_polyfill('CIRCULARSTRING(0 0,1 1,2 0)'::geometry, 4);
SELECT quadbin_polyfill('GEOMETRYCOLLECTION(POINT(0 0),CURVEPOLYGON(CIRCULARSTRING(0 0,1 1,2 0,1 -1,0 0)))'::geometry, 4);
SELECT quadbin_polyfill('TIN(((0 0 0,0 1 0,1 1 0,0 0 0)))'::geometry, 4);
SELECT quadbin_polyfill(ST_MakePoint('NaN', 0), 4);
SELECT quadbin_polyfill(ST_MakePoint(0, 'Infinity'), 4);
SELECT quadbin_fromgeogpoint('LINESTRING(0 0,1 1)'::geometry, 4);
SELECT quadbin_fromgeogpoint('POINT EMPTY'::geometry, 4);
-- a coordinate that is not a number, after valid ones, with and without Z
SELECT quadbin_polyfill(ST_MakeLine(ST_MakePoint(0, 1), ST_MakePoint(2, 'NaN')), 4);
SELECT quadbin_polyfill(ST_MakeLine(ARRAY[ST_MakePoint(0, 1, 5), ST_MakePoint(2, 3, 'NaN'), ST_MakePoint('Infinity', 'NaN', 6)]), 4);
