// Quadbin functions that take or return geometries.
#include "geocell/geometry.hpp"
#include "geocell/quadbin.hpp"
#include "quadbin_checks.hpp"

namespace geocell::quadbin {
namespace {
constexpr std::int32_t kSridWgs84 = 4326;
}  // namespace

Result<std::int64_t> from_point(const Geometry& point, std::int32_t resolution) {
  if (!is_resolution(resolution)) return invalid_resolution(resolution, 0, kMaxResolution);
  if (const auto checked = require_lng_lat(point); !checked) return checked.error();
  if (point.type() != GeometryType::point) {
    return invalid_value("geometry type", geometry_type_name(point.type()), "POINT");
  }
  if (point.empty()) return invalid_value("point", "POINT EMPTY", "a point with coordinates");
  const LngLat at = point.points.front();
  return from_lng_lat(at.lng_deg, at.lat_deg, resolution);
}

Result<Geometry> boundary(std::int64_t cell) {
  const auto box = bbox(cell);
  if (!box) return box.error();
  const auto [west, south, east, north] = *box;
  const std::array<LngLat, 5> shell{
      {{west, south}, {west, north}, {east, north}, {east, south}, {west, south}}};
  return make_polygon(shell, kSridWgs84);
}

Result<Geometry> center(std::int64_t cell) {
  if (!is_valid_id(cell)) return invalid_cell(cell);
  // The lines between the cell's children cross at its centre.
  const auto [z, x, y] = decode_unchecked(cell);
  return make_point({column_lng_deg(z + 1, 2 * x + 1), row_lat_deg(z + 1, 2 * y + 1)}, kSridWgs84);
}

}  // namespace geocell::quadbin
