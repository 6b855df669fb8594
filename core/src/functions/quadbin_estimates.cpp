#include "geocell/quadbin_estimates.hpp"

#include <algorithm>
#include <cmath>

#include "core/src/functions/measure.hpp"
#include "geocell/quadbin.hpp"

namespace geocell::quadbin {

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

double estimate_polyfill(const Geometry& geometry, std::int32_t resolution, Nullable<std::string_view> mode) {
  if (resolution < 0 || resolution > kMaxResolution) return 1;
  // Mercator: cells are squares on the map, so in degrees they get lower with the cosine.
  const double width = std::ldexp(360.0, -resolution);
  return estimate_cells(geometry, mode, width, width * middle_cos(geometry), cells_below(resolution));
}

}  // namespace geocell::quadbin
