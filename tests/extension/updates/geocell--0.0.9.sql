-- Install script of extension geocell, pre-release 0.0.9. It was never published: it is here so that the upgrade path is
-- tested before there is a second release. What changed since: geocell_version() is gone, quadbin_fromlonglat has
-- another cost, quadbin_resolution names its parameter otherwise, and everything else is new.
\echo Use "CREATE EXTENSION geocell" to load this file. \quit

CREATE FUNCTION geocell_cells_support(internal) RETURNS internal
  AS 'MODULE_PATHNAME', 'geocell_cells_support' LANGUAGE C STRICT;
COMMENT ON FUNCTION geocell_cells_support(internal) IS 'Tells the planner how many cells a function returns.';

CREATE FUNCTION geocell_version() RETURNS text
  AS 'MODULE_PATHNAME', 'geocell_version_core' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION geocell_version() IS 'Gives the version of geocell.';

CREATE FUNCTION quadbin_fromlonglat(longitude double precision, latitude double precision, resolution integer) RETURNS bigint
  AS 'MODULE_PATHNAME', 'geocell_quadbin_fromlonglat' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION quadbin_fromlonglat(double precision, double precision, integer) IS 'Gives the cell of a point.';

CREATE FUNCTION quadbin_resolution(cell_id bigint) RETURNS integer
  AS 'MODULE_PATHNAME', 'geocell_quadbin_resolution' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION quadbin_resolution(bigint) IS 'Gives the resolution of a cell.';
