#include "geocell/quadbin.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <string>

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

TEST(QuadbinText, QuadkeysRoundTrip) {
  std::mt19937_64 random(11);
  for (int z = 0; z <= kMaxResolution; ++z) {
    std::string quadkey;
    std::uint32_t x = 0;
    std::uint32_t y = 0;
    for (int i = 0; i < z; ++i) {
      const std::uint32_t digit = random() & 3;
      quadkey += static_cast<char>('0' + digit);
      x = 2 * x + (digit & 1);
      y = 2 * y + (digit >> 1);
    }
    const std::int64_t cell = encode_unchecked({z, x, y});
    EXPECT_EQ(*from_quadkey(quadkey), cell);
    EXPECT_EQ(*to_quadkey(cell), quadkey);
    const std::uint64_t quadint =
        static_cast<std::uint64_t>(z) | std::uint64_t{x} << 5 | std::uint64_t{y} << (z + 5);
    EXPECT_EQ(*from_quadint(static_cast<std::int64_t>(quadint)), cell);
    EXPECT_EQ(*string_to_int(int_to_string(cell)), cell);
  }
}

TEST(QuadbinText, HostileTextIsAnError) {
  const std::string_view with_zero_byte("01\0", 3);
  for (const std::string_view text : {std::string_view("4"), std::string_view("-1"), std::string_view(" 0"),
                                      with_zero_byte, std::string_view("012301230123012301230123012")}) {
    const auto cell = from_quadkey(text);
    ASSERT_FALSE(cell.ok()) << text;
    EXPECT_EQ(cell.error().code, ErrorCode::invalid_text);
  }
  for (const std::string_view text : {"", "0x1", "-1", "+1", " 1", "1 ", "g", "12345678901234567"}) {
    const auto value = string_to_int(text);
    ASSERT_FALSE(value.ok()) << text;
    EXPECT_EQ(value.error().code, ErrorCode::invalid_text);
  }
  EXPECT_EQ(*string_to_int("ffffFFFFffffFFFF"), -1);
}

TEST(QuadbinId, EveryFunctionOfACellChecksIt) {
  const CallContext context;
  constexpr std::string_view kMessage = R"(Invalid quadbin cell "0"; should be a valid quadbin cell id)";
  EXPECT_EQ(to_zxy(0).error().message, kMessage);
  EXPECT_EQ(to_quadkey(0).error().message, kMessage);
  EXPECT_EQ(resolution(0).error().message, kMessage);
  EXPECT_EQ(to_parent(0, 0).error().message, kMessage);
  EXPECT_EQ(to_children(context, 0, 0).error().message, kMessage);
  EXPECT_EQ(sibling(0, "up").error().message, kMessage);
  EXPECT_EQ(k_ring(context, 0, 0).error().message, kMessage);
  EXPECT_EQ(k_ring_distances(context, 0, 0).error().message, kMessage);
  EXPECT_EQ(distance(0, kMadrid).error().message, kMessage);
  EXPECT_EQ(distance(kMadrid, 0).error().message, kMessage);
  EXPECT_EQ(bbox(0).error().message, kMessage);
  EXPECT_EQ(range(0, 0).error().message, kMessage);
  EXPECT_EQ(area_m2(0).error().message, kMessage);
}

}  // namespace
}  // namespace geocell::quadbin
