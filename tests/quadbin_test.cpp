#include "geocell/quadbin.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

namespace geocell::quadbin {
namespace {

constexpr std::int64_t kMadrid = 5207251884775047167;  // 4/7/6, in CARTO's documentation

TEST(QuadbinId, EncodesAndDecodesEveryResolution) {
  std::mt19937_64 random(1);
  for (int z = 0; z <= kMaxResolution; ++z) {
    const std::uint32_t last = (1u << z) - 1;
    for (int i = 0; i < 1000; ++i) {
      // The corners of the grid first, then random tiles.
      const std::uint32_t x = i < 4 ? (i & 1) * last : static_cast<std::uint32_t>(random()) & last;
      const std::uint32_t y = i < 4 ? (i >> 1) * last : static_cast<std::uint32_t>(random()) & last;
      const std::int64_t cell = encode_unchecked({z, x, y});
      ASSERT_TRUE(is_valid_id(cell));
      const Tile tile = decode_unchecked(cell);
      ASSERT_EQ(tile.z, z);
      ASSERT_EQ(tile.x, x);
      ASSERT_EQ(tile.y, y);
    }
  }
}

TEST(QuadbinId, HasTheDocumentedBits) {
  EXPECT_EQ(encode_unchecked({0, 0, 0}), 0x480f'ffff'ffff'ffff);
  EXPECT_EQ(encode_unchecked({1, 1, 0}), 0x4817'ffff'ffff'ffff);
  EXPECT_EQ(encode_unchecked({1, 0, 1}), 0x481b'ffff'ffff'ffff);
  EXPECT_EQ(encode_unchecked({26, (1u << 26) - 1, (1u << 26) - 1}), 0x49af'ffff'ffff'ffff);
  EXPECT_EQ(encode_unchecked({4, 7, 6}), kMadrid);
}

TEST(QuadbinId, EveryFixedBitIsChecked) {
  for (int z = 0; z <= kMaxResolution; ++z) {
    const std::int64_t cell = encode_unchecked({z, 0, 0});
    for (int bit = 0; bit < 64; ++bit) {
      if (bit >= 52 && bit <= 56) continue;  // the resolution: another one may be valid
      const std::int64_t flipped =
          static_cast<std::int64_t>(static_cast<std::uint64_t>(cell) ^ (1ull << bit));
      const bool in_morton = bit < 52 && bit >= 52 - 2 * z;
      EXPECT_EQ(is_valid_id(flipped), in_morton) << "z " << z << " bit " << bit;
    }
  }
  for (const std::int64_t z : {27, 28, 29, 30, 31})
    EXPECT_FALSE(is_valid_id(0x480f'ffff'ffff'ffff | (z << 52)));
  for (const std::int64_t id : {std::int64_t{0}, std::int64_t{-1}, std::numeric_limits<std::int64_t>::min(),
                                std::numeric_limits<std::int64_t>::max()}) {
    EXPECT_FALSE(is_valid_id(id));
  }
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

}  // namespace
}  // namespace geocell::quadbin
