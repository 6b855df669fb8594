// Quadbin cells: Web Mercator tiles packed into one 64-bit id.
//
//   bit 63     0
//   bit 62     1          header
//   bits 59-61 1          mode: cell
//   bits 52-56 z          resolution, 0..26       (bits 57, 58: 0)
//   bits 0-51  morton     x in the even bits, y in the odd ones, in the top 2z bits; the other bits are 1
//
// Source: CARTO's quadbin specification (docs/carto-compatibility.md). Tile y grows to the south. All ids are
// positive int64; those of one resolution ascend in Morton (Z) order, 2^(52-2z) apart, so that the
// descendants of a cell at any resolution are one run of ids.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "geocell/call_context.hpp"
#include "geocell/cells.hpp"
#include "geocell/geometry.hpp"
#include "geocell/status.hpp"
#include "geocell/values.hpp"

namespace geocell::quadbin {

inline constexpr int kMaxResolution = 26;

struct Tile {
  std::int32_t z;   // 0..26
  std::uint32_t x;  // 0..2^z-1, eastward from longitude -180
  std::uint32_t y;  // 0..2^z-1, southward from the northern edge
};

// --- Bit arithmetic on ids that are known to be right ("unchecked": no check, garbage in, garbage out). ---
std::int64_t encode_unchecked(Tile tile);
Tile decode_unchecked(std::int64_t cell);
// The distance between the ids of neighbouring (in Morton order) cells at a resolution: 2^(52-2z).
constexpr std::uint64_t id_stride(int resolution) { return std::uint64_t{1} << (52 - 2 * resolution); }
// Full check: header, mode, resolution, unused bits.
bool is_valid_id(std::int64_t cell);
// What every function that takes a cell answers when is_valid_id() is false.
Error invalid_cell(std::int64_t cell);

// --- The grid lines. ---
// Longitude of the western edge of column x (0..2^z): exact in double for every z <= 27.
double column_lng_deg(int resolution, std::uint32_t x);
// Latitude of the northern edge of row y (0..2^z). The same double at every resolution that has this line, so
// that cells nest exactly: it depends on y/2^z alone. Strictly decreasing in y. z <= 27 (27 gives the centres
// of z 26).
double row_lat_deg(int resolution, std::uint32_t y);

// --- SQL functions. The YAML of each says what it means; here: C++ contract only. Every function that takes
// a cell returns invalid_cell() unless is_valid_id(); one that takes a resolution returns
// invalid_resolution() unless it is in its range. ---

// Points to cells. For any finite longitude and latitude the result is a valid cell of `resolution`; a
// longitude is taken modulo 360, a latitude beyond the grid goes to its first or last row. A cell holds its
// western and its northern edge. from_lng_lat(center of a cell, its resolution) is the cell, and to_parent()
// of the result at a finer resolution is the result at a coarser one.
Result<std::int64_t> from_lng_lat(double lng_deg, double lat_deg, std::int32_t resolution);
// The same of a POINT, SRID 0 or 4326: fromgeogpoint.
Result<std::int64_t> from_point(const Geometry& point, std::int32_t resolution);

// Other names of a cell. Tiles and quadkeys are one-to-one with the valid cells: to_x(from_x(name)) == name
// for every name that is taken, and from_x(to_x(cell)) == cell for every valid cell.
Result<std::int64_t> from_zxy(std::int32_t z, std::int32_t x, std::int32_t y);
Result<Json> to_zxy(std::int64_t cell);                       // {"z": 4, "x": 7, "y": 6}
Result<std::int64_t> from_quadkey(std::string_view quadkey);  // 0 to 26 digits from 0 to 3, one a resolution
Result<std::string> to_quadkey(std::int64_t cell);            // "" for the cell of resolution 0
Result<std::int64_t> from_quadint(std::int64_t quadint);      // z + 2^5 x + 2^(z+5) y; z <= 26
// Any 64 bits, cell or not.
std::string int_to_string(std::int64_t value);             // lower-case hex, no prefix, no leading zeros
Result<std::int64_t> string_to_int(std::string_view hex);  // 1 to 16 digits of either case

Result<std::int32_t> resolution(std::int64_t cell);
bool is_valid(Nullable<std::int64_t> cell);  // never an error; false for NULL

// The hierarchy. to_parent(child, z) == cell exactly for the children of to_children(cell, …) of a cell of
// resolution z.
Result<std::int64_t> to_parent(std::int64_t cell,
                               std::int32_t resolution);  // 0 .. the cell's own, which is the cell
// The 4^(resolution - own) descendants, ascending; the cell itself at its own resolution.
Result<CellRuns> to_children(const CallContext& context, std::int64_t cell, std::int32_t resolution);
// The first and the last descendant id at `resolution` (own .. 26): every valid cell of that resolution
// between them, and no other, is a descendant.
Result<std::array<std::int64_t, 2>> range(std::int64_t cell, std::int32_t resolution);

// Neighbours, in tiles of the cell's own resolution. Columns wrap at the antimeridian; rows end at the poles.
// `direction`: "left", "right", "up" or "down", in either case; NULL beyond the first or last row.
Result<std::optional<std::int64_t>> sibling(std::int64_t cell, std::string_view direction);
// The cells at most `size` tiles away in x and in y, ascending, no duplicates even when the ring meets
// itself.
Result<CellRuns> k_ring(const CallContext& context, std::int64_t origin, std::int32_t size);
// [{"index": id, "distance": Chebyshev distance}, …], ascending by id; the smallest distance where the ring
// meets itself. Since an object is about eight times as large as an id, it stops at an eighth of
// context.max_cells.
Result<std::vector<Json>> k_ring_distances(const CallContext& context, std::int64_t origin,
                                           std::int32_t size);
// Chebyshev distance in tiles, without wrapping: symmetric; NULL when the resolutions differ.
Result<std::optional<std::int64_t>> distance(std::int64_t origin, std::int64_t destination);

// Outlines, on the grid lines above: neighbours share the very same doubles, and so do a cell and its
// children.
Result<std::array<double, 4>> bbox(std::int64_t cell);  // west, south, east, north in degrees; west < east
Result<Geometry> boundary(std::int64_t cell);           // of bbox(): polygon SW NW NE SE SW, SRID 4326
Result<Geometry> center(std::int64_t cell);  // the Mercator centre: (lon(x+0.5), lat(y+0.5)), SRID 4326
Result<double> area_m2(std::int64_t cell);   // on the WGS 84 ellipsoid

// Sets. Both take mixed resolutions, in any order, with duplicates and with cells inside other cells. The
// fewest cells that cover exactly the same area: compact(compact(cells)) == compact(cells). Ascending by
// position on the Z-curve, i.e. by the id of the first descendant at resolution 26: coarse and fine cells
// interleave.
Result<std::vector<std::int64_t>> compact(const CallContext& context, std::span<const std::int64_t> cells);
// All descendants at `resolution` of cells that are at or above it; ascending, no duplicates. So
// uncompact(compact(cells), z) == cells for sorted, distinct cells of resolution z.
Result<CellRuns> uncompact(const CallContext& context, std::span<const std::int64_t> cells,
                           std::int32_t resolution);

}  // namespace geocell::quadbin
