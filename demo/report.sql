-- The two tables on the terminal.
CREATE VIEW pg_temp.wide AS
SELECT name, resolution,
       max(cells) FILTER (WHERE mode = 'center') AS center, max(ms) FILTER (WHERE mode = 'center') AS center_ms,
       max(cells) FILTER (WHERE mode = 'intersects') AS intersects,
       max(ms) FILTER (WHERE mode = 'intersects') AS intersects_ms,
       max(cells) FILTER (WHERE mode = 'contains') AS contains, max(ms) FILTER (WHERE mode = 'contains') AS contains_ms
FROM timings
GROUP BY name, resolution;

\echo
\echo Cells per country at resolution :table_resolution, and milliseconds per polyfill:
\echo
SELECT name AS country, to_char(ST_NPoints(geom), '999,999') AS vertices,
       to_char(center, '9,999,999') AS center, to_char(center_ms, '9,990.00') AS ms,
       to_char(intersects, '9,999,999') AS intersects, to_char(intersects_ms, '9,990.00') AS ms,
       to_char(contains, '9,999,999') AS contains, to_char(contains_ms, '9,990.00') AS ms
FROM shown JOIN wide USING (name) JOIN countries USING (name)
WHERE resolution = :table_resolution
ORDER BY place;

SELECT count(*) AS country_count, to_char(sum(ST_NPoints(geom)), 'FM999,999') AS vertex_count FROM countries \gset
\echo All :country_count countries (:vertex_count vertices), by resolution:
\echo
SELECT resolution,
       to_char(sum(center), '999,999,999') AS center, to_char(sum(center_ms), '999,990.0') AS ms,
       to_char(sum(intersects), '999,999,999') AS intersects, to_char(sum(intersects_ms), '999,990.0') AS ms,
       to_char(sum(contains), '999,999,999') AS contains, to_char(sum(contains_ms), '999,990.0') AS ms
FROM wide
WHERE resolution <= 10
GROUP BY resolution
ORDER BY resolution;
