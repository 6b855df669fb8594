// A box split into up to 8 x 8 boxes, and the question which of them an edge meets: answered for all of them
// together by following the edge from row to row. See polyfill_block.cpp.
#pragma once

#include <cstdint>

#include "polyfill_part.hpp"
#include "polyfill_rows.hpp"

namespace geocell::quadbin {

// The boxes are those of the quadtree `levels` below one node: cells, or nodes on the way to them.
struct Split {
  double west_deg;
  double south_deg;
  double width_deg;             // of one box; 45 times a power of two
  double per_deg;               // 1 / width_deg
  int levels;                   // 0..kBlockLevels
  const BlockLines* lines_deg;  // between the rows of boxes; not read by toggle_centers()

  int columns() const { return 1 << levels; }
};

// A bit for each box: bit 8 * row + column, rows from the south. Bits that are no box are undefined.
using BoxMask = std::uint64_t;
inline constexpr BoxMask kAllBoxes = ~BoxMask{0};
BoxMask existing_boxes(int levels);

// The same with the bits in the order of ids (Morton order, rows from the north): bit i is the i-th box.
std::uint64_t in_id_order(BoxMask mask, int levels);

// The boxes that the edge meets: the closed boxes, or the open ones. Toggles `inside` for the boxes whose
// south-west corner, moved by (e1, e2), e1 >> e2 > 0 infinitesimal, the edge separates from that of the
// whole, on the way north along the west side and then east.
template <bool kClosed>
BoxMask boxes_met(const Edge& edge, const Split& split, BoxMask& inside);

// The boxes whose centre lies on the edge. Toggles `inside` for the centres instead of the corners.
BoxMask centers_met(const Edge& edge, const Split& split, const BlockCenters& centers_deg, BoxMask& inside);

}  // namespace geocell::quadbin
