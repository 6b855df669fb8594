// Shared by the quadbin sources: small questions about resolutions and ids.
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>

#include "geocell/quadbin.hpp"

namespace geocell::quadbin {

inline bool is_resolution(std::int32_t resolution) { return resolution >= 0 && resolution <= kMaxResolution; }

// REQUIRES: is_valid_id(cell)
inline std::int32_t resolution_unchecked(std::int64_t cell) {
  return static_cast<std::int32_t>((cell >> 52) & 31);
}

// The number of cells of resolution `finer` in one of `coarser`. REQUIRES: coarser <= finer
inline std::uint64_t descendant_count(std::int32_t coarser, std::int32_t finer) {
  return std::uint64_t{1} << (2 * (finer - coarser));
}

// The ancestor at `resolution`. REQUIRES: a valid cell, 0 <= resolution <= its own
inline std::int64_t ancestor(std::int64_t cell, std::int32_t resolution) {
  return static_cast<std::int64_t>((static_cast<std::uint64_t>(cell) & ~(std::uint64_t{31} << 52)) |
                                   (static_cast<std::uint64_t>(resolution) << 52) |
                                   (id_stride(resolution) - 1));
}

// The first descendant at `resolution`. REQUIRES: a valid cell, resolution >= its own
inline std::int64_t first_descendant(std::int64_t cell, std::int32_t resolution) {
  const std::uint64_t morton_start =
      static_cast<std::uint64_t>(cell) & ~(id_stride(resolution_unchecked(cell)) - 1);
  return static_cast<std::int64_t>((morton_start & ~(std::uint64_t{31} << 52)) |
                                   (static_cast<std::uint64_t>(resolution) << 52) |
                                   (id_stride(resolution) - 1));
}

// The row of a latitude, counted from the north as a real number, on a grid of `rows` rows: Web Mercator.
// Takes the latitude's sine, which is not ±1.
inline double mercator_row(double sin_lat, double rows) {
  return rows * (0.5 - 0.25 * std::log((1 + sin_lat) / (1 - sin_lat)) / std::numbers::pi);
}

}  // namespace geocell::quadbin
