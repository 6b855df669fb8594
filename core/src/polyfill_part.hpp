// A geometry as the polyfill engine takes it: parts with an inside of their own, made of boundary segments.
#pragma once

#include <span>
#include <utility>
#include <vector>

#include "geocell/geometry.hpp"

namespace geocell::quadbin {

// A boundary segment, directed so that a.lat_deg <= b.lat_deg. A point is a segment with a == b.
struct Edge {
  LngLat a;
  LngLat b;
  double slope;      // of longitude over latitude, rounded; not used where slack_deg is infinite
  double slack_deg;  // the edge's share in the error of a computed crossing (polyfill_block.cpp)
};
Edge make_edge(LngLat from, LngLat to);

// |computed - exact| <= kCrossingError * (|distance of end a from the reference| + |extent|), in longitude,
// where an edge crosses a latitude: nine roundings of at most 2^-53 each, of quantities within that sum, and
// a margin.
inline constexpr double kCrossingError = 16 * 0x1p-53;

struct Box {
  double west_deg, south_deg, east_deg, north_deg;
};

struct Part {
  bool area;  // the edges bound an inside, by the even-odd rule
  Box bounds;
  std::vector<Edge> edges;
};

// Every polygon is a part of its own, since each has its own inside; all lines and points share one.
std::vector<Part> split_into_parts(const Geometry& geometry);

// The copies of the world that the part reaches, first and last: copy k spans the longitudes [360k - 180,
// 360k + 180]. A geometry that stays within ±180 is on copy 0 alone, even where it touches the antimeridian:
// so the range is that of `whole`, cut to what the part itself reaches; first > last: none.
std::pair<int, int> world_range(const Box& part, const Box& whole);

Box bounds_of(std::span<const Part> parts);  // REQUIRES: not empty

}  // namespace geocell::quadbin
