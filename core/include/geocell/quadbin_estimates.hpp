// How many quadbin cells a call returns, guessed for a query planner (RowEstimate in function_info.hpp):
// O(vertices), never an error, always >= 1 and finite. Arguments that the call itself would refuse give 1.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "geocell/geometry.hpp"
#include "geocell/values.hpp"

namespace geocell::quadbin {

double estimate_children(std::int64_t cell, std::int32_t resolution);                     // exact
double estimate_k_ring(std::int64_t origin, std::int32_t size);                           // an upper bound
double estimate_uncompact(std::span<const std::int64_t> cells, std::int32_t resolution);  // an upper bound
// Mode "center" when it is not known; 0 for one that the call would refuse.
double estimate_polyfill(const Geometry& geometry, std::int32_t resolution, Nullable<std::string_view> mode);

}  // namespace geocell::quadbin
