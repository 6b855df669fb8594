// From points to cells and back; what holds for every cell rather than the single values
// of the golden vectors.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "geocell/quadbin.hpp"

namespace geocell::quadbin {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

Tile tile_at(double lng, double lat, int z) {
  const auto cell = from_lng_lat(lng, lat, z);
  EXPECT_TRUE(cell.ok()) << lng << ' ' << lat;
  return decode_unchecked(*cell);
}

TEST(QuadbinFromLngLat, TheBoxHoldsThePoint) {
  std::mt19937_64 random(3);
  std::uniform_real_distribution<double> lng(-180, 180);
  std::uniform_real_distribution<double> lat(-85.05, 85.05);
  for (int i = 0; i < 200'000; ++i) {
    const int z = i % 27;
    const double x = lng(random);
    const double y = lat(random);
    const auto [west, south, east, north] = *bbox(*from_lng_lat(x, y, z));
    ASSERT_TRUE(west <= x && x < east && south < y && y <= north) << x << ' ' << y << ' ' << z;
  }
}

TEST(QuadbinFromLngLat, PointsOnAndBesideTheLines) {
  std::mt19937 random(4);
  for (int i = 0; i < 100'000; ++i) {
    const int z = 1 + i % 26;
    const std::uint32_t n = 1u << z;
    const std::uint32_t line = 1 + static_cast<std::uint32_t>(random()) % (n - 1);  // inner lines only
    const double lng = column_lng_deg(z, line);
    const double lat = row_lat_deg(z, line);
    // A cell owns its western and northern edge.
    const Tile on = tile_at(lng, lat, z);
    ASSERT_EQ(on.x, line);
    ASSERT_EQ(on.y, line);
    const Tile north_west = tile_at(std::nextafter(lng, -kInfinity), std::nextafter(lat, kInfinity), z);
    ASSERT_EQ(north_west.x, line - 1);
    ASSERT_EQ(north_west.y, line - 1);
    const Tile south_east = tile_at(std::nextafter(lng, kInfinity), std::nextafter(lat, -kInfinity), z);
    ASSERT_EQ(south_east.x, line);
    ASSERT_EQ(south_east.y, line);
  }
}

TEST(QuadbinFromLngLat, LongitudeWrapsExactly) {
  for (int z = 0; z <= kMaxResolution; ++z) {
    const std::uint32_t last = (1u << z) - 1;
    EXPECT_EQ(tile_at(180, 0, z).x, 0u);
    EXPECT_EQ(tile_at(-180, 0, z).x, 0u);
    EXPECT_EQ(tile_at(540, 0, z).x, 0u);
    EXPECT_EQ(tile_at(std::nextafter(180, 0), 0, z).x, last);
    EXPECT_EQ(tile_at(std::nextafter(-180, -kInfinity), 0, z).x, last);
    EXPECT_EQ(tile_at(std::nextafter(180, kInfinity), 0, z).x, 0u);
    for (const double lng : {-179.5, -3.7038, 0.0, 12.25, 179.75}) {
      EXPECT_EQ(tile_at(lng + 360.0 * 4096, 0, z).x, tile_at(lng + 360.0 * 4096 - 360.0 * 4096, 0, z).x);
    }
    // 2^k mod 360, by hand: 2^1023 mod 360 = 8 · (2^1020 mod 45) = 8, since 2^12 mod 45 = 1.
    EXPECT_EQ(tile_at(std::ldexp(1, 1023), 0, z).x, tile_at(8, 0, z).x);
    EXPECT_EQ(tile_at(-std::ldexp(1, 1023), 0, z).x, tile_at(-8, 0, z).x);
  }
}

TEST(QuadbinFromLngLat, LatitudeClamps) {
  for (int z = 0; z <= kMaxResolution; ++z) {
    for (const double lat : {85.05112877980659, 85.06, 89.0, 90.0, 1e300}) {
      EXPECT_EQ(tile_at(0, lat, z).y, 0u) << lat;
      EXPECT_EQ(tile_at(0, -lat, z).y, (1u << z) - 1) << -lat;
    }
  }
}

TEST(QuadbinFromLngLat, ErrorsInOrder) {
  EXPECT_EQ(from_lng_lat(kNan, kNan, 27).error().message,
            R"(Invalid resolution "27"; should be between 0 and 26)");
  EXPECT_EQ(from_lng_lat(kNan, kInfinity, 3).error().message,
            R"(Invalid longitude "NaN"; should be a finite number)");
  const Error error = from_lng_lat(0, -kInfinity, 3).error();
  EXPECT_EQ(error.message, R"(Invalid latitude "-Infinity"; should be a finite number)");
  EXPECT_EQ(error.code, ErrorCode::not_finite);
}

TEST(QuadbinGrid, LinesNestExactly) {
  std::mt19937 random(2);
  for (int z = 0; z < 27; ++z) {
    for (int i = 0; i < 200; ++i) {
      const std::uint32_t line = static_cast<std::uint32_t>(random()) % ((1u << z) + 1);
      ASSERT_EQ(row_lat_deg(z, line), row_lat_deg(z + 1, 2 * line));
      ASSERT_EQ(column_lng_deg(z, line), column_lng_deg(z + 1, 2 * line));
    }
  }
}

TEST(QuadbinGrid, LatitudeFallsStrictlyFromRowToRow) {
  constexpr std::uint32_t kSpan = 20'000;
  for (const int z : {16, 26, 27}) {
    const std::uint32_t n = 1u << z;
    for (const std::uint32_t first : {0u, n / 4, n / 2 - kSpan / 2, n / 2, n - kSpan}) {
      for (std::uint32_t y = first; y < first + kSpan; ++y) {
        ASSERT_GT(row_lat_deg(z, y), row_lat_deg(z, y + 1)) << z << '/' << y;
      }
    }
  }
}

// exp and atan come from libm, hence the last digits too: another libm may fail here,
// and must then be looked at.
TEST(QuadbinGrid, LinesAreThePublishedOnes) {
  EXPECT_EQ(column_lng_deg(4, 9), 22.5);
  EXPECT_EQ(row_lat_deg(4, 8), 0.0);
  EXPECT_EQ(row_lat_deg(4, 9), -21.943045533438166);
  EXPECT_EQ(row_lat_deg(4, 7), 21.943045533438188);
  EXPECT_EQ(row_lat_deg(4, 6), 40.97989806962013);
  for (int z = 0; z <= 27; ++z) {
    EXPECT_EQ(column_lng_deg(z, 0), -180.0);
    EXPECT_EQ(column_lng_deg(z, 1u << z), 180.0);
    EXPECT_NEAR(row_lat_deg(z, 0), 85.0511287798066, 1e-13);  // gd(pi)
    EXPECT_NEAR(row_lat_deg(z, 1u << z), -85.0511287798066, 1e-13);
  }
}

TEST(QuadbinArea, CellsOfAResolutionAddUpToTheWorld) {
  const double world = *area_m2(encode_unchecked({0, 0, 0}));
  for (int z = 1; z <= 16; ++z) {
    const std::uint32_t n = 1u << z;
    double sum = 0;
    for (std::uint32_t y = 0; y < n; ++y) sum += *area_m2(encode_unchecked({z, n / 3, y}));
    EXPECT_NEAR(sum * n / world, 1, 1e-12) << z;
  }
}

TEST(QuadbinArea, ChildrenAddUpToTheirParentAndNorthMirrorsSouth) {
  std::mt19937 random(5);
  for (int z = 0; z < kMaxResolution; ++z) {
    const std::uint32_t last = (1u << z) - 1;
    for (int i = 0; i < 100; ++i) {
      const std::uint32_t y = static_cast<std::uint32_t>(random()) & last;
      const double parent = *area_m2(encode_unchecked({z, 0, y}));
      const double children = 2 * (*area_m2(encode_unchecked({z + 1, 0, 2 * y})) +
                                   *area_m2(encode_unchecked({z + 1, 1, 2 * y + 1})));
      EXPECT_NEAR(children / parent, 1, 1e-14);
      EXPECT_NEAR(*area_m2(encode_unchecked({z, 0, last - y})) / parent, 1, 2e-15);
    }
  }
}

}  // namespace
}  // namespace geocell::quadbin
