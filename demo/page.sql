-- The map's data, as one JSON document on one line.
-- Per country and resolution: the ids of all cells in mode `intersects`, and one digit each that says which of the modes
-- have it (1 intersects, 2 center, 4 contains). Resolutions: those that give the map 8 to 2500 cells.
WITH cell_sets AS (
  SELECT place, name, resolution,
         quadbin_polyfill(geom, resolution, 'intersects') AS intersects,
         quadbin_polyfill(geom, resolution, 'center') AS center,
         quadbin_polyfill(geom, resolution, 'contains') AS contains
  FROM shown JOIN countries USING (name) JOIN timings USING (name)
  WHERE mode = 'intersects' AND cells BETWEEN 8 AND 2500
), levels AS (
  SELECT place, name, json_agg(json_build_object(
           'resolution', resolution,
           'ids', array_to_string(intersects, ' '),
           'modes', (SELECT string_agg((1 + CASE WHEN cell = ANY (center) THEN 2 ELSE 0 END
                                          + CASE WHEN cell = ANY (contains) THEN 4 ELSE 0 END)::text, ''
                                       ORDER BY ordinality)
                     FROM unnest(intersects) WITH ORDINALITY AS cells(cell)),
           'ms', (SELECT json_object_agg(mode, round(ms::numeric, 3)) FROM timings t
                  WHERE t.name = cell_sets.name AND t.resolution = cell_sets.resolution)) ORDER BY resolution) AS list
  FROM cell_sets GROUP BY place, name
)
SELECT replace(json_build_object(
  'version', version_core(),
  'countries', (SELECT json_agg(json_build_object(
                  'name', name, 'remark', remark, 'vertices', ST_NPoints(geom),
                  'shape', ST_AsGeoJSON(ST_Multi(geom), 3)::json -> 'coordinates', 'levels', list) ORDER BY place)
                FROM shown JOIN countries USING (name) JOIN levels USING (place, name)),
  'world', (SELECT json_agg(ST_AsGeoJSON(ST_Multi(geom), 2)::json -> 'coordinates') FROM coarse_countries)
)::text, '<', '\u003c');
