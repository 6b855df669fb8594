#include "geocell/s2.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>
#include <string>

namespace geocell::s2 {
namespace {

constexpr std::int64_t kMadrid = 955378847514099712;  // resolution 8; in CARTO's documentation
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();
const CallContext kUnlimited;

std::vector<std::int64_t> ids(const Result<CellRuns>& cells) {
  if (!cells) {
    ADD_FAILURE() << cells.error().message;
    return {};
  }
  std::vector<std::int64_t> out(cells->count());
  cells->fill(out);
  return out;
}

template <class T>
std::string error_of(const Result<T>& result) {
  return result ? "no error" : result.error().message;
}

// Valid cells of all faces and resolutions, the corners of the cube and the poles among them.
std::vector<std::int64_t> sample_cells() {
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> lng(-180, 180);
  std::uniform_real_distribution<double> lat(-90, 90);
  std::vector<std::int64_t> cells;
  for (int level = 0; level <= kMaxResolution; ++level) {
    for (int i = 0; i < 100; ++i) cells.push_back(*from_lng_lat(lng(random), lat(random), level));
    for (const double corner : {-135, -45, 45, 135})
      cells.push_back(*from_lng_lat(corner, 35.26438968, level));
    for (const double pole : {-90, 90}) cells.push_back(*from_lng_lat(0, pole, level));
  }
  return cells;
}

TEST(S2Id, TextsRoundTrip) {
  for (const std::int64_t cell : sample_cells()) {
    ASSERT_TRUE(is_valid({cell}));
    ASSERT_EQ(*from_token(*to_token(cell)), cell);
    ASSERT_EQ(*from_uint64_repr(*to_uint64_repr(cell)), cell);
    ASSERT_EQ(*from_hilbert_quadkey(*to_hilbert_quadkey(cell)), cell);
    ASSERT_EQ(to_hilbert_quadkey(cell)->size(), 2U + static_cast<unsigned>(*resolution(cell)));
  }
}

TEST(S2Id, EveryFunctionChecksTheId) {
  // Zero, faces 6 and 7, an odd and a lone trailing bit, none.
  for (const std::uint64_t bad : {0x0ull, 0xd000000000000000ull, 0xffffffffffffffffull, 0x0d42300000000002ull,
                                  0x8000000000000000ull, 0x0000000000000002ull}) {
    const auto cell = static_cast<std::int64_t>(bad);
    const std::string message =
        "Invalid S2 cell id \"" + std::to_string(cell) + "\"; should be a valid S2 cell id";
    EXPECT_FALSE(is_valid({cell}));
    EXPECT_EQ(invalid_cell(cell).code, ErrorCode::invalid_parameter);
    EXPECT_EQ(error_of(to_token(cell)), message);
    EXPECT_EQ(error_of(to_uint64_repr(cell)), message);
    EXPECT_EQ(error_of(to_hilbert_quadkey(cell)), message);
    EXPECT_EQ(error_of(resolution(cell)), message);
    EXPECT_EQ(error_of(to_parent(cell, std::nullopt)), message);
    EXPECT_EQ(error_of(to_parent(cell, 99)), message);
    EXPECT_EQ(error_of(to_children(kUnlimited, cell, std::nullopt)), message);
    EXPECT_EQ(error_of(to_children(kUnlimited, cell, 30)), message);
    EXPECT_EQ(error_of(boundary(cell)), message);
    EXPECT_EQ(error_of(center(cell)), message);
    EXPECT_EQ(error_of(range(cell)), message);
  }
  EXPECT_FALSE(is_valid({std::nullopt}));
}

TEST(S2Id, HostileTextsAreErrorsThatNameThem) {
  const std::string zeros("0d423\0\0", 7);
  for (const std::string& token :
       {zeros, std::string(1000, 'a'), std::string("0d42\xff"), std::string("0g"), std::string()}) {
    const auto cell = from_token(token);
    ASSERT_FALSE(cell) << token;
    EXPECT_EQ(cell.error().code, ErrorCode::invalid_text);
    EXPECT_TRUE(cell.error().message.starts_with("Invalid S2 token " + quoted_excerpt(token)))
        << cell.error().message;
  }
  for (const std::string& id :
       {std::string("18446744073709551617"), std::string(1000, '9'), std::string("0x10"), zeros}) {
    const auto cell = from_uint64_repr(id);
    ASSERT_FALSE(cell) << id;
    EXPECT_EQ(cell.error().code, ErrorCode::invalid_text);
  }
  for (const std::string& key :
       {std::string("0"), std::string("0/\0", 3), "3/" + std::string(31, '0'), std::string("\xff/0")}) {
    const auto cell = from_hilbert_quadkey(key);
    ASSERT_FALSE(cell) << key;
    EXPECT_EQ(cell.error().code, ErrorCode::invalid_text);
  }
  EXPECT_TRUE(from_hilbert_quadkey("3/" + std::string(30, '0')));
}

TEST(S2FromLngLat, WrapsAndClamps) {
  for (const double lat : {-90.0, -12.5, 0.0, 41.25, 90.0}) {
    for (int level = 0; level <= kMaxResolution; ++level) {
      EXPECT_EQ(*from_lng_lat(180, lat, level), *from_lng_lat(-180, lat, level));
      EXPECT_EQ(*from_lng_lat(-3.5 + 360e6, lat, level), *from_lng_lat(-3.5, lat, level));
    }
  }
  for (const double lng : {-180.0, -77.1, 0.0, 33.3, 1e300}) {
    EXPECT_EQ(*from_lng_lat(lng, 90, 30), *from_lng_lat(0, 1e300, 30));
    EXPECT_EQ(*from_lng_lat(lng, -90, 30), *from_lng_lat(0, -90.5, 30));
  }
  EXPECT_TRUE(from_lng_lat(std::numeric_limits<double>::denorm_min(),
                           -std::numeric_limits<double>::denorm_min(), 30));
}

TEST(S2FromLngLat, ChecksResolutionBeforeCoordinates) {
  EXPECT_EQ(error_of(from_lng_lat(kNaN, 0, 31)), "Invalid resolution \"31\"; should be between 0 and 30");
  EXPECT_EQ(error_of(from_lng_lat(0, 0, std::numeric_limits<std::int32_t>::min())),
            "Invalid resolution \"-2147483648\"; should be between 0 and 30");
  EXPECT_EQ(error_of(from_lng_lat(kNaN, kNaN, 3)), "Invalid longitude \"NaN\"; should be a finite number");
  EXPECT_EQ(error_of(from_lng_lat(0, -kInfinity, 3)),
            "Invalid latitude \"-Infinity\"; should be a finite number");
}

TEST(S2Hierarchy, ChildrenFillTheRangeOfTheirParent) {
  for (const std::int64_t cell : sample_cells()) {
    const int level = *resolution(cell);
    ASSERT_EQ(*to_parent(cell, level), cell);
    ASSERT_EQ(ids(to_children(kUnlimited, cell, level)), std::vector{cell});
    const auto [first, last] = *range(cell);
    ASSERT_LE(first, cell);
    ASSERT_LE(cell, last);
    if (level == kMaxResolution) {
      ASSERT_EQ(first, last);
      ASSERT_FALSE(to_children(kUnlimited, cell, std::nullopt));
      continue;
    }
    const auto children = ids(to_children(kUnlimited, cell, std::nullopt));
    ASSERT_EQ(children.size(), 4U);
    auto next = static_cast<std::uint64_t>(first);  // face 3 ends at the largest signed id
    for (const std::int64_t child : children) {
      ASSERT_EQ(*to_parent(child, std::nullopt), cell);
      ASSERT_EQ(static_cast<std::uint64_t>((*range(child))[0]), next);
      next = static_cast<std::uint64_t>((*range(child))[1]) + 2;
    }
    ASSERT_EQ(next, static_cast<std::uint64_t>(last) + 2);
    const auto leaves = to_children(kUnlimited, cell, kMaxResolution);
    ASSERT_EQ(leaves->count(), std::uint64_t{1} << (2 * (kMaxResolution - level)));
    ASSERT_EQ(leaves->runs().size(), 1U);
    ASSERT_EQ(leaves->runs()[0].first, first);
  }
}

TEST(S2Hierarchy, LimitsAreNamed) {
  CallContext context;
  context.max_cells = 64;
  EXPECT_EQ(to_children(context, kMadrid, 11)->count(), 64U);
  const auto more = to_children(context, kMadrid, 12);
  ASSERT_FALSE(more);
  EXPECT_EQ(more.error().code, ErrorCode::limit_exceeded);
  EXPECT_TRUE(
      more.error().message.starts_with("s2_tochildren would return 256 cells, more than the limit of 64"));
}

TEST(S2Shape, BoundaryHasThePublishedDigits) {
  // Published with 12 significant digits; "POLYGON ((" and ", " as there.
  const std::string wkt = *boundary(kMadrid);
  ASSERT_TRUE(wkt.starts_with("POLYGON ((-3.74350899126"));
  const auto polygon = read_wkt(wkt);
  ASSERT_TRUE(polygon) << wkt;
  const LngLat published[] = {{-3.74350899127, 40.2485011413},
                              {-3.41955272426, 40.2585007122},
                              {-3.41955272426, 40.5842313862},
                              {-3.74350899127, 40.5742134506},
                              {-3.74350899127, 40.2485011413}};
  ASSERT_EQ(polygon->points.size(), 5U);
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_NEAR(polygon->points[i].lng_deg, published[i].lng_deg, 5e-12);
    EXPECT_NEAR(polygon->points[i].lat_deg, published[i].lat_deg, 5e-11);
  }
}

TEST(S2Shape, CenterIsInItsCell) {
  for (const std::int64_t cell : sample_cells()) {
    const Geometry point = *center(cell);
    EXPECT_EQ(point.srid, 4326);
    EXPECT_EQ(*from_point(point, *resolution(cell)), cell);
  }
  // One spelling for each: no negative zero, longitude 0 at the poles.
  EXPECT_EQ(write_wkt(*center(*from_lng_lat(0, 90, 0))), "POINT(0 90)");
  EXPECT_EQ(write_wkt(*center(*from_lng_lat(0, -90, 0))), "POINT(0 -90)");
  EXPECT_EQ(write_wkt(*center(*from_lng_lat(180, 0, 0))), "POINT(180 0)");
  EXPECT_EQ(write_wkt(*center(*from_lng_lat(0, 0, 0))), "POINT(0 0)");
}

TEST(S2Shape, FromPointTakesPointsOnly) {
  EXPECT_EQ(error_of(from_point(*read_wkt("MULTIPOINT(1 1)"), 3)),
            "Invalid geometry type \"MULTIPOINT\"; should be POINT");
  EXPECT_EQ(error_of(from_point(*read_wkt("POINT EMPTY"), 3)),
            "Invalid point \"POINT EMPTY\"; should be a point with coordinates");
  EXPECT_EQ(from_point(*read_wkt("SRID=3857;POINT(0 0)"), 3).error().code, ErrorCode::unsupported);
}

Result<CellRuns> cover(const CallContext& context, int min_level, int max_level) {
  return polyfill_bbox(context, -10, 25.5, 30.25, 60, min_level, max_level);
}

// The queue and the walk meet at 1000 cells; the walk must go on where the queue stops. A covering of one
// resolution holds the cells above it, and one with room below it differs only
// where a single child was enough.
TEST(S2PolyfillBbox, LargeCoveringsNestInSmallOnes) {
  std::vector<std::int64_t> above;
  for (int level = 1; level <= 10; ++level) {
    const auto cells = ids(cover(kUnlimited, level, level));
    ASSERT_TRUE(std::ranges::is_sorted(cells));
    ASSERT_EQ(std::ranges::adjacent_find(cells), cells.end());
    std::vector<std::int64_t> parents;
    for (const std::int64_t cell : cells) parents.push_back(*to_parent(cell, level - 1));
    parents.erase(std::ranges::unique(parents).begin(), parents.end());
    // Bounding boxes of cells are loose, so a parent may have been taken for touching where no child is.
    if (level > 1) {
      EXPECT_TRUE(std::ranges::includes(above, parents)) << level;
    }

    above = cells;
    if (cells.size() <= 100) continue;
    std::vector<std::int64_t> coarsened;
    for (const std::int64_t cell : ids(cover(kUnlimited, level, 30))) {
      ASSERT_GE(*resolution(cell), level);
      coarsened.push_back(*to_parent(cell, level));
    }
    ASSERT_EQ(std::ranges::adjacent_find(coarsened), coarsened.end());
    EXPECT_TRUE(std::ranges::includes(cells, coarsened)) << level;
  }
  EXPECT_GT(above.size(), 100000U);
}

TEST(S2PolyfillBbox, WorldIsAllCells) {
  for (const int level : {0, 3, 6}) {
    EXPECT_EQ(polyfill_bbox(kUnlimited, -180, 180, -90, 90, level, level)->count(), 6ull << (2 * level));
    EXPECT_EQ(polyfill_bbox(kUnlimited, -1e308, 1e308, -1e308, 1e308, level, level)->count(),
              6ull << (2 * level));
  }
  EXPECT_EQ(polyfill_bbox(kUnlimited, -180, 180, -90, 90, 30, 30)->count(), 6ull << 60);
}

TEST(S2PolyfillBbox, StopsAtTheLimitAndOnRequest) {
  CallContext context;
  context.max_cells = 5;
  EXPECT_EQ(cover(context, 2, 8).error().code, ErrorCode::limit_exceeded);
  context.max_cells = 100000;
  const auto fine = cover(context, 20, 20);
  ASSERT_FALSE(fine);
  EXPECT_TRUE(fine.error().message.starts_with("s2_polyfill_bbox would return at least "));
  CallContext stopped;
  stopped.cancelled = [](void*) { return true; };
  EXPECT_EQ(cover(stopped, 25, 25).error().code, ErrorCode::canceled);
}

TEST(S2PolyfillBbox, Errors) {
  EXPECT_EQ(error_of(cover(kUnlimited, -1, 4)), "Invalid resolution \"-1\"; should be between 0 and 30");
  EXPECT_EQ(error_of(cover(kUnlimited, 31, 31)), "Invalid resolution \"31\"; should be between 0 and 30");
  EXPECT_EQ(error_of(cover(kUnlimited, 9, 4)), "Invalid resolution \"4\"; should be between 9 and 30");
  EXPECT_EQ(error_of(cover(kUnlimited, 9, 31)), "Invalid resolution \"31\"; should be between 9 and 30");
  EXPECT_EQ(error_of(polyfill_bbox(kUnlimited, 0, 1, 0, kNaN, 0, 4)),
            "Invalid max_latitude \"NaN\"; should be a finite number");
}

}  // namespace
}  // namespace geocell::s2
