#include "geocell/s2_estimates.hpp"

#include <cmath>
#include <numbers>

#include "core/src/functions/measure.hpp"
#include "geocell/s2.hpp"

namespace geocell::s2 {
namespace {
constexpr double kFaces = 6;
constexpr double kRadToDeg = 180 / std::numbers::pi;
}  // namespace

double estimate_children(std::int64_t cell, std::optional<std::int32_t> resolution) {
  const auto level = s2::resolution(cell);
  if (!level.ok()) return 1;
  const std::int32_t wanted = resolution.value_or(*level + 1);
  return wanted > kMaxResolution ? 1 : cells_below(wanted - *level);
}

double estimate_polyfill(const Geometry& geometry, std::int32_t resolution, Nullable<std::string_view> mode) {
  if (resolution < 0 || resolution > kMaxResolution) return 1;
  const double most = kFaces * cells_below(resolution);
  // The average cell as a square: an area of the sphere, wider in degrees of longitude towards the poles.
  const double side = std::sqrt(4 * std::numbers::pi / most) * kRadToDeg;
  return estimate_cells(geometry, mode, side / middle_cos(geometry), side, most);
}

}  // namespace geocell::s2
