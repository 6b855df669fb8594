// S2 cells: s2geometry's cell ids as signed 64-bit integers (the unsigned id, bit for bit).
//
// Everything is computed by s2geometry; here is the SQL shape around it. Resolution is S2's level, 0..30.
// Ascending order means ascending signed id: faces 4 and 5 (negative as signed) come first.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "geocell/call_context.hpp"
#include "geocell/cells.hpp"
#include "geocell/geometry.hpp"
#include "geocell/status.hpp"
#include "geocell/values.hpp"

namespace geocell::s2 {

inline constexpr int kMaxResolution = 30;

// Invalid S2 cell id "3"; should be a valid S2 cell id
Error invalid_cell(std::int64_t cell);

// --- SQL functions. Every function that takes a cell returns invalid_cell() unless the id is valid; one that
// takes a resolution returns invalid_resolution() unless it is in its range. ---

// Points to cells: longitude wraps, latitude is clamped to ±90; NaN and infinities are errors. Equal places are
// equal points, bit for bit: -180 and 180, and all longitudes at a pole; then as S2CellId(point) does it. The
// result at a coarser resolution is to_parent() of the result at a finer one.
Result<std::int64_t> from_lng_lat(double lng_deg, double lat_deg, std::int32_t resolution);
// The same of a POINT, SRID 0 or 4326: fromgeogpoint.
Result<std::int64_t> from_point(const Geometry& point, std::int32_t resolution);

// Other names of a cell: from_x(to_x(cell)) == cell for every valid cell, and any other text is an error.
Result<std::string> to_token(std::int64_t cell);          // 16 lower-case hex digits without trailing zeros
Result<std::int64_t> from_token(std::string_view token);  // either case; trailing zeros may be there
Result<std::string> to_uint64_repr(std::int64_t cell);    // decimal text of the unsigned id
Result<std::int64_t> from_uint64_repr(std::string_view id);
Result<std::string> to_hilbert_quadkey(std::int64_t cell);  // "face/" and a base-4 digit a level
Result<std::int64_t> from_hilbert_quadkey(std::string_view quadkey);

Result<std::int32_t> resolution(std::int64_t cell);
bool is_valid(Nullable<std::int64_t> cell);  // never an error; false for NULL

// The hierarchy. Without a resolution: the direct parent (an error for a face cell); with one, 0 .. the
// cell's own.
Result<std::int64_t> to_parent(std::int64_t cell, std::optional<std::int32_t> resolution);
// The descendants, ascending. Without a resolution: the four direct children (an error for a leaf cell); with
// one, own .. 30, where its own resolution returns the cell itself.
Result<CellRuns> to_children(const CallContext& context, std::int64_t cell,
                             std::optional<std::int32_t> resolution);
// range_min and range_max: the first and the last leaf cell inside; an id of any level lies between them if
// and only if it is inside.
Result<std::array<std::int64_t, 2>> range(std::int64_t cell);

// Outlines, in degrees. The cell's edges are geodesics; the WKT joins its corners.
Result<std::string> boundary(
    std::int64_t cell);  // POLYGON ((lng lat, … five corners, the last the first again))
Result<Geometry> center(
    std::int64_t cell);  // SRID 4326; from_point() of it at the cell's resolution is the cell

// The covering of the rectangle by about 8 cells of mixed resolutions that the first S2RegionCoverer would
// return, denormalised to min_resolution; ascending. min_lng > max_lng crosses the antimeridian; min_lat >
// max_lat is empty. Defaults 0 and 30.
Result<CellRuns> polyfill_bbox(const CallContext& context, double min_lng_deg, double max_lng_deg,
                               double min_lat_deg, double max_lat_deg,
                               std::optional<std::int32_t> min_resolution,
                               std::optional<std::int32_t> max_resolution);
// Polyfill on the sphere: edges of the geometry and of the cells are geodesics. Mode "center" when not given.
// All forms describe the same set of cells, ascending, without duplicates.
Result<CellRuns> polyfill(const CallContext& context, const Geometry& geometry, std::int32_t resolution,
                          std::optional<std::string_view> mode);
// Piece by piece: memory grows with the geometry, not with the answer. The geometry need not outlive the
// call.
Result<CellStream> polyfill_stream(const CallContext& context, const Geometry& geometry,
                                   std::int32_t resolution, std::optional<std::string_view> mode);
Result<std::int64_t> polyfill_count(const CallContext& context, const Geometry& geometry,
                                    std::int32_t resolution, std::optional<std::string_view> mode);
// The fewest cells, of `resolution` and coarser, that cover the same set (S2's normalised union), in the
// order of polyfill()'s.
Result<std::vector<std::int64_t>> polyfill_compact(const CallContext& context, const Geometry& geometry,
                                                   std::int32_t resolution,
                                                   std::optional<std::string_view> mode);

}  // namespace geocell::s2
