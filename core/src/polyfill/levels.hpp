// The sizes of the quadtree's nodes, and the orders of the bits that stand for what a node is split into.
//
// A mask of 64 bits stands for 8 x 8 boxes in one of two orders (drawn in docs/design/polyfill.md):
//   row-major   bit 8 * row + column, rows from the south: what the tracer fills; a row is a byte
//   id order    bit i is the i-th box by id, in Morton order, rows from the north: what CellRuns takes
// In a window, a third one comes before both:
//   bitmap      a word for each row of up to 64 cells, rows from the south; bit c is column c
// A block is a square of 8 x 8 cells below one node. Eight rows of a bitmap are eight blocks side by side;
// exchanging bytes (window.cpp) makes row-major masks of blocks of them, in_id_order() the rest.
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

// A bit for each of up to 8 x 8 boxes, row-major.
using BoxMask = std::uint64_t;
inline constexpr BoxMask kAllBoxes = ~BoxMask{0};

// The boxes that exist when a node is split into 2^levels columns and rows.
constexpr BoxMask existing_boxes(int levels) {
  const int columns = 1 << levels;
  return (0x0101010101010101U * ((1U << columns) - 1)) & (kAllBoxes >> (8 * (8 - columns)));
}

// A row-major mask with its bits in id order. Bits that stand for no box are dropped.
constexpr std::uint64_t in_id_order(BoxMask mask, int levels) {
  // Swaps two bits in the positions of all bits. `low`: the positions in which only the lower one of the two
  // is set; `distance`: from there to the position in which only the higher one is.
  const auto swap_position_bits = [](std::uint64_t bits, std::uint64_t low, int distance) {
    const std::uint64_t change = ((bits >> distance) ^ bits) & low;
    return bits ^ change ^ (change << distance);
  };
  // Row-major still, but rows from the north, in the lowest bytes.
  std::uint64_t bits = __builtin_bswap64(mask) >> (8 * (8 - (1 << levels)));
  bits &= existing_boxes(levels);
  // Position y2 y1 y0 x2 x1 x0 becomes y2 x2 y1 x1 y0 x0.
  bits = swap_position_bits(bits, 0x0000f0f00000f0f0U, 12);  // y2 x2 y0 y1 x1 x0
  bits = swap_position_bits(bits, 0x00f000f000f000f0U, 4);   // y2 x2 y1 y0 x1 x0
  return swap_position_bits(bits, 0x0c0c0c0c0c0c0c0cU, 2);   // y2 x2 y1 x1 y0 x0
}

}  // namespace geocell::polyfill
