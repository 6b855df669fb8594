// A geometry as s2geometry shapes on the sphere: one shape for all points, one for all lines,
// one for each polygon.
#pragma once

#include <s2/s2shape.h>

#include <memory>
#include <vector>

#include "geocell/cells.hpp"
#include "geocell/geometry.hpp"
#include "geocell/polyfill_mode.hpp"
#include "geocell/status.hpp"

namespace geocell::s2 {

// The shapes of all members of the geometry that count in a mode, however nested. Empty members give none.
// Points and lines contain no cell; a cell's centre is on a line only, as far as rounding lets one tell,
// where the line has a vertex.
//
// A polygon's inside is by the even-odd rule over its rings; each ring alone bounds the smaller of its two
// sides, whatever its orientation. For a polygon whose vertices lie within 85 degrees of one point, "smaller"
// is the side without that point's antipode, which holds for rings that cross themselves or have no area too;
// for wider ones it is by signed area, which needs a ring that does not cross itself. Edges that occur twice
// in one polygon bound nothing (the seam of a polygon around a pole): they become lines.
//
// Errors: a latitude beyond ±90; an edge between antipodal points, which has no shortest path.
Result<std::vector<std::unique_ptr<S2Shape>>> make_shapes(const CallContext& context,
                                                          const Geometry& geometry, PolyfillMode mode);

}  // namespace geocell::s2
