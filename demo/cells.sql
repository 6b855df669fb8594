-- One row per country and cell, the form to use for storage: an index on the id answers "which cells under this one".
CREATE TABLE country_cells AS
SELECT name, cell
FROM countries, quadbin_polyfill_cells(geom, 7, 'intersects') AS cell;
CREATE INDEX ON country_cells (cell);
ANALYZE;
