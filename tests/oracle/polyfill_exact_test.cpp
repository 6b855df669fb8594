// The core's polyfill equals the definition in exact arithmetic, on what GEOS has no (right) answer for:
// invalid geometries, where the inside is by the even-odd rule, and numbers that underflow.
#include <gtest/gtest.h>

#include <iostream>

#include "tests/oracle/support/budget.hpp"
#include "tests/oracle/support/compare.hpp"
#include "tests/oracle/support/random_shapes.hpp"

namespace geocell::oracle {
namespace {

TEST(PolyfillExact, InvalidShapes) {
  Comparer comparer;
  for (const shapes::Shape& shape : shapes::invalid_shapes()) {
    EXPECT_EQ(comparer.compare(shape, {.geos = false}), "");
  }
  EXPECT_GE(comparer.with_exact().cases, 150U);
}

TEST(PolyfillExact, SubnormalShapes) {
  Comparer comparer;
  for (const shapes::Shape& shape : shapes::subnormal_shapes()) {
    EXPECT_EQ(comparer.compare(shape, {.geos = false}), "");
  }
}

TEST(PolyfillExact, TangledShapes) {
  Comparer comparer;
  RandomShapes random(19960229);
  const std::uint64_t cases = scaled(10000);
  for (std::uint64_t i = 0; i < cases; ++i)
    EXPECT_EQ(comparer.compare(random.next_tangled(), {.geos = false}), "");
  std::cout << "[ compared ] tangled shapes, exact arithmetic: " << comparer.with_exact().cases
            << " geometries x "
            << "resolutions, each in 3 modes; " << comparer.with_exact().cells << " cells\n";
}

// The oracle itself, on cases small enough to see.
TEST(ExactOracle, Orientation) {
  EXPECT_EQ(orientation({0, 0}, {1, 0}, {0, 1}), 1);
  EXPECT_EQ(orientation({0, 0}, {0, 1}, {1, 0}), -1);
  EXPECT_EQ(orientation({0.1, 0.1}, {0.3, 0.3}, {0.7, 0.7}), 0);
  // 0.1 + 0.2 is one double above 0.3.
  EXPECT_EQ(orientation({0, 0}, {0.3, 0.3}, {0.3, 0.1 + 0.2}), 1);
  EXPECT_EQ(orientation({0, 0}, {0.1 + 0.2, 0.3}, {1, 1}), 1);
  EXPECT_EQ(orientation({-5e-324, 0}, {5e-324, 0}, {0, 5e-324}), 1);
  EXPECT_EQ(orientation({-5e-324, 0}, {5e-324, 5e-324}, {0, 0}), -1);
}

TEST(ExactOracle, SegmentAndBox) {
  const Bounds box{0, 0, 2, 1};
  struct Segment {
    LngLat a, b;
  };
  // Along the border, through a corner from outside, ending at a corner, ending on the border.
  for (const auto& [a, b] :
       {Segment{{-1, 1}, {3, 1}}, {{1, 2}, {3, 0}}, {{2, 1}, {5, 5}}, {{2, 0.5}, {3, 9}}}) {
    EXPECT_TRUE(segment_meets_closed_box(a, b, box)) << a.lng_deg;
    EXPECT_FALSE(segment_meets_open_box(a, b, box)) << a.lng_deg;
  }
  // Through a corner to the inside, across, from the border inward, all inside.
  for (const auto& [a, b] :
       {Segment{{-1, 2}, {1, 0}}, {{-1, 0.5}, {3, 0.6}}, {{2, 0.5}, {1, 0.5}}, {{1, 0.2}, {1, 0.3}}}) {
    EXPECT_TRUE(segment_meets_closed_box(a, b, box)) << a.lng_deg;
    EXPECT_TRUE(segment_meets_open_box(a, b, box)) << a.lng_deg;
  }
  EXPECT_FALSE(segment_meets_closed_box({-1, 1.5}, {3, 1.5}, box));
  EXPECT_FALSE(segment_meets_closed_box({1.5, 2}, {3, 0.5}, box));  // beside the corner (2, 1)
  EXPECT_TRUE(segment_meets_open_box({1, 0.5}, {1, 0.5}, box));
  EXPECT_TRUE(segment_meets_closed_box({2, 1}, {2, 1}, box));
  EXPECT_FALSE(segment_meets_open_box({2, 1}, {2, 1}, box));
}

}  // namespace
}  // namespace geocell::oracle
