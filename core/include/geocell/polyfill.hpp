// Exact polyfill on the quadbin grid; docs/design/polyfill.md says how it works.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "geocell/call_context.hpp"
#include "geocell/cells.hpp"
#include "geocell/geometry.hpp"
#include "geocell/polyfill_mode.hpp"
#include "geocell/status.hpp"

namespace geocell {

// Coordinates beyond this are refused: they are not degrees (most often projected metres), and every turn
// around the world costs a pass.
inline constexpr double kMaxPolyfillDeg = 3600;

namespace quadbin {

// All cells of `resolution` (0..26) that have the relation `mode` to the geometry, ascending, without
// duplicates. Edges are straight in longitude/latitude. The inside of one polygon is by the even-odd rule
// over its rings; a collection is the union of its members. Parts beyond ±180° are wrapped; parts beyond the
// grid's first and last row have no cells. More than context.max_cells: ErrorCode::limit_exceeded.
Result<CellRuns> polyfill_cells(const CallContext& context, const Geometry& geometry, std::int32_t resolution,
                                PolyfillMode mode);

// --- SQL functions; mode "center" when not given. All describe the same set of cells. ---
Result<CellRuns> polyfill(const CallContext& context, const Geometry& geometry, std::int32_t resolution,
                          std::optional<std::string_view> mode);
// Piece by piece: memory grows with the geometry, not with the answer. The stream copies the geometry.
Result<CellStream> polyfill_stream(const Geometry& geometry, std::int32_t resolution,
                                   std::optional<std::string_view> mode);
Result<std::int64_t> polyfill_count(const CallContext& context, const Geometry& geometry,
                                    std::int32_t resolution, std::optional<std::string_view> mode);
// The fewest cells, of `resolution` and coarser, that cover exactly the same set; in the order of compact().
Result<std::vector<std::int64_t>> polyfill_compact(const CallContext& context, const Geometry& geometry,
                                                   std::int32_t resolution,
                                                   std::optional<std::string_view> mode);
// The first `max_cells` (1 or more) of the fewest cells that cover the part of the set that comes after all
// of `after` on the Z-curve: a valid cell of `resolution` or coarser, or 0 for the beginning. In the order of
// compact(); fewer than `max_cells` mean that nothing is left. All pages, each called with the last cell of
// the one before, are polyfill_compact(). Each call walks the geometry again.
Result<std::vector<std::int64_t>> polyfill_page(const CallContext& context, const Geometry& geometry,
                                                std::int32_t resolution, std::string_view mode,
                                                std::int64_t after, std::int32_t max_cells);
// Stretches of ids without a gap at `resolution`, ascending; each is interior as a whole or not at all.
Result<std::vector<CellRange>> polyfill_ranges(const CallContext& context, const Geometry& geometry,
                                               std::int32_t resolution, std::optional<std::string_view> mode);

}  // namespace quadbin
}  // namespace geocell
