-- The quadbin module. Values from CARTO's documentation and from the encoding itself; errors inline.
\set madrid 5207251884775047167
\set indian_ocean 5209574053332910079
\set world 5192650370358181887
\set VERBOSITY terse

-- points to cells
SELECT quadbin_fromlonglat(-3.7038, 40.4168, 4) = :madrid AS madrid,
       quadbin_fromlonglat(40.4168, -3.7038, 4) = :indian_ocean AS indian_ocean,
       quadbin_fromlonglat(356.2962, 40.4168, 4) = :madrid AS a_turn_east,
       quadbin_fromlonglat(180, 0, 8) = quadbin_fromlonglat(-180, 0, 8) AS antimeridian;
-- the poles are in the first and last rows
SELECT quadbin_tozxy(quadbin_fromlonglat(0, 90, 3)), quadbin_tozxy(quadbin_fromlonglat(0, -90, 3));
SELECT quadbin_fromgeogpoint('POINT(40.4168 -3.7038)', 4), quadbin_fromgeopoint('POINT(40.4168 -3.7038)', 4);

-- encoding: z, x, y; quadkeys; quadints; hexadecimal
SELECT quadbin_fromzxy(4, 7, 6), quadbin_tozxy(:madrid);
SELECT quadbin_fromquadkey('0331110121'), quadbin_toquadkey(5234261499580514303);
SELECT quadbin_fromquadkey(''), quadbin_toquadkey(:world) = '' AS world_is_empty;
SELECT __quadbin_fromquadint(4388), __quadbin_int_tostring(:madrid), __quadbin_string_toint('4843dfffffffffff');

-- resolution and validity; only isvalid accepts NULL
SELECT quadbin_resolution(:indian_ocean), quadbin_isvalid(:indian_ocean), quadbin_isvalid(1234), quadbin_isvalid(NULL);
-- every single flipped bit above the position makes the id invalid, or another resolution's
SELECT count(*) FILTER (WHERE quadbin_isvalid(:madrid # (1::bigint << bit))) FROM generate_series(57, 62) AS bit;

-- hierarchy
SELECT quadbin_toparent(:madrid, 3), quadbin_toparent(:madrid, 4) = :madrid AS self;
SELECT quadbin_tochildren(:madrid, 5);
SELECT quadbin_range(:madrid, 6);
-- range: all descendants lie within it, and no other cell of their resolution does
SELECT min(child) = range[1] AS first, max(child) = range[2] AS last, count(*)
FROM quadbin_range(:madrid, 9) AS range, quadbin_tochildren_cells(:madrid, 9) AS child GROUP BY range;

-- neighbours
SELECT quadbin_sibling(:madrid, 'up'), quadbin_sibling(quadbin_fromzxy(4, 7, 0), 'up') AS beyond_the_north;
SELECT quadbin_sibling(quadbin_fromzxy(4, 0, 6), 'left') = quadbin_fromzxy(4, 15, 6) AS across_the_antimeridian;
SELECT quadbin_kring(:madrid, 1);
SELECT cardinality(quadbin_kring(quadbin_fromzxy(2, 0, 0), 100)) AS no_wider_than_the_world;
SELECT unnest(quadbin_kring_distances(:madrid, 1));
SELECT quadbin_distance(:madrid, 5207128739472736255), quadbin_distance(:madrid, 5202783469519765503) AS other_resolution;

-- shape
SELECT quadbin_bbox(:indian_ocean);

-- compact and back
SELECT quadbin_compact(quadbin_tochildren(:madrid, 7)), quadbin_compact('{}');
SELECT quadbin_uncompact(ARRAY[:madrid, 5211742290262884351], 5) = quadbin_tochildren(:madrid, 5) AS back;

-- NULL in, NULL out
SELECT quadbin_fromlonglat(NULL, 0, 4), quadbin_tochildren(:madrid, NULL), quadbin_compact(NULL), quadbin_tozxy(NULL);

-- errors
SELECT quadbin_fromlonglat(0, 0, 27);
SELECT quadbin_fromlonglat(0, 0, -1);
SELECT quadbin_fromlonglat('NaN', 0, 4);
SELECT quadbin_fromlonglat(0, '-Infinity', 4);
SELECT quadbin_fromzxy(4, 16, 8);
SELECT quadbin_fromquadkey('0334');
SELECT quadbin_resolution(12);
SELECT quadbin_toparent(:madrid, 5);
SELECT quadbin_tochildren(:madrid, 3);
SELECT quadbin_tochildren(:world, 26);
SELECT quadbin_sibling(:madrid, 'north');
SELECT quadbin_kring(:madrid, -1);
SELECT quadbin_compact(ARRAY[:madrid, NULL]);
SELECT quadbin_compact(ARRAY[ARRAY[:madrid, :madrid]]);
SELECT quadbin_compact(ARRAY[:madrid, 12]);
SELECT quadbin_uncompact(ARRAY[:madrid], 3);
SELECT quadbin_fromgeogpoint('LINESTRING(0 0,1 1)', 4);
