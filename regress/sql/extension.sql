-- Installing, updating, moving and dropping both extensions, in a database of their own.
\set VERBOSITY terse
SET client_min_messages = warning;
DROP DATABASE IF EXISTS geocell_regress_extension;
CREATE DATABASE geocell_regress_extension;
\set old_database :DBNAME
\c geocell_regress_extension

CREATE EXTENSION geocell_postgis CASCADE;
SELECT extname FROM pg_extension WHERE extname <> 'plpgsql' ORDER BY extname;
SELECT version_core() = extversion AS version FROM pg_extension WHERE extname = 'geocell';

-- the properties of every function
CREATE TEMP VIEW ours AS
SELECT e.extname, p.* FROM pg_proc p JOIN pg_depend d ON d.objid = p.oid AND d.classid = 'pg_proc'::regclass AND d.deptype = 'e'
JOIN pg_extension e ON e.oid = d.refobjid WHERE e.extname LIKE 'geocell%';
SELECT proname FROM ours WHERE provolatile <> 'i' OR proparallel <> 's' ORDER BY 1;
SELECT proname FROM ours WHERE NOT proisstrict ORDER BY 1;
SELECT proname FROM ours WHERE proretset AND (prosupport::oid = 0 OR prorows = 0) ORDER BY 1;
SELECT proname FROM ours WHERE obj_description(oid) IS NULL ORDER BY 1;
-- geocell alone does not need PostGIS
SELECT count(*) FROM ours WHERE extname = 'geocell' AND pg_get_function_arguments(oid) || pg_get_function_result(oid) LIKE '%geometry%';

-- an update from an earlier version has the same result as a fresh install
CREATE TABLE fresh AS SELECT extname, pg_get_functiondef(oid) AS definition, obj_description(oid) AS comment FROM ours;
SELECT count(*) > 50 AS enough FROM fresh;
DROP EXTENSION geocell_postgis;
DROP EXTENSION geocell;
SELECT count(*) FROM pg_proc WHERE probin LIKE '%geocell%';
CREATE EXTENSION geocell VERSION '0.0.9';
CREATE EXTENSION geocell_postgis VERSION '0.0.9';
SELECT count(*) < 10 AS few FROM ours;
ALTER EXTENSION geocell UPDATE;
ALTER EXTENSION geocell_postgis UPDATE;
CREATE TABLE updated AS SELECT extname, pg_get_functiondef(oid) AS definition, obj_description(oid) AS comment FROM ours;
(TABLE fresh EXCEPT TABLE updated) UNION ALL (TABLE updated EXCEPT TABLE fresh);
SELECT DISTINCT extversion = version_core() AS newest FROM pg_extension WHERE extname LIKE 'geocell%';

-- views on functions keep geocell in place; CASCADE takes both
CREATE VIEW dependent AS SELECT quadbin_resolution(5207251884775047167);
DROP EXTENSION geocell;
DROP VIEW dependent;
DROP EXTENSION geocell CASCADE;
SELECT extname FROM pg_extension WHERE extname LIKE 'geocell%';
SELECT count(*) FROM pg_proc WHERE probin LIKE '%geocell%';

-- three schemas, none of them in the search path
DROP EXTENSION postgis;
CREATE SCHEMA gis;
CREATE SCHEMA cells;
CREATE SCHEMA shapes;
CREATE EXTENSION postgis SCHEMA gis;
CREATE EXTENSION geocell SCHEMA cells;
CREATE EXTENSION geocell_postgis SCHEMA shapes;
SET search_path = pg_catalog;
SELECT cells.quadbin_fromlonglat(-3.7038, 40.4168, 4), gis.ST_AsText(shapes.quadbin_center(5207251884775047167));
-- PostGIS's ST_Transform is found in the schema of its type
SELECT shapes.quadbin_fromgeogpoint(gis.ST_SetSRID(gis.ST_MakePoint(0, 0), 3857), 3) = cells.quadbin_fromlonglat(0, 0, 3) AS transformed;
SELECT count(*) FROM shapes.quadbin_polyfill_cells(gis.ST_SetSRID(gis.ST_MakeEnvelope(0, 0, 5000000, 5000000), 3857), 4);
-- moved later
RESET search_path;
CREATE SCHEMA elsewhere;
ALTER EXTENSION geocell SET SCHEMA elsewhere;
SELECT elsewhere.quadbin_resolution(5207251884775047167);

\c :old_database
DROP DATABASE geocell_regress_extension;
