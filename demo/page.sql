-- The map's data, as one JSON document on one line.
-- Per country and resolution: the ids of all cells in mode `intersects`, each with a digit for the modes that have it
-- (1 intersects, 2 center, 4 contains). Resolutions: those with 8 to 2500 cells on the map.
WITH cells AS MATERIALIZED (
  SELECT name, resolution, cell, sum(bit) AS modes
  FROM shown JOIN countries USING (name) JOIN timings USING (name),
       (VALUES ('intersects', 1), ('center', 2), ('contains', 4)) AS bits(mode, bit),
       unnest(quadbin_polyfill(geom, resolution, bits.mode)) AS cell
  WHERE timings.mode = 'intersects' AND cells BETWEEN 8 AND 2500
  GROUP BY name, resolution, cell
), by_level AS (
  SELECT name, resolution, string_agg(cell::text, ' ' ORDER BY cell) AS ids,
         string_agg(modes::text, '' ORDER BY cell) AS modes
  FROM cells GROUP BY name, resolution
), levels AS (
  SELECT name, json_agg(json_build_object(
           'resolution', resolution, 'ids', ids, 'modes', modes,
           'ms', (SELECT json_object_agg(mode, round(ms::numeric, 3)) FROM timings t
                  WHERE t.name = by_level.name AND t.resolution = by_level.resolution)) ORDER BY resolution) AS list
  FROM by_level GROUP BY name
)
SELECT replace(json_build_object(
  'version', version_core(),
  'countries', (SELECT json_agg(json_build_object(
                  'name', name, 'remark', remark, 'vertices', ST_NPoints(geom),
                  'shape', ST_AsGeoJSON(ST_Multi(geom), 3)::json -> 'coordinates', 'levels', list) ORDER BY place)
                FROM shown JOIN countries USING (name) JOIN levels USING (name)),
  'world', (SELECT json_agg(json_build_object(
              'name', name, 'shape', ST_AsGeoJSON(ST_Multi(geom), 2)::json -> 'coordinates')) FROM coarse_countries)
)::text, '<', '\u003c');
