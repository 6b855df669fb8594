#include "geocell/polyfill.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <vector>

#include "geocell/quadbin.hpp"

namespace geocell::quadbin {
namespace {

using Ids = std::vector<std::int64_t>;

Geometry box(double west, double south, double east, double north) {
  const std::vector<LngLat> ring = {
      {west, south}, {east, south}, {east, north}, {west, north}, {west, south}};
  return make_polygon(ring, 4326);
}

Ids cells_of(const Geometry& geometry, int resolution, PolyfillMode mode) {
  const auto cells = polyfill_cells({}, geometry, resolution, mode);
  EXPECT_TRUE(cells.ok()) << (cells.ok() ? "" : cells.error().message);
  Ids ids(cells.ok() ? cells->count() : 0);
  if (cells.ok()) cells->fill(ids);
  return ids;
}

Geometry cell_box(Tile tile, int columns = 1, int rows = 1) {
  return box(column_lng_deg(tile.z, tile.x), row_lat_deg(tile.z, tile.y + static_cast<std::uint32_t>(rows)),
             column_lng_deg(tile.z, tile.x + static_cast<std::uint32_t>(columns)),
             row_lat_deg(tile.z, tile.y));
}

// A polygon that is exactly one cell: itself in every mode, and its eight neighbours where touching counts
// (peers.md, correctness 2: closed predicate 9 cells).
TEST(Polyfill, ExactlyOneCell) {
  const Tile tile{12, 2047, 1362};
  const Ids self = {encode_unchecked(tile)};
  EXPECT_EQ(cells_of(cell_box(tile), 12, PolyfillMode::center), self);
  EXPECT_EQ(cells_of(cell_box(tile), 12, PolyfillMode::contains), self);
  std::set<std::int64_t> neighbours;
  for (std::uint32_t x = tile.x - 1; x <= tile.x + 1; ++x) {
    for (std::uint32_t y = tile.y - 1; y <= tile.y + 1; ++y) neighbours.insert(encode_unchecked({12, x, y}));
  }
  EXPECT_EQ(cells_of(cell_box(tile), 12, PolyfillMode::intersects),
            Ids(neighbours.begin(), neighbours.end()));
  EXPECT_EQ(cells_of(cell_box(tile, 4, 4), 12, PolyfillMode::intersects).size(), 36u);
  EXPECT_EQ(cells_of(cell_box(tile, 4, 4), 12, PolyfillMode::contains).size(), 16u);
  EXPECT_EQ(cells_of(cell_box(tile), 16, PolyfillMode::center).size(), 256u);
}

TEST(Polyfill, PublishedExample) {
  // CARTO's documentation of QUADBIN_POLYFILL (mode center is the default there).
  const std::vector<LngLat> ring = {{-3.71219873428345, 40.4133653490547},
                                    {-3.71440887451172, 40.4096566128639},
                                    {-3.70659828186035, 40.4095259047756},
                                    {-3.71219873428345, 40.4133653490547}};
  EXPECT_EQ(cells_of(make_polygon(ring, 4326), 17, PolyfillMode::intersects),
            (Ids{5265786693153193983, 5265786693163941887, 5265786693164204031, 5265786693164466175,
                 5265786693164728319, 5265786693165514751}));
}

TEST(Polyfill, TheWholeWorldIsAllCells) {
  for (const auto mode : {PolyfillMode::center, PolyfillMode::intersects, PolyfillMode::contains}) {
    const Ids ids = cells_of(box(-180, -90, 180, 90), 6, mode);
    EXPECT_EQ(ids.size(), 4096u);
    EXPECT_EQ(cells_of(box(-180, -90, 180, 90), 0, mode), Ids{encode_unchecked({0, 0, 0})});
  }
  const auto count = polyfill_cells({}, box(-180, -90, 180, 90), 26, PolyfillMode::contains);
  EXPECT_EQ(count->count(), std::uint64_t{1} << 52);
  EXPECT_EQ(count->runs().size(), 1u);
}

TEST(Polyfill, WrapsBeyondTheAntimeridian) {
  const Ids across = cells_of(box(170, -10, 190, 10), 5, PolyfillMode::intersects);
  Ids both = cells_of(box(170, -10, 180, 10), 5, PolyfillMode::intersects);
  for (const std::int64_t id : cells_of(box(-180, -10, -170, 10), 5, PolyfillMode::intersects))
    both.push_back(id);
  std::ranges::sort(both);
  EXPECT_EQ(across, both);
  // Within ±180 the antimeridian is an edge of the plane: no cell of the first column touches 180.
  for (const std::int64_t id : cells_of(box(170, -10, 180, 10), 5, PolyfillMode::intersects)) {
    EXPECT_GE(decode_unchecked(id).x, 31u);
  }
  // Ten turns eastward is the same place.
  EXPECT_EQ(cells_of(box(3600 - 30, -10, 3600, 10), 5, PolyfillMode::contains),
            cells_of(box(-30, -10, 0, 10), 5, PolyfillMode::contains));
}

TEST(Polyfill, PointsAndLinesContainNothing) {
  const Geometry corner = make_point({0, 0}, 4326);
  EXPECT_EQ(cells_of(corner, 4, PolyfillMode::intersects).size(), 4u);
  EXPECT_EQ(cells_of(corner, 4, PolyfillMode::center).size(), 0u);
  EXPECT_EQ(cells_of(corner, 0, PolyfillMode::center).size(), 1u);  // the centre of the one cell
  EXPECT_EQ(cells_of(corner, 4, PolyfillMode::contains).size(), 0u);
}

TEST(Polyfill, EmptyHasNoCells) {
  Geometry empty;
  empty.elements = {{GeometryType::polygon, 0, 0, 0}};
  EXPECT_TRUE(cells_of(empty, 10, PolyfillMode::intersects).empty());
}

TEST(Polyfill, BadInputIsNamed) {
  const auto error = [](const Geometry& geometry, int resolution, std::optional<std::string_view> mode) {
    const auto cells = polyfill({}, geometry, resolution, mode);
    return cells.ok() ? std::string("no error") : cells.error().message;
  };
  EXPECT_EQ(error(box(0, 0, 1, 1), 27, {}), "Invalid resolution \"27\"; should be between 0 and 26");
  EXPECT_EQ(error(box(0, 0, 1, 1), -1, {}), "Invalid resolution \"-1\"; should be between 0 and 26");
  EXPECT_EQ(error(box(0, 0, 1, 1), 3, "centre"),
            "Invalid polyfill mode \"centre\"; should be \"center\", \"intersects\" or \"contains\"");
  EXPECT_EQ(error(box(0, 0, 445277.96, 1), 3, {}),
            "Invalid longitude \"445277.96\"; should be degrees between -3600 and 3600");
  EXPECT_EQ(error(box(0, 0, 1, std::numeric_limits<double>::quiet_NaN()), 3, {}),
            "Invalid latitude \"NaN\"; should be a finite number");
}

TEST(Polyfill, StopsAtTheLimit) {
  const CallContext context{.max_cells = 1000, .smaller_form = "quadbin_polyfill_cells"};
  const auto cells = polyfill(context, box(-180, -90, 180, 90), 26, "center");
  ASSERT_FALSE(cells.ok());
  EXPECT_EQ(cells.error().code, ErrorCode::limit_exceeded);
  EXPECT_EQ(cells.error().message,
            "quadbin_polyfill would return 4503599627370496 cells, more than the limit of 1000; "
            "use a lower resolution, a smaller input, or quadbin_polyfill_cells");
}

// Parts that cover the same cells count them once against the limit.
TEST(Polyfill, LimitCountsSharedCellsOnce) {
  Geometry twice = box(0, 0, 40, 40);
  twice.elements = {{GeometryType::geometrycollection, 3, 0, 0},
                    {GeometryType::polygon, 0, 0, 1},
                    {GeometryType::polygon, 0, 0, 1},
                    {GeometryType::polygon, 0, 0, 1}};
  const Ids once = cells_of(box(0, 0, 40, 40), 5, PolyfillMode::intersects);
  const CallContext context{.max_cells = once.size()};
  const auto cells = polyfill(context, twice, 5, "intersects");
  ASSERT_TRUE(cells.ok());
  EXPECT_EQ(cells->count(), once.size());
}

TEST(Polyfill, CancelEndsTheWalk) {
  std::vector<LngLat> zigzag;
  for (int i = 0; i <= 1000; ++i) zigzag.push_back({i * 0.1, i % 2 == 0 ? 10.0 : 50.0});
  zigzag.push_back({50, -20});
  zigzag.push_back(zigzag.front());
  int polls = 0;
  const CallContext context{.cancelled = [](void* data) { return ++*static_cast<int*>(data) == 3; },
                            .cancelled_data = &polls};
  const auto cells = polyfill(context, make_polygon(zigzag, 4326), 26, "intersects");
  ASSERT_FALSE(cells.ok());
  EXPECT_EQ(cells.error().code, ErrorCode::canceled);
  EXPECT_EQ(polls, 3);
}

}  // namespace
}  // namespace geocell::quadbin
