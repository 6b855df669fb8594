// S2 polyfill on inputs whose answer is plain; tests/oracle/s2_polyfill_oracle_test.cpp holds it against s2geometry.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "geocell/s2.hpp"

namespace geocell::s2 {
namespace {

using Cells = std::vector<std::int64_t>;
constexpr std::string_view kModes[] = {"center", "intersects", "contains"};
const CallContext kUnlimited;

Result<CellRuns> fill(const std::string& wkt, int level, std::string_view mode,
                      const CallContext& context = kUnlimited) {
  const auto geometry = read_wkt(wkt);
  if (!geometry) return geometry.error();
  return polyfill(context, *geometry, level, mode);
}

Cells cells(const std::string& wkt, int level, std::string_view mode = "center") {
  const auto runs = fill(wkt, level, mode);
  if (!runs) {
    ADD_FAILURE() << wkt << ": " << runs.error().message;
    return {};
  }
  Cells out(runs->count());
  runs->fill(out);
  EXPECT_TRUE(std::ranges::is_sorted(out)) << wkt;
  EXPECT_EQ(std::ranges::adjacent_find(out), out.end()) << wkt;
  return out;
}

Cells joined(const Cells& a, const Cells& b) {
  Cells both;
  std::ranges::set_union(a, b, std::back_inserter(both));
  return both;
}

std::string error_of(const std::string& wkt, int level = 4, std::string_view mode = "center") {
  const auto runs = fill(wkt, level, mode);
  return runs ? "no error" : runs.error().message;
}

constexpr const char* kOctants[] = {
    "POLYGON((0 0,90 0,0 90,0 0))",         "POLYGON((90 0,180 0,0 90,90 0))",
    "POLYGON((180 0,-90 0,77 90,180 0))",   "POLYGON((-90 0,0 0,0 90,-90 0))",
    "POLYGON((0 0,90 0,0 -90,0 0))",        "POLYGON((90 0,180 0,5 -90,90 0))",
    "POLYGON((-180 0,-90 0,0 -90,-180 0))", "POLYGON((-90 0,0 0,-180 -90,-90 0))",
};

TEST(S2Polyfill, OctantsDivideTheSphere) {
  for (const int level : {2, 5}) {
    Cells all;
    for (const char* octant : kOctants) {
      const Cells part = cells(octant, level);
      EXPECT_EQ(part.size(), (6u << (2 * level)) / 8) << octant;
      all = joined(all, part);
    }
    EXPECT_EQ(all.size(), 6u << (2 * level));
  }
}

// What a large cell inside gives is one run, so that memory goes with the boundary.
TEST(S2Polyfill, InteriorComesInRuns) {
  const auto runs = fill(kOctants[0], 12, "contains");
  ASSERT_TRUE(runs);
  EXPECT_GT(runs->count(), 12'000'000u);
  EXPECT_LT(runs->runs().size(), 40'000u);
}

TEST(S2Polyfill, ModesNest) {
  for (const char* octant : kOctants) {
    const Cells contains = cells(octant, 5, "contains");
    const Cells center = cells(octant, 5);
    const Cells intersects = cells(octant, 5, "intersects");
    EXPECT_LT(contains.size(), center.size());
    EXPECT_LT(center.size(), intersects.size());
    EXPECT_TRUE(std::ranges::includes(center, contains));
    EXPECT_TRUE(std::ranges::includes(intersects, center));
  }
}

TEST(S2Polyfill, OrientationDoesNotMatter) {
  for (const std::string_view mode : kModes) {
    EXPECT_EQ(cells("POLYGON((10 10,40 12,30 45,10 10),(20 15,30 16,25 25,20 15))", 6, mode),
              cells("POLYGON((10 10,30 45,40 12,10 10),(20 15,30 16,25 25,20 15))", 6, mode));
  }
}

TEST(S2Polyfill, HoleIsTakenOut) {
  const Cells shell = cells("POLYGON((10 10,40 12,30 45,10 10))", 6);
  const Cells hole = cells("POLYGON((20 15,30 16,25 25,20 15))", 6);
  const Cells both = cells("POLYGON((10 10,40 12,30 45,10 10),(20 15,30 16,25 25,20 15))", 6);
  EXPECT_GT(hole.size(), 10u);
  EXPECT_EQ(joined(both, hole), shell);
  EXPECT_EQ(both.size() + hole.size(), shell.size());
}

TEST(S2Polyfill, MembersAreAUnion) {
  const std::string a = "POLYGON((10 10,40 12,30 45,10 10))";
  const std::string b = "POLYGON((30 14,60 20,33 40,30 14))";
  const std::string line = "LINESTRING(-20 -20,35 20,70 -10)";
  const std::string point = "POINT(100 10)";
  for (const std::string_view mode : kModes) {
    Cells expected;
    for (const auto& member : {a, b, line, point}) expected = joined(expected, cells(member, 5, mode));
    EXPECT_EQ(cells("GEOMETRYCOLLECTION(" + a + ",GEOMETRYCOLLECTION(" + b + "," + line + ",POINT EMPTY)," +
                        point + ")",
                    5, mode),
              expected)
        << mode;
  }
}

// A polygon that contains whole cells which the index has divided, because of a dense line through it.
TEST(S2Polyfill, OtherMembersDoNotHideAContainingPolygon) {
  const std::string polygon = "POLYGON((10 10,40 12,30 45,10 10))";
  std::string line = "LINESTRING(";
  for (int i = 0; i < 500; ++i)
    line += std::to_string(22 + 0.01 * (i % 97)) + " " + std::to_string(20 + 0.01 * (i % 89)) + ",";
  line += "23 21)";
  for (const std::string_view mode : kModes) {
    for (const int level : {2, 4, 6, 8}) {
      EXPECT_EQ(cells("GEOMETRYCOLLECTION(" + line + "," + polygon + ")", level, mode),
                joined(cells(polygon, level, mode), cells(line, level, mode)));
    }
  }
}

TEST(S2Polyfill, PointsAndLines) {
  EXPECT_EQ(cells("POINT(-3.7038 40.4168)", 8, "intersects"), Cells{955378847514099712});
  EXPECT_EQ(cells("POINT(-3.7038 40.4168)", 8, "center"), Cells{});
  EXPECT_EQ(cells("LINESTRING(-3.7 40.4,-3.6 40.5)", 10, "contains"), Cells{});
  // Cells are closed: four meet in the middle of a face, three at a corner of the cube.
  EXPECT_EQ(cells("POINT(0 0)", 1, "intersects").size(), 4u);
  EXPECT_EQ(cells("POINT(0 90)", 30, "intersects").size(), 4u);
  EXPECT_EQ(cells("POINT(45 35.264389682754654)", 12, "intersects").size(), 3u);
  EXPECT_EQ(cells("LINESTRING(5 5,5 5)", 7, "intersects"), cells("POINT(5 5)", 7, "intersects"));
  EXPECT_EQ(cells("POINT(545.5 7)", 9, "intersects"), cells("POINT(-174.5 7)", 9, "intersects"));
}

TEST(S2Polyfill, CenterPointGivesItsCell) {
  std::mt19937_64 random(3);
  std::uniform_real_distribution<double> lng(-180, 180);
  std::uniform_real_distribution<double> lat(-90, 90);
  for (int i = 0; i < 300; ++i) {
    const std::int64_t cell = *from_lng_lat(lng(random), lat(random), i % 31);
    const auto runs = polyfill(kUnlimited, *center(cell), i % 31, std::nullopt);
    ASSERT_TRUE(runs);
    ASSERT_EQ(runs->count(), 1u) << cell;
    EXPECT_EQ(runs->runs()[0].first, cell);
  }
}

// The way maps draw a polygon around a pole: along the antimeridian and along the map's edge.
TEST(S2Polyfill, SeamAroundThePoleIsNoBoundary) {
  std::string ring;
  for (int lng = -180; lng < 180; lng += 10)
    ring += std::to_string(lng) + " " + std::to_string(-70 + lng % 7) + ",";
  const std::string seamless = "POLYGON((" + ring + "-180 -75))";
  const std::string seam = "POLYGON((" + ring + "180 -75,180 -80,180 -90,-180 -90,-180 -80,-180 -75))";
  for (const std::string_view mode : kModes) {
    const Cells expected = cells(seamless, 6, mode);
    EXPECT_GT(expected.size(), 300u);
    EXPECT_EQ(cells(seam, 6, mode), expected) << mode;
  }
  EXPECT_EQ(cells("POINT(0 -90)", 6, "intersects"), [&] {
    Cells both;
    std::ranges::set_intersection(cells("POINT(0 -90)", 6, "intersects"), cells(seam, 6, "contains"),
                                  std::back_inserter(both));
    return both;
  }());
}

TEST(S2Polyfill, AntimeridianIsNoBoundary) {
  const Cells whole = cells("POLYGON((170 -10,-170 -10,-170 10,170 10,170 -10))", 6);
  EXPECT_EQ(cells("POLYGON((170 -10,190 -10,190 10,170 10,170 -10))", 6), whole);
  EXPECT_EQ(cells("POLYGON((-190 -10,-170 -10,-170 10,-190 10,-190 -10))", 6), whole);
  EXPECT_GT(whole.size(), 50u);
}

// Rings without area, or that cross themselves, never become the rest of the sphere.
TEST(S2Polyfill, OddRingsStaySmall) {
  const std::string odd[] = {
      "POLYGON((1 1,1 1,1 1,1 1))",
      "POLYGON((1 1,2 2,1 1,1 1))",
      "POLYGON((1 1,2 2,3 1,2 2,1 1))",
      "POLYGON((1 1,3 1,3 1,3 1,3 3,1 3,1 1,1 1))",
      "POLYGON((1 1,3 3,3 1,1 3,1 1))",
      "POLYGON((1 1,3 1,3 3,1 3,1 1,3 1,3 3,1 3,1 1))",
      "POLYGON((1 1,3 1,3 3,1 3,1 1),(1 1,3 1,3 3,1 3,1 1))",
      "POLYGON((0 90,120 90,-120 90,0 90))",
      "POLYGON((180 3,-180 3,540 3,180 3))",
      "POLYGON((1 1,3 1,4 3,3 1,3 3,1 3,1 1))",
      "POLYGON((1 1,1.0000000000000002 1,1 1.0000000000000002,1 1))",
      "POLYGON((1 1,5e-324 5e-324,-5e-324 5e-324,1 1))",
  };
  for (const std::string& wkt : odd) {
    EXPECT_GE(cells(wkt, 6, "intersects").size(), 1u) << wkt;
    EXPECT_LT(cells(wkt, 6, "intersects").size(), 40u) << wkt;
    EXPECT_LT(cells(wkt, 6, "center").size(), 20u) << wkt;
    EXPECT_LT(cells(wkt, 6, "contains").size(), 20u) << wkt;
  }
  // A spike is part of the geometry, like the rest of its boundary.
  EXPECT_GT(cells("POLYGON((1 1,3 1,40 3,3 1,3 3,1 3,1 1))", 6, "intersects").size(),
            cells("POLYGON((1 1,3 1,3 3,1 3,1 1))", 6, "intersects").size() + 10);
  // Even-odd: a bow-tie is its two triangles, a ring run twice nothing.
  EXPECT_EQ(cells("POLYGON((1 1,3 3,3 1,1 3,1 1))", 10).size(),
            cells("MULTIPOLYGON(((1 1,2 2.000304,1 3,1 1)),((3 1,2 2.000304,3 3,3 1)))", 10).size());
  EXPECT_EQ(cells("POLYGON((1 1,3 1,3 3,1 3,1 1,3 1,3 3,1 3,1 1))", 10), Cells{});
}

TEST(S2Polyfill, RandomScribblesNeverCrashNorFlip) {
  std::mt19937_64 random(11);
  std::uniform_real_distribution<double> lng(-30, 30);
  std::uniform_int_distribution<int> grid(-3, 3);
  for (int i = 0; i < 400; ++i) {
    std::string ring;
    std::string first;
    const int vertices = 3 + i % 20;
    for (int v = 0; v < vertices; ++v) {
      const std::string vertex =
          i % 2 == 0 ? std::to_string(lng(random)) + " " + std::to_string(lng(random))
                     : std::to_string(10 * grid(random)) + " " + std::to_string(10 * grid(random));
      if (v == 0) first = vertex;
      ring += vertex + ",";
    }
    const std::string wkt = "POLYGON((" + ring + first + "))";
    const Cells contains = cells(wkt, 4, "contains");
    const Cells center = cells(wkt, 4);
    const Cells intersects = cells(wkt, 4, "intersects");
    EXPECT_TRUE(std::ranges::includes(intersects, center)) << wkt;
    EXPECT_TRUE(std::ranges::includes(center, contains)) << wkt;
    EXPECT_LT(intersects.size(), 400u) << wkt;
  }
}

// Wider than a hemisphere's cap: the smaller side by area, either way round, with a hole.
TEST(S2Polyfill, VeryLargePolygons) {
  std::string zigzag;
  for (int lng = -180; lng < 180; lng += 30)
    zigzag += std::to_string(lng) + ((lng / 30) % 2 == 0 ? " 40," : " -45,");
  const std::string south = "POLYGON((" + zigzag + "-180 40))";
  const std::size_t all = 6u << 10;
  const std::size_t count = cells(south, 5).size();
  EXPECT_GT(count, all / 4);
  EXPECT_LT(count, all * 3 / 4);
  const std::string holed = "POLYGON((" + zigzag + "-180 40),(10 80,130 80,-110 80,10 80))";
  const std::string other = "POLYGON((" + zigzag + "-180 40),(10 -80,130 -80,-110 -80,10 -80))";
  const std::size_t cap = cells("POLYGON((10 80,130 80,-110 80,10 80))", 5).size();
  // One of the two holes is inside; the other, outside, is added by the even-odd rule.
  EXPECT_EQ(cells(holed, 5).size() + cells(other, 5).size(), 2 * count);
  EXPECT_EQ(std::max(cells(holed, 5).size(), cells(other, 5).size()), count + cap);
}

TEST(S2Polyfill, Errors) {
  EXPECT_EQ(error_of("POINT(0 0)", 31), "Invalid resolution \"31\"; should be between 0 and 30");
  EXPECT_EQ(error_of("POINT(0 0)", -1, "no mode"), "Invalid resolution \"-1\"; should be between 0 and 30");
  EXPECT_TRUE(
      error_of("POINT(0 0)", 3, "Center").starts_with("Invalid polyfill mode \"Center\"; should be "));
  EXPECT_EQ(error_of("SRID=3857;POINT(0 0)"),
            "Invalid SRID \"3857\"; should be 4326 or 0 (transform the geometry first)");
  EXPECT_EQ(error_of("POINT(0 -90.25)"), "Invalid latitude \"-90.25\"; should be between -90 and 90");
  EXPECT_EQ(error_of("POLYGON((0 0,1 1,1e300 1e300,0 0))"),
            "Invalid latitude \"1e+300\"; should be between -90 and 90");
  const std::string antipodal = "; should be shorter than 180 degrees (add a point between)";
  EXPECT_EQ(error_of("LINESTRING(10 20,-170 -20)"), "Invalid edge \"10 20, -170 -20\"" + antipodal);
  EXPECT_EQ(error_of("POLYGON((-180 -90,180 -90,180 90,-180 90,-180 -90))"),
            "Invalid edge \"180 -90, 180 90\"" + antipodal);
  EXPECT_EQ(error_of("LINESTRING(0 0,179.9 0)"), "no error");
}

TEST(S2Polyfill, StopsAtTheLimit) {
  CallContext context;
  context.max_cells = 1000;
  for (const std::string_view mode : kModes) {
    const auto runs = fill(kOctants[0], 30, mode, context);
    ASSERT_FALSE(runs);
    EXPECT_EQ(runs.error().code, ErrorCode::limit_exceeded);
    EXPECT_TRUE(runs.error().message.starts_with("s2_polyfill would return at least "));
  }
  context.max_cells = cells(kOctants[0], 4).size();
  EXPECT_TRUE(fill(kOctants[0], 4, "center", context));
  --context.max_cells;
  EXPECT_FALSE(fill(kOctants[0], 4, "center", context));
}

TEST(S2Polyfill, StopsOnRequest) {
  using Clock = std::chrono::steady_clock;
  auto deadline = Clock::now() + std::chrono::milliseconds(50);
  CallContext context;
  context.cancelled = [](void* data) { return Clock::now() > *static_cast<Clock::time_point*>(data); };
  context.cancelled_data = &deadline;
  const auto runs = fill("POLYGON((1.5 2.5,31 3,22 40,1.5 2.5))", 30, "intersects", context);
  ASSERT_FALSE(runs);
  EXPECT_EQ(runs.error().code, ErrorCode::canceled);
  EXPECT_LT(Clock::now() - deadline, std::chrono::milliseconds(1000));
}

// In pieces of an odd size, after the geometry is gone.
TEST(S2PolyfillStream, GivesTheArraysCells) {
  for (const char* wkt : {kOctants[0], kOctants[6], "POLYGON((-81 41,-80 41,-80.5 42,-81 41))", "POINT(3 4)",
                          "LINESTRING(170 -20,-170 20)", "POLYGON EMPTY"}) {
    for (const std::string_view mode : kModes) {
      auto stream = polyfill_stream(kUnlimited, *read_wkt(wkt), 7, mode);
      ASSERT_TRUE(stream) << wkt;
      Cells streamed;
      std::vector<std::int64_t> piece(333);
      while (const std::size_t count = *stream->read(kUnlimited, piece)) {
        streamed.insert(streamed.end(), piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(count));
      }
      EXPECT_EQ(streamed, cells(wkt, 7, mode)) << wkt << ' ' << mode;
    }
  }
}

// Some 10^18 cells, and a border of billions.
TEST(S2PolyfillStream, BeginsAtOnceWhereTheAnswerIsEndless) {
  for (const std::string_view mode : kModes) {
    auto stream = polyfill_stream(kUnlimited, *read_wkt("POLYGON((1 1,80 3,10 70,1 1))"), 30, mode);
    ASSERT_TRUE(stream);
    std::vector<std::int64_t> piece(10'000);
    std::int64_t last = std::numeric_limits<std::int64_t>::min();
    for (int i = 0; i < 10; ++i) {
      ASSERT_EQ(*stream->read(kUnlimited, piece), piece.size());
      ASSERT_GT(piece.front(), last);
      ASSERT_TRUE(std::ranges::is_sorted(piece));
      last = piece.back();
    }
  }
}

TEST(S2PolyfillStream, GoesOnAfterAnInterruption) {
  int polls = 0;
  CallContext interrupted;
  interrupted.cancelled = [](void* data) { return ++*static_cast<int*>(data) % 2 == 1; };
  interrupted.cancelled_data = &polls;
  const std::string wkt = "POLYGON((-81 41,-80 41,-80.5 42,-81 41))";
  auto stream = polyfill_stream(kUnlimited, *read_wkt(wkt), 17, "intersects");
  ASSERT_TRUE(stream);
  Cells streamed;
  std::vector<std::int64_t> piece(1000);
  for (;;) {
    const auto count = stream->read(interrupted, piece);
    if (!count) {
      ASSERT_EQ(count.error().code, ErrorCode::canceled);
      continue;
    }
    if (*count == 0) break;
    streamed.insert(streamed.end(), piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(*count));
  }
  EXPECT_EQ(streamed, cells(wkt, 17, "intersects"));
  EXPECT_GT(polls, 20);  // every other one was an interruption
}

}  // namespace
}  // namespace geocell::s2
