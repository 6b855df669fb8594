#include "core/src/geometry/orientation.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace geocell {
namespace {

// Every double is a dyadic rational, so these signs follow by hand.
TEST(Orientation, DecidesWhatRoundingHides) {
  const double up = std::nextafter(0.5, 1.0);
  EXPECT_EQ(orientation({0, 0}, {1, 1}, {0.5, 0.5}), 0);
  EXPECT_EQ(orientation({0, 0}, {1, 1}, {0.5, up}), 1);
  EXPECT_EQ(orientation({0, 0}, {1, 1}, {up, 0.5}), -1);
  // a = (2^-30, 0) to b = (12, 12 - 2^-30 * something): Kettner et al., "Classroom examples of robustness
  // problems": points on the line y = x near (0.5, 0.5) against (12, 12) and (24, 24).
  EXPECT_EQ(orientation({12, 12}, {24, 24}, {0.5, std::nextafter(0.5, 0.0)}), -1);
  EXPECT_EQ(orientation({12, 12}, {24, 24}, {std::nextafter(0.5, 0.0), 0.5}), 1);
  EXPECT_EQ(orientation({12, 12}, {24, 24}, {up, up}), 0);
}

TEST(Orientation, HoldsAtTheEndsOfTheDoubleRange) {
  const double tiny = 5e-324;
  EXPECT_EQ(orientation({0, 0}, {tiny, tiny}, {tiny, 0}), -1);
  EXPECT_EQ(orientation({0, 0}, {tiny, tiny}, {0, tiny}), 1);
  EXPECT_EQ(orientation({0, 0}, {tiny, tiny}, {1, 1}), 0);
  EXPECT_EQ(orientation({0, 0}, {180, tiny}, {90, 0}), -1);
  EXPECT_EQ(exact_orientation({0, 0}, {1e308, 1e308}, {1e308, std::nextafter(1e308, 1.1e308)}), 1);
}

}  // namespace
}  // namespace geocell
