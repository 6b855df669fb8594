-- Install script of extension geocell_postgis, pre-release 0.0.9. It was never published: it is here so that the upgrade
-- path is tested before there is a second release.
\echo Use "CREATE EXTENSION geocell_postgis" to load this file. \quit

CREATE FUNCTION quadbin_center(cell_id bigint) RETURNS geometry
  AS 'MODULE_PATHNAME', 'geocell_quadbin_center_geometry' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION quadbin_center(bigint) IS 'Gives the centre of a cell.';
