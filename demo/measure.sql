-- Fills `timings` for one resolution (psql variable `resolution`) and every mode: all countries up to resolution 10;
-- beyond that, those on the map whose cells still fit on it.
SELECT count(measure(name, geom, :resolution, mode))
FROM countries, unnest(ARRAY['center', 'intersects', 'contains']) AS mode
WHERE :resolution <= 10
   OR name IN (SELECT name FROM shown JOIN timings t USING (name)
               WHERE t.mode = 'intersects' AND t.resolution = :resolution - 1 AND t.cells < 800);
