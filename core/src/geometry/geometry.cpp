#include "geocell/geometry.hpp"

#include <array>

#include "core/src/geometry/geometry_reading.hpp"

namespace geocell {
namespace {

constexpr std::string_view kWhiteSpace = " \t\n\v\f\r";

// ISO 13249-3 table of well-known binary codes, after the seven types geocell reads.
constexpr std::uint32_t kFirstUnsupportedType = 8;
constexpr std::array<std::string_view, 10> kUnsupportedTypes = {
    "CIRCULARSTRING", "COMPOUNDCURVE", "CURVEPOLYGON",      "MULTICURVE", "MULTISURFACE",
    "CURVE",          "SURFACE",       "POLYHEDRALSURFACE", "TIN",        "TRIANGLE"};

std::string point_text(const LngLat& point) {
  return std::string("(") + to_text(point.lng_deg) + " " + to_text(point.lat_deg) + ")";
}

}  // namespace

std::string_view geometry_type_name(GeometryType type) {
  switch (type) {
    case GeometryType::point:
      return "POINT";
    case GeometryType::linestring:
      return "LINESTRING";
    case GeometryType::polygon:
      return "POLYGON";
    case GeometryType::multipoint:
      return "MULTIPOINT";
    case GeometryType::multilinestring:
      return "MULTILINESTRING";
    case GeometryType::multipolygon:
      return "MULTIPOLYGON";
    case GeometryType::geometrycollection:
      break;
  }
  return "GEOMETRYCOLLECTION";
}

Geometry make_point(LngLat point, std::int32_t srid) {
  Geometry geometry;
  geometry.srid = srid;
  geometry.elements = {{GeometryType::point, 0, 0, 1}};
  geometry.rings = {{0, 1}};
  geometry.points = {point};
  return geometry;
}

Geometry make_polygon(std::span<const LngLat> shell, std::int32_t srid) {
  Geometry geometry;
  geometry.srid = srid;
  geometry.elements = {{GeometryType::polygon, 0, 0, 1}};
  geometry.rings = {{0, shell.size()}};
  geometry.points.assign(shell.begin(), shell.end());
  return geometry;
}

Result<void> require_lng_lat(const Geometry& geometry) {
  if (is_lng_lat_srid(geometry.srid)) return {};
  return Error{ErrorCode::unsupported, "Invalid SRID \"" + std::to_string(geometry.srid) +
                                           "\"; should be 4326 or 0 (transform the geometry first)"};
}

Result<LngLat> require_single_point(const Geometry& geometry) {
  if (const auto checked = require_lng_lat(geometry); !checked) return checked.error();
  if (geometry.type() != GeometryType::point) {
    return invalid_value("geometry type", geometry_type_name(geometry.type()), "POINT");
  }
  if (geometry.empty()) return invalid_value("point", "POINT EMPTY", "a point with coordinates");
  return geometry.points.front();
}

Result<Geometry> read_geometry_text(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(kWhiteSpace), text.size());
  const std::string_view rest = text.substr(begin);
  if (rest.starts_with('{')) return read_geojson(text);
  if (rest.starts_with("00") || rest.starts_with("01")) {
    return reading::read_hex_wkb_at(rest.substr(0, rest.find_last_not_of(kWhiteSpace) + 1), begin);
  }
  return read_wkt(text);
}

namespace reading {

std::optional<GeometryType> member_type(GeometryType collective) {
  switch (collective) {
    case GeometryType::multipoint:
      return GeometryType::point;
    case GeometryType::multilinestring:
      return GeometryType::linestring;
    case GeometryType::multipolygon:
      return GeometryType::polygon;
    default:
      return std::nullopt;
  }
}

std::string_view unsupported_type_name(std::uint32_t wkb_code) {
  const std::uint32_t index = wkb_code - kFirstUnsupportedType;  // wraps below: then not less than the size
  return index < kUnsupportedTypes.size() ? kUnsupportedTypes[index] : std::string_view{};
}

bool is_unsupported_type_name(std::string_view upper_case_name) {
  return std::ranges::find(kUnsupportedTypes, upper_case_name) != kUnsupportedTypes.end();
}

std::string line_problem(std::size_t point_count) {
  if (point_count == 0 || point_count >= kMinLinePoints) return {};
  return "line has " + count_text(point_count, "point") + "; should have none or at least " +
         std::to_string(kMinLinePoints);
}

std::string ring_problem(std::span<const LngLat> ring) {
  if (ring.size() < kMinRingPoints) {
    return "ring has " + count_text(ring.size(), "point") + "; should have at least " +
           std::to_string(kMinRingPoints);
  }
  if (ring.front() == ring.back()) return {};
  return "ring is not closed; starts at " + point_text(ring.front()) + " and ends at " +
         point_text(ring.back());
}

std::string member_problem(std::optional<GeometryType> collective, GeometryType member) {
  if (!collective) return {};
  const std::optional<GeometryType> wanted = member_type(*collective);
  if (!wanted || *wanted == member) return {};
  return std::string(geometry_type_name(*collective)) + " holds a " +
         std::string(geometry_type_name(member)) + "; should hold only " +
         std::string(geometry_type_name(*wanted));
}

std::string unsupported_problem(std::string_view type_name) {
  return "geometry type " + std::string(type_name) +
         " is not supported; should be made of points, straight lines and polygons";
}

std::string depth_problem() {
  return "geometries are nested more than " + std::to_string(kMaxGeometryDepth) + " deep";
}

std::string missing_bytes_problem(std::string_view what, std::size_t needed, std::size_t remaining) {
  return std::string(what) + " needs " + count_text(needed, "byte") + " but " +
         count_text(remaining, "byte") + (remaining == 1 ? " remains" : " remain");
}

std::string missing_items_problem(std::size_t claimed, std::string_view noun, std::size_t remaining) {
  return "claims " + count_text(claimed, noun) + " but " + count_text(remaining, "byte") +
         (remaining == 1 ? " remains" : " remain");
}

std::string trailing_bytes_problem(std::size_t count) {
  return count_text(count, "byte") + (count == 1 ? " follows" : " follow") + " the geometry";
}

std::string count_text(std::size_t count, std::string_view noun) {
  return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

}  // namespace reading
}  // namespace geocell
