// PostGIS geometries in other reference systems: the core takes longitudes and latitudes alone.
#pragma once

#include <cstddef>
#include <span>

#include "extension/postgres.hpp"
#include "geocell/geometry.hpp"

namespace geocell::pg {

// Zone 1: is the SRID of a serialized geometry 0 or 4326? (Also true for bytes too short to say:
// read_postgis() then names the error.)
inline bool is_lng_lat(std::span<const std::byte> bytes) { return is_lng_lat_srid(postgis_srid(bytes)); }

// Zone 1: PostGIS's ST_Transform(geometry, 4326), found in the schema of argument i's type. `geometry` is that
// argument, or a member of it if it is an array.
Datum transform_to_lng_lat(FunctionCallInfo fcinfo, int i, Datum geometry);

}  // namespace geocell::pg
