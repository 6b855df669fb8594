// Polyfill by definition, cell by cell and edge by edge, in exact arithmetic: the third opinion, and the only
// one on invalid geometries, where GEOS has none.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "geocell/geometry.hpp"
#include "tests/oracle/support/candidates.hpp"

namespace geocell::oracle {

// The answers of the three modes, each ascending without duplicates; indexed by PolyfillMode.
using Answers = std::array<std::vector<std::int64_t>, 3>;

Bounds bounds_of(const Geometry& geometry);  // REQUIRES: not empty

// Per polygon, with the inside by parity over all its rings:
//   center      the centre is on an edge, or inside
//   intersects  an edge meets the closed cell, or the cell is inside
//   contains    no edge meets the open cell, and the cell is inside
// Lines and points: `center` and `intersects` as closed point sets; they contain nothing. A multi geometry or
// a collection is the union of its members' answers.
Answers exact_polyfill(const Geometry& geometry, int resolution);

// Sign of the area of a, b, c, without rounding: 1 counter-clockwise, -1 clockwise, 0 collinear.
int orientation(const LngLat& a, const LngLat& b, const LngLat& c);
bool segment_meets_closed_box(const LngLat& a, const LngLat& b, const Bounds& box);
bool segment_meets_open_box(const LngLat& a, const LngLat& b, const Bounds& box);

}  // namespace geocell::oracle
