#include "core/src/functions/measure.hpp"

#include <algorithm>
#include <numbers>

#include "geocell/polyfill_mode.hpp"

namespace geocell {
namespace {

constexpr double kDegToRad = std::numbers::pi / 180;
constexpr double kMaxEstimateLatDeg = 85;  // towards the pole cos() goes to 0, and the guess to infinity

// Counted in cells of the given size.
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

}  // namespace

double estimate_cells(const Geometry& geometry, Nullable<std::string_view> mode_name, double cell_width_deg,
                      double cell_height_deg, double most) {
  const auto mode = parse_polyfill_mode(mode_name.value.value_or("center"));
  if (!mode) return 0;
  const Measure cells = measure(geometry, cell_width_deg, cell_height_deg);
  double count = cells.inside;
  if (*mode == PolyfillMode::intersects) count += cells.boundary / 2 + cells.points + 1;
  if (*mode == PolyfillMode::contains) count -= cells.boundary / 2;
  return count > 1 ? std::min(count, most) : 1;  // NaN from overflow gives 1
}

double middle_cos(const Geometry& geometry) {
  if (geometry.empty()) return 1;
  const auto [south, north] = std::ranges::minmax(geometry.points, {}, &LngLat::lat_deg);
  const double middle = south.lat_deg / 2 + north.lat_deg / 2;
  return std::cos(std::clamp(middle, -kMaxEstimateLatDeg, kMaxEstimateLatDeg) * kDegToRad);
}

}  // namespace geocell
