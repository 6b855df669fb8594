// The digits of integers, against std::to_chars.
#include "lambda_bridge/json/decimal.hpp"

#include <gtest/gtest.h>

#include <array>
#include <charconv>
#include <limits>
#include <random>
#include <string>

namespace geocell::bridge {
namespace {

std::string written(std::int64_t value) {
  std::array<char, kMaxDecimalBytes + 8> buffer;
  return {buffer.data(), write_decimal(buffer.data(), value)};
}

std::string expected(std::int64_t value) {
  std::array<char, kMaxDecimalBytes> buffer;
  return {buffer.data(), std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr};
}

TEST(Decimal, AroundEveryPowerOfTenAndTwo) {
  std::uint64_t power = 1;
  for (int i = 0; i < 20; ++i, power *= 10) {
    for (std::uint64_t near = power - 12; near != power + 12; ++near) {
      const auto value = static_cast<std::int64_t>(near);
      ASSERT_EQ(written(value), expected(value));
    }
  }
  for (int bit = 0; bit < 64; ++bit) {
    for (std::uint64_t near = (std::uint64_t{1} << bit) - 3; near != (std::uint64_t{1} << bit) + 3; ++near) {
      const auto value = static_cast<std::int64_t>(near);
      ASSERT_EQ(written(value), expected(value));
    }
  }
  EXPECT_EQ(written(std::numeric_limits<std::int64_t>::min()), "-9223372036854775808");
  EXPECT_EQ(written(std::numeric_limits<std::int64_t>::max()), "9223372036854775807");
}

// All groups of four digits in each place.
TEST(Decimal, EveryGroupOfDigits) {
  std::int64_t place = 1;
  for (int group = 0; group < 4; ++group, place *= 10'000) {
    for (std::int64_t digits = 0; digits < 10'000; ++digits) {
      const std::int64_t value =
          1'234'567'890'123'456'789 / (place * 10'000) * (place * 10'000) + digits * place;
      ASSERT_EQ(written(value), expected(value));
      ASSERT_EQ(written(digits * place), expected(digits * place));
    }
  }
}

TEST(Decimal, RandomNumbersOfEveryLength) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 300'000; ++i) {
    const auto value = static_cast<std::int64_t>(random() >> (random() % 64));
    ASSERT_EQ(written(value), expected(value));
    ASSERT_EQ(written(-value), expected(-value));
  }
}

TEST(Decimal, SeriesOfNeighboursAndOfAnything) {
  std::mt19937_64 random(20261121);
  const std::int64_t edges[] = {0,
                                9'999'999'999'999'999,
                                10'000'000'000'000'000,
                                5'207'251'884'775'047'167,
                                9'220'000'000'000'000'000,
                                std::numeric_limits<std::int64_t>::max(),
                                std::numeric_limits<std::int64_t>::min(),
                                std::numeric_limits<std::int64_t>::min() + 3'000'000'000'000'000,
                                -1};
  DecimalSeries series;
  for (int i = 0; i < 200'000; ++i) {
    const std::int64_t edge = edges[random() % std::size(edges)];
    const auto value = static_cast<std::int64_t>(static_cast<std::uint64_t>(edge) + random() % 300 - 150);
    std::array<char, kMaxDecimalBytes + 8> buffer;
    ASSERT_EQ(std::string(buffer.data(), series.write(buffer.data(), value)), expected(value));
  }
}

}  // namespace
}  // namespace geocell::bridge
