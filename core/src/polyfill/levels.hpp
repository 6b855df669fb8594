// The sizes of the quadtree's nodes, and the order of what one is split into.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "geocell/quadbin.hpp"

namespace geocell::polyfill {

namespace detail {

// Halving is exact.
inline constexpr auto kWidthDeg = [] {
  std::array<double, quadbin::kMaxResolution + 1> widths{};
  double width = 360;
  for (double& at_level : widths) {
    at_level = width;
    width /= 2;
  }
  return widths;
}();
inline constexpr auto kPerDeg = [] {
  auto factors = kWidthDeg;
  for (double& factor : factors) factor = 1 / factor;
  return factors;
}();

}  // namespace detail

inline double column_width_deg(int level) { return detail::kWidthDeg[static_cast<std::size_t>(level)]; }
inline double columns_per_deg(int level) { return detail::kPerDeg[static_cast<std::size_t>(level)]; }

// A bit for each of up to 8 x 8 boxes: bit 8 * row + column, rows from the south.
using BoxMask = std::uint64_t;
inline constexpr BoxMask kAllBoxes = ~BoxMask{0};

// The boxes that there are when a node is split into 2^levels columns and rows.
constexpr BoxMask existing_boxes(int levels) {
  const int columns = 1 << levels;
  return (0x0101010101010101U * ((1U << columns) - 1)) & (kAllBoxes >> (8 * (8 - columns)));
}

// The same with the bits in the order of ids (Morton order, rows from the north): bit i is the i-th box. Bits
// that are no box are dropped.
constexpr std::uint64_t in_id_order(BoxMask mask, int levels) {
  // Exchanges two bits of the position of every bit. `low`: the positions that have the lower one of the two
  // alone; `distance`: from such a position to the one that has the higher alone.
  const auto swap_places = [](std::uint64_t bits, std::uint64_t low, int distance) {
    const std::uint64_t change = ((bits >> distance) ^ bits) & low;
    return bits ^ change ^ (change << distance);
  };
  // Rows from the north, in the lowest bytes.
  std::uint64_t bits = __builtin_bswap64(mask) >> (8 * (8 - (1 << levels)));
  bits &= existing_boxes(levels);
  // Position y2 y1 y0 x2 x1 x0 becomes y2 x2 y1 x1 y0 x0.
  bits = swap_places(bits, 0x0000f0f00000f0f0U, 12);  // y2 x2 y0 y1 x1 x0
  bits = swap_places(bits, 0x00f000f000f000f0U, 4);   // y2 x2 y1 y0 x1 x0
  return swap_places(bits, 0x0c0c0c0c0c0c0c0cU, 2);   // y2 x2 y1 x1 y0 x0
}

}  // namespace geocell::polyfill
