// The cells of one block, decided together: each edge is followed from row to row, and gives for every row an
// interval of columns that it meets and a point where the inside changes. See polyfill_block.cpp.
#pragma once

#include <cstdint>
#include <span>

#include "polyfill_part.hpp"
#include "polyfill_rows.hpp"

namespace geocell::quadbin {

enum class CellTest : std::uint8_t {
  center,      // the centre point intersects the part
  intersects,  // the closed cell meets the part
  contains,    // the part contains the cell
  interior,    // the closed cell lies in the interior: contained, and no edge touches it
};

// Whether a walk must keep the edges that only touch a box from outside.
constexpr bool needs_touching_edges(CellTest test) {
  return test == CellTest::intersects || test == CellTest::interior;
}

struct Block {
  double west_deg;
  double south_deg;
  double width_deg;                 // of one column; a power of two times 45
  int columns;                      // and rows: 1, 2, 4 or 8
  bool inside;                      // the point infinitesimally north-east of the south-west corner is inside
  const BlockLines* lines_deg;      // null for CellTest::center
  const BlockCenters* centers_deg;  // for CellTest::center, else null
};

// The cells for which the test holds: bit i for the i-th cell of the block in Morton order.
// REQUIRES: `list` holds the indices of all edges that meet the block (the open one, unless
// needs_touching_edges()).
std::uint64_t cells_of_block(CellTest test, const Block& block, bool area, std::span<const Edge> edges,
                             std::span<const std::uint32_t> list);

}  // namespace geocell::quadbin
