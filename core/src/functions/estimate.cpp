#include "geocell/estimate.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "geocell/quadbin.hpp"
#include "geocell/s2.hpp"

namespace geocell {
namespace {

constexpr double kDegToRad = std::numbers::pi / 180;
constexpr double kMaxEstimateLatDeg = 85;  // towards the pole cos() goes to 0, and the guess to infinity

double cells_below(int levels) { return levels > 0 ? std::ldexp(1.0, 2 * levels) : 1; }

// How much of a geometry there is, counted in cells of the given size.
struct Measure {
  double inside = 0;    // areas of polygons
  double boundary = 0;  // cells that edges run through
  double points = 0;
};

Measure measure(const Geometry& geometry, double cell_width_deg, double cell_height_deg) {
  Measure total;
  for (const Element& element : geometry.elements) {
    double inside = 0;
    bool shell = true;
    for (const Ring& ring : geometry.element_rings(element)) {
      const auto points = geometry.ring_points(ring);
      if (element.type == GeometryType::point) ++total.points;
      double doubled_area = 0;
      for (std::size_t i = 1; i < points.size(); ++i) {
        const double dx = (points[i].lng_deg - points[i - 1].lng_deg) / cell_width_deg;
        const double dy = (points[i].lat_deg - points[i - 1].lat_deg) / cell_height_deg;
        total.boundary += std::abs(dx) + std::abs(dy);
        doubled_area += (points[i - 1].lng_deg - points[0].lng_deg) / cell_width_deg * dy -
                        (points[i - 1].lat_deg - points[0].lat_deg) / cell_height_deg * dx;
      }
      if (element.type == GeometryType::polygon) {
        inside += (shell ? 1 : -1) * std::abs(doubled_area) / 2;
        shell = false;
      }
    }
    total.inside += std::max(inside, 0.0);
  }
  return total;
}

double estimate(const Geometry& geometry, PolyfillMode mode, double cell_width_deg, double cell_height_deg,
                double most) {
  const Measure cells = measure(geometry, cell_width_deg, cell_height_deg);
  double count = cells.inside;
  if (mode == PolyfillMode::intersects) count += cells.boundary / 2 + cells.points + 1;
  if (mode == PolyfillMode::contains) count -= cells.boundary / 2;
  return count > 1 ? std::min(count, most) : 1;  // NaN from overflow gives 1
}

// Cosine of the latitude in the middle of the geometry.
double middle_cos(const Geometry& geometry) {
  if (geometry.empty()) return 1;
  const auto [south, north] = std::ranges::minmax(geometry.points, {}, &LngLat::lat_deg);
  const double middle = south.lat_deg / 2 + north.lat_deg / 2;
  return std::cos(std::clamp(middle, -kMaxEstimateLatDeg, kMaxEstimateLatDeg) * kDegToRad);
}

}  // namespace

namespace quadbin {

double estimate_children(std::int64_t cell, std::int32_t resolution) {
  if (!is_valid_id(cell) || resolution > kMaxResolution) return 1;
  return cells_below(resolution - decode_unchecked(cell).z);
}

double estimate_k_ring(std::int64_t origin, std::int32_t size) {
  if (!is_valid_id(origin) || size < 0) return 1;
  const double side = std::min(2.0 * size + 1, std::ldexp(1.0, decode_unchecked(origin).z));
  return side * side;
}

double estimate_uncompact(std::span<const std::int64_t> cells, std::int32_t resolution) {
  double count = 0;
  for (const std::int64_t cell : cells) count += estimate_children(cell, resolution);
  return std::max(count, 1.0);
}

double estimate_polyfill(const Geometry& geometry, std::int32_t resolution, PolyfillMode mode) {
  if (resolution < 0 || resolution > kMaxResolution) return 1;
  // Mercator: cells are squares on the map, so in degrees they get lower with the cosine.
  const double width = std::ldexp(360.0, -resolution);
  return estimate(geometry, mode, width, width * middle_cos(geometry), cells_below(resolution));
}

}  // namespace quadbin

namespace s2 {
namespace {
constexpr double kFaces = 6;
}

double estimate_children(std::int64_t cell, std::int32_t resolution) {
  const auto level = s2::resolution(cell);
  if (!level.ok() || resolution > kMaxResolution) return 1;
  return cells_below(resolution - *level);
}

double estimate_polyfill(const Geometry& geometry, std::int32_t resolution, PolyfillMode mode) {
  if (resolution < 0 || resolution > kMaxResolution) return 1;
  const double most = kFaces * cells_below(resolution);
  // The average cell as a square: an area of the sphere, wider in degrees of longitude towards the poles.
  const double side = std::sqrt(4 * std::numbers::pi / most) / kDegToRad;
  return estimate(geometry, mode, side / middle_cos(geometry), side, most);
}

}  // namespace s2
}  // namespace geocell
