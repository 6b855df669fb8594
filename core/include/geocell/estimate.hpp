// Guesses of how many cells a call returns, for a query planner: O(vertices), never an error, always >= 1 and
// finite. Arguments that the call itself would refuse give 1.
#pragma once

#include <cstdint>
#include <span>

#include "geocell/geometry.hpp"
#include "geocell/polyfill.hpp"

namespace geocell {

namespace quadbin {
double estimate_children(std::int64_t cell, std::int32_t resolution);
double estimate_k_ring(std::int64_t origin, std::int32_t size);
double estimate_uncompact(std::span<const std::int64_t> cells, std::int32_t resolution);
double estimate_polyfill(const Geometry& geometry, std::int32_t resolution, PolyfillMode mode);
}  // namespace quadbin

namespace s2 {
double estimate_children(std::int64_t cell, std::int32_t resolution);
double estimate_polyfill(const Geometry& geometry, std::int32_t resolution, PolyfillMode mode);
}  // namespace s2

}  // namespace geocell
