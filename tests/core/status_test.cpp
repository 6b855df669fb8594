#include "geocell/status.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace geocell {
namespace {

TEST(Status, ErrorsNameTheValue) {
  EXPECT_EQ(invalid_resolution(27, 0, 26).message, "Invalid resolution \"27\"; should be between 0 and 26");
  EXPECT_EQ(not_finite("longitude", std::numeric_limits<double>::quiet_NaN()).message,
            "Invalid longitude \"NaN\"; should be a finite number");
}

TEST(Status, ExcerptIsShortAndPrintable) {
  EXPECT_EQ(quoted_excerpt("a\x01\xc3"), "\"a\\x01\\xc3\"");
  EXPECT_EQ(quoted_excerpt(std::string(100, 'x')), '"' + std::string(64, 'x') + "\"...");
}

TEST(Status, ShortestDoubleText) {
  EXPECT_EQ(to_text(0.1), "0.1");
  EXPECT_EQ(to_text(-21.943045533438166), "-21.943045533438166");
  EXPECT_EQ(to_text(-std::numeric_limits<double>::infinity()), "-Infinity");
}

}  // namespace
}  // namespace geocell
