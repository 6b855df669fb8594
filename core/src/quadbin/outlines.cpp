// Quadbin functions that take or return geometries.
#include "core/src/quadbin/checks.hpp"
#include "geocell/geometry.hpp"
#include "geocell/quadbin.hpp"

namespace geocell::quadbin {
Result<std::int64_t> from_point(const Geometry& point, std::int32_t resolution) {
  if (!is_resolution(resolution)) return invalid_resolution(resolution, 0, kMaxResolution);
  const auto at = require_single_point(point);
  if (!at) return at.error();
  return from_lng_lat(at->lng_deg, at->lat_deg, resolution);
}

Result<Geometry> boundary(std::int64_t cell) {
  const auto box = bbox(cell);
  if (!box) return box.error();
  const auto [west, south, east, north] = *box;
  const std::array<LngLat, 5> shell{
      {{west, south}, {west, north}, {east, north}, {east, south}, {west, south}}};
  return make_polygon(shell, kLngLatSrid);
}

Result<Geometry> center(std::int64_t cell) {
  if (!is_valid_id(cell)) return invalid_cell(cell);
  // The lines between the cell's children cross at its centre.
  const auto [z, x, y] = decode_unchecked(cell);
  return make_point({column_lng_deg(z + 1, 2 * x + 1), row_lat_deg(z + 1, 2 * y + 1)}, kLngLatSrid);
}

}  // namespace geocell::quadbin
