// One flat geometry model, and its readers and writers. Every format is read into the same few vectors;
// nothing in the core works on WKB, text or PostGIS bytes directly.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "geocell/status.hpp"

namespace geocell {

// Values are the OGC / ISO 13249 WKB type codes.
enum class GeometryType : std::uint32_t {
  point = 1,
  linestring = 2,
  polygon = 3,
  multipoint = 4,
  multilinestring = 5,
  multipolygon = 6,
  geometrycollection = 7,
};

std::string_view geometry_type_name(GeometryType type);  // "POINT", "LINESTRING", …

struct LngLat {
  double lng_deg;  // x
  double lat_deg;  // y
  friend bool operator==(const LngLat&, const LngLat&) = default;
};

// A run of points: [first, first + count) of Geometry::points.
struct Ring {
  std::size_t first;
  std::size_t count;
};

// One geometry of the tree, in preorder: an element of a collective type is followed by its `child_count`
// members (each with its own subtree). Elements of type point, linestring and polygon own the rings
// [first_ring, first_ring + ring_count): a non-empty point one ring of one point, a non-empty line one ring,
// a polygon its shell and then its holes. An empty one owns none.
struct Element {
  GeometryType type;
  std::size_t child_count;
  std::size_t first_ring;
  std::size_t ring_count;
};

// Invariants (the readers establish them): elements[0] is the geometry itself; all coordinates are finite;
// polygon rings are closed (first point == last point) and have at least 4 points; lines have at least 2;
// nesting is at most kMaxGeometryDepth deep. Nothing else is checked:
// rings may cross themselves or have no area.
struct Geometry {
  std::int32_t srid = 0;  // 0: not stated; it means 4326
  std::vector<Element> elements;
  std::vector<Ring> rings;
  std::vector<LngLat> points;

  GeometryType type() const { return elements.front().type; }
  bool empty() const { return points.empty(); }
  std::span<const LngLat> ring_points(const Ring& ring) const {
    return {points.data() + ring.first, ring.count};
  }
  std::span<const Ring> element_rings(const Element& element) const {
    return {rings.data() + element.first_ring, element.ring_count};
  }
};

inline constexpr int kMaxGeometryDepth = 64;

// EPSG:4326, longitude and latitude in degrees on WGS 84: the one reference system that the core works in.
inline constexpr std::int32_t kLngLatSrid = 4326;
constexpr bool is_lng_lat_srid(std::int32_t srid) { return srid == 0 || srid == kLngLatSrid; }

// Readers. Each takes any bytes, and either establishes all invariants or returns an error that says what is
// wrong and at which byte (0-based offset). Z and M values are dropped; the SRID is kept where the format
// states one. Memory grows with the input, never with a count that it claims.
//
// What a writer wrote, its reader reads back: the same elements and rings, and the same coordinates bit for
// bit.
Result<Geometry> read_wkb(
    std::span<const std::byte> bytes);                 // WKB, ISO WKB with Z/M, EWKB; either byte order
Result<Geometry> read_hex_wkb(std::string_view text);  // the same in hex digits of either case
Result<Geometry> read_wkt(std::string_view text);      // WKT and EWKT ("SRID=4326;POINT(1 2)")
Result<Geometry> read_geojson(std::string_view text);  // RFC 7946 geometry, Feature, FeatureCollection
// Any of the three textual forms, told apart by the first character: '{' GeoJSON, a hex digit pair "00"/"01"
// hex WKB, else WKT. Leading and trailing white space is ignored.
Result<Geometry> read_geometry_text(std::string_view text);

// PostGIS's serialized geometry, without text and without liblwgeom. `bytes` is the datum without
// PostgreSQL's length. Layout, in the machine's byte order, from PostGIS's sources (liblwgeom/gserialized1.c,
// gserialized2.c); offsets count from the start of `bytes`, as those of errors do:
//
//   0   3 bytes  SRID, big endian, the low 21 bits signed
//   3   1 byte   flags: 1 Z, 2 M, 4 box, 8 geodetic, 16 extended flags (version 2 only), 64 version 2
//   4   8 bytes  extended flags, if flagged
//   -   floats   box, if flagged: 2 per dimension; 6 when geodetic
//   -   geometry uint32 type, uint32 count, and then by type:
//         point (count 0 or 1), line    count * dimensions doubles
//         polygon                       count uint32 ring sizes, padded to 8 bytes, then all rings' doubles
//         multi*, geometrycollection    count geometries
Result<Geometry> read_postgis(std::span<const std::byte> bytes);
std::string write_postgis(const Geometry& geometry);  // version 2, without a box
// The SRID alone; 0 for bytes too short to state one, of which read_postgis() then names the error.
std::int32_t postgis_srid(std::span<const std::byte> bytes);

// Writers. Numbers are written in the shortest form that reads back as the same double.
std::string write_wkb(const Geometry& geometry);      // little endian WKB; EWKB with SRID when srid != 0
std::string write_hex_wkb(const Geometry& geometry);  // upper case hex of the same
std::string write_wkt(const Geometry& geometry);  // "MULTIPOINT((0 0),(1 2))", no SRID, spacing as ST_AsText
std::string write_geojson(const Geometry& geometry);  // {"type": "Point", "coordinates": [1, 2]}

// Builders for results.
Geometry make_point(LngLat point, std::int32_t srid);
Geometry make_polygon(std::span<const LngLat> shell, std::int32_t srid);  // REQUIRES: shell is closed

// What every function with a geometry argument asks first: SRID 0 or 4326, else ErrorCode::unsupported
// (Invalid SRID "3857"; should be 4326 or 0 (transform the geometry first)).
Result<void> require_lng_lat(const Geometry& geometry);
// The coordinates of a geometry that has to be one point in longitude and latitude; an error that names what
// it is instead (the SRID, another type, POINT EMPTY).
Result<LngLat> require_single_point(const Geometry& geometry);

}  // namespace geocell
