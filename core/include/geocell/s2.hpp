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

// Longitude wraps, latitude is clamped to ±90; NaN and infinities are errors.
Result<std::int64_t> from_lng_lat(double lng_deg, double lat_deg, std::int32_t resolution);
Result<std::int64_t> from_point(const Geometry& point, std::int32_t resolution);  // fromgeogpoint
Result<std::string> to_token(std::int64_t cell);          // 16 lower-case hex digits without trailing zeros
Result<std::int64_t> from_token(std::string_view token);  // either case
Result<std::string> to_uint64_repr(std::int64_t cell);    // decimal text of the unsigned id
Result<std::int64_t> from_uint64_repr(std::string_view id);
Result<std::string> to_hilbert_quadkey(std::int64_t cell);  // "face/" and level base-4 digits
Result<std::int64_t> from_hilbert_quadkey(std::string_view quadkey);
Result<std::int32_t> resolution(std::int64_t cell);
bool is_valid(Nullable<std::int64_t> cell);
// Without a resolution: the direct parent (an error for a face cell).
Result<std::int64_t> to_parent(std::int64_t cell, std::optional<std::int32_t> resolution);
// Without a resolution: the four direct children (an error for a leaf cell).
Result<CellRuns> to_children(const CallContext& context, std::int64_t cell,
                             std::optional<std::int32_t> resolution);
Result<std::string> boundary(
    std::int64_t cell);  // WKT: POLYGON ((lng lat, lng lat, lng lat, lng lat, lng lat))
Result<Geometry> center(std::int64_t cell);
// range_min and range_max: the first and the last leaf cell inside; an id of any level
// lies between iff it is inside.
Result<std::array<std::int64_t, 2>> range(std::int64_t cell);
// The covering of the rectangle by about 8 cells of mixed resolutions, that the first S2RegionCoverer gives,
// denormalised to min_resolution. min_lng > max_lng crosses the antimeridian; min_lat > max_lat is empty.
// Defaults 0 and 30.
Result<CellRuns> polyfill_bbox(const CallContext& context, double min_lng_deg, double max_lng_deg,
                               double min_lat_deg, double max_lat_deg,
                               std::optional<std::int32_t> min_resolution,
                               std::optional<std::int32_t> max_resolution);
// Polyfill on the sphere: edges of the geometry and of the cells are geodesics. Mode "center" when not given.
Result<CellRuns> polyfill(const CallContext& context, const Geometry& geometry, std::int32_t resolution,
                          std::optional<std::string_view> mode);
// Piece by piece: memory grows with the geometry, not with the answer. The geometry may go after the call.
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
