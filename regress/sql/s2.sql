-- The S2 module. Values from CARTO's documentation and from S2's definition (face cells, ranges); errors inline.
\set madrid 955378847514099712
\set face0 1152921504606846976
\set face5 -5764607523034234880
\set VERBOSITY terse

-- points to cells
SELECT s2_fromlonglat(-3.7038, 40.4168, 8) = :madrid AS madrid,
       s2_fromgeogpoint('POINT(-3.7038 40.4168)', 8) = :madrid AS point,
       s2_fromlonglat(356.2962, 40.4168, 8) = :madrid AS a_turn_east,
       s2_fromlonglat(0, -90, 0) = :face5 AS south_pole;

-- spellings
SELECT s2_totoken(:madrid), s2_fromtoken('0d423') = :madrid AS lower, s2_fromtoken('0D423') = :madrid AS upper;
SELECT s2_touint64repr(:face5), s2_fromuint64repr('12682136550675316736') = :face5 AS back;
SELECT s2_tohilbertquadkey(:madrid), s2_fromhilbertquadkey('0/12220101') = :madrid AS back;

-- resolution and validity
SELECT s2_resolution(:madrid), s2_isvalid(:madrid), s2_isvalid(0), s2_isvalid(NULL);

-- hierarchy
SELECT s2_toparent(:madrid), s2_toparent(:madrid, 1), s2_toparent(:madrid, 8) = :madrid AS self;
SELECT s2_tochildren(:face0);
SELECT s2_tochildren(:face0) = s2_tochildren(:face0, 1) AS same, cardinality(s2_tochildren(:face5, 5));
SELECT s2_range(:face0);
SELECT bool_and(child BETWEEN range[1] AND range[2]) AS inside
FROM s2_range(:madrid) AS range, s2_tochildren_cells(:madrid, 12) AS child;

-- shape
SELECT s2_boundary(:madrid);

-- coverings and polyfill
SELECT cardinality(s2_polyfill_bbox(-180, 180, -90, 90, 0, 0)) AS faces;
SELECT s2_polyfill('POINT(-3.7038 40.4168)', 8, 'intersects') = ARRAY[:madrid] AS the_cell_of_the_point;
SELECT s2_polyfill(s2_boundary(:madrid), 8) = ARRAY[:madrid] AS center_of_its_own_boundary;
-- polyfilling a cell's boundary by centre returns the cell's children
SELECT s2_polyfill(s2_boundary(:madrid), 11) = s2_tochildren(:madrid, 11) AS children;
SELECT s2_polyfill('POLYGON((0 0,0 1,1 1,1 0,0 0))', 9, 'contains') <@ s2_polyfill('POLYGON((0 0,0 1,1 1,1 0,0 0))', 9) AS
         contains_in_center,
       s2_polyfill('POLYGON((0 0,0 1,1 1,1 0,0 0))', 9) <@ s2_polyfill('POLYGON((0 0,0 1,1 1,1 0,0 0))', 9, 'intersects') AS
         center_in_intersects;

-- NULL in, NULL out
SELECT s2_fromlonglat(NULL, 0, 4), s2_tochildren(NULL), s2_totoken(NULL), s2_boundary(NULL);

-- errors
SELECT s2_fromlonglat(0, 0, 31);
SELECT s2_fromlonglat('Infinity', 0, 4);
SELECT s2_totoken(0);
SELECT s2_fromtoken('not a token');
SELECT s2_fromuint64repr('-1');
SELECT s2_fromhilbertquadkey('6/0');
SELECT s2_toparent(:face0);
SELECT s2_tochildren(:face0, 31);
SELECT s2_tochildren(:face0, 30);
SELECT s2_polyfill('POINT(0 0)', 8, 'touches');
