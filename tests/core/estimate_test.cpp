#include <gtest/gtest.h>

#include <array>
#include <numbers>

#include "geocell/quadbin.hpp"
#include "geocell/quadbin_estimates.hpp"
#include "geocell/s2_estimates.hpp"

namespace geocell {
namespace {

Geometry box(double west, double south, double east, double north) {
  const std::array<LngLat, 5> shell = {
      {{west, south}, {west, north}, {east, north}, {east, south}, {west, south}}};
  Geometry geometry;
  geometry.elements.push_back({GeometryType::polygon, 0, 0, 1});
  geometry.rings.push_back({0, shell.size()});
  geometry.points.assign(shell.begin(), shell.end());
  return geometry;
}

TEST(Estimate, ChildrenAndRings) {
  const std::int64_t cell = quadbin::encode_unchecked({4, 9, 8});
  EXPECT_EQ(quadbin::estimate_children(cell, 6), 16);
  EXPECT_EQ(quadbin::estimate_children(cell, 4), 1);
  EXPECT_EQ(quadbin::estimate_children(cell, 3), 1);
  EXPECT_EQ(quadbin::estimate_children(0, 6), 1);
  EXPECT_EQ(quadbin::estimate_k_ring(cell, 2), 25);
  EXPECT_EQ(quadbin::estimate_k_ring(cell, 1'000'000'000), 256);  // the whole world at resolution 4
  EXPECT_EQ(quadbin::estimate_k_ring(cell, -1), 1);
  EXPECT_EQ(quadbin::estimate_uncompact(std::array{cell, cell}, 5), 8);
  EXPECT_EQ(quadbin::estimate_uncompact({}, 5), 1);
  const std::int64_t face = std::int64_t{1} << 60;
  EXPECT_EQ(s2::estimate_children(face, 3), 64);
  EXPECT_EQ(s2::estimate_children(face, std::nullopt), 4);
  EXPECT_EQ(s2::estimate_children(face, 31), 1);
}

// A rectangle at the equator has its area in cells; a planner needs the order of magnitude.
TEST(Estimate, PolyfillFollowsTheArea) {
  const double width = 360.0 / 1024;
  const Geometry rectangle = box(0, -10 * width, 30 * width, 10 * width);
  EXPECT_NEAR(quadbin::estimate_polyfill(rectangle, 10, {"center"}), 600, 6);
  EXPECT_NEAR(quadbin::estimate_polyfill(rectangle, 10, {"intersects"}), 651, 6);
  EXPECT_NEAR(quadbin::estimate_polyfill(rectangle, 10, {"contains"}), 550, 6);
  // A sphere has 129600/pi square degrees, in 6 * 4^10 cells.
  EXPECT_NEAR(s2::estimate_polyfill(rectangle, 10, {"center"}), 600 * 6 * std::numbers::pi, 100);
}

TEST(Estimate, PolyfillTakesAnyGeometry) {
  EXPECT_EQ(quadbin::estimate_polyfill(box(0, 0, 1e300, 1e300), 26, {"center"}), 0x1p52);
  EXPECT_EQ(quadbin::estimate_polyfill(box(0, 0, 0, 0), 26, {"center"}), 1);
  EXPECT_EQ(quadbin::estimate_polyfill(box(0, 0, 1, 1), 27, {"center"}), 1);
  EXPECT_EQ(quadbin::estimate_polyfill(box(0, 0, 1, 1), 10, {"outside"}), 0);
  EXPECT_EQ(quadbin::estimate_polyfill(box(0, 0, 1, 1), 10, {}),
            quadbin::estimate_polyfill(box(0, 0, 1, 1), 10, {"center"}));
  Geometry empty;
  empty.elements.push_back({GeometryType::polygon, 0, 0, 0});
  EXPECT_EQ(quadbin::estimate_polyfill(empty, 10, {"intersects"}), 1);
}

}  // namespace
}  // namespace geocell
