// How many S2 cells a call returns, guessed for a query planner (RowEstimate in function_info.hpp):
// O(vertices), never an error, always >= 1 and finite. Arguments that the call itself would refuse give 1.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "geocell/geometry.hpp"
#include "geocell/values.hpp"

namespace geocell::s2 {

double estimate_children(std::int64_t cell, std::optional<std::int32_t> resolution);  // exact
// From the average area of a cell. Mode "center" when it is not known; 0 for one that the
// call would refuse.
double estimate_polyfill(const Geometry& geometry, std::int32_t resolution, Nullable<std::string_view> mode);

}  // namespace geocell::s2
