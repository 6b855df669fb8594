// PostGIS's serialized geometry, read into and written from the core's Geometry without text and without
// liblwgeom.
//
// Layout, from PostGIS's public sources (liblwgeom/gserialized1.c, gserialized2.c), little or big endian as
// the machine; offsets count from the start of the datum, whose first 4 bytes are PostgreSQL's length:
//
//   4   3 bytes  SRID, big endian, the low 21 bits signed
//   7   1 byte   flags: 1 Z, 2 M, 4 box, 8 geodetic, 16 extended flags (version 2 only), 64 version 2
//   8   8 bytes  extended flags, if flagged
//   -   floats   box, if flagged: 2 per dimension; 6 when geodetic
//   -   geometry uint32 type, uint32 count, and then by type:
//         point (count 0 or 1), line           count * dimensions doubles
//         polygon                              count uint32 ring sizes, padded to 8 bytes, then all rings'
//         doubles multi*, geometrycollection           count geometries
//
// In both functions `bytes` is the datum without PostgreSQL's length; errors give offsets in it.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "extension/postgres.hpp"
#include "geocell/geometry.hpp"
#include "geocell/status.hpp"

namespace geocell::pg {

// The SRID is kept. Z and M are dropped. Establishes every invariant of Geometry.
Result<Geometry> read_postgis(std::span<const std::byte> bytes);

// Version 2, without a box.
std::string write_postgis(const Geometry& geometry);

// Zone 1: is the SRID 0 or 4326? (Also true for bytes too short to say: read_postgis() then names the error.)
bool is_lng_lat(std::span<const std::byte> bytes);

// Zone 1: PostGIS's ST_Transform(geometry, 4326), found in the schema that the type of argument i is in.
// `geometry` is that argument, or a member of it when it is an array.
Datum transform_to_lng_lat(FunctionCallInfo fcinfo, int i, Datum geometry);

}  // namespace geocell::pg
