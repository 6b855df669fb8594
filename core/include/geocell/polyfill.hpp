// Exact polyfill on the quadbin grid (DESIGN.md decision 6).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "geocell/geometry.hpp"
#include "geocell/status.hpp"
#include "geocell/types.hpp"

namespace geocell {

enum class PolyfillMode : std::uint8_t {
  center,      // the cell's centre point intersects the geometry (its boundary included)
  intersects,  // the closed cell and the geometry share a point
  contains,  // the geometry contains the cell (OGC: nothing of the cell is outside; lines and points contain
             // none)
};

Result<PolyfillMode> parse_polyfill_mode(std::string_view mode);  // "center", "intersects", "contains"

// Coordinates beyond this are refused: they are not degrees (projected metres, most often), and every turn of
// longitude costs a pass.
inline constexpr double kMaxPolyfillDeg = 3600;

namespace quadbin {

// All cells of `resolution` (0..26) that stand in the relation `mode` to the geometry, ascending, no
// duplicates. Edges are straight in longitude/latitude. The inside of one polygon is by the even-odd rule
// over its rings; a collection is the union of its members. Parts beyond ±180° are wrapped; parts beyond the
// grid's first and last row have no cells.
Result<CellRuns> polyfill_cells(const CallContext& context, const Geometry& geometry, std::int32_t resolution,
                                PolyfillMode mode);

// The SQL function: mode "center" when not given.
Result<CellRuns> polyfill(const CallContext& context, const Geometry& geometry, std::int32_t resolution,
                          std::optional<std::string_view> mode);

}  // namespace quadbin
}  // namespace geocell
