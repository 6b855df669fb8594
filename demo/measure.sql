-- Fills `timings`: every country, every mode, one resolution (psql variable `resolution`).
SELECT count(measure(name, geom, :resolution, mode))
FROM countries, unnest(ARRAY['center', 'intersects', 'contains']) AS mode;
