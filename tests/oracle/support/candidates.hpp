// The cells a brute-force oracle asks about: every cell near a geometry, with its box and centre as doubles.
#pragma once

#include <cstdint>
#include <vector>

#include "geocell/geometry.hpp"

namespace geocell::oracle {

struct Bounds {
  double west, south, east, north;
};

// One cell in one copy of the world: box and centre are translated by 360 * k degrees, the id is the wrapped
// cell's. The translation is exact: columns are multiples of 360 / 2^27 below 2^12.
struct Candidate {
  std::int64_t id;
  Bounds box;
  LngLat center;
};

// All cells of `resolution` in the tile range of `bounds`, and one ring around it, ascending within each
// copy. A geometry within [-180, 180] meets the cells where they lie; one that reaches beyond is met by the
// cells of every copy of the world that its bounds touch. The tile range comes from the textbook Mercator
// formula, not from the library.
std::vector<Candidate> candidate_cells(const Bounds& bounds, int resolution);
std::uint64_t candidate_count(const Bounds& bounds, int resolution);

// Ascending, no duplicates.
std::vector<std::int64_t> sorted_set(std::vector<std::int64_t> ids);

}  // namespace geocell::oracle
