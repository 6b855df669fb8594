// What the row estimates of all grids share: how much of a geometry there is, counted in cells.
#pragma once

#include <cmath>
#include <string_view>

#include "geocell/geometry.hpp"
#include "geocell/values.hpp"

namespace geocell {

// 4^levels, the descendants of a cell that many levels down; 1 for no levels or fewer.
inline double cells_below(int levels) { return levels > 0 ? std::ldexp(1.0, 2 * levels) : 1; }

// About how many cells of the given size a polyfill returns: between 1 and `most`. 0 for a mode that the call
// would refuse.
double estimate_cells(const Geometry& geometry, Nullable<std::string_view> mode, double cell_width_deg,
                      double cell_height_deg, double most);

// Cosine of the latitude in the middle of the geometry: never less than that of 85°.
double middle_cos(const Geometry& geometry);

}  // namespace geocell
