// Points to cells, against s2geometry.
#include <gtest/gtest.h>
#include <s2/s2cell_id.h>
#include <s2/s2coords.h>
#include <s2/s2latlng.h>

#include <cmath>
#include <cstdint>
#include <random>

#include "geocell/s2.hpp"

namespace geocell {
namespace {

void expect_equal(double lng_deg, double lat_deg) {
  const S2CellId leaf(S2LatLng::FromDegrees(lat_deg, lng_deg));
  for (int level = 0; level <= S2CellId::kMaxLevel; ++level) {
    const auto cell = s2::from_lng_lat(lng_deg, lat_deg, level);
    ASSERT_TRUE(cell.ok());
    ASSERT_EQ(static_cast<std::uint64_t>(*cell), leaf.parent(level).id())
        << lng_deg << ' ' << lat_deg << " at level " << level;
  }
}

TEST(S2Points, RandomPointsAtEveryLevel) {
  std::mt19937_64 random(20261121);
  std::uniform_real_distribution<double> lng_deg(-180, 180), lat_deg(-90, 90);
  for (int i = 0; i < 100'000 && !::testing::Test::HasFatalFailure(); ++i) {
    expect_equal(lng_deg(random), lat_deg(random));
  }
}

// The borders and the corners of the faces, their axes and diagonals, and a double beside each.
TEST(S2Points, WhereFacesMeet) {
  const double corner_deg = std::atan(std::sqrt(0.5)) * 180 / M_PI;
  const double lats_deg[] = {0, -0.0, 30, 45, -45, corner_deg, -corner_deg, 60, 89.999999999, -90 + 1e-12};
  for (double lng_deg = -180; lng_deg < 180; lng_deg += 7.5) {
    for (const double lat_deg : lats_deg) {
      for (const double lng_away : {-1e9, lng_deg, 1e9}) {
        for (const double lat_away : {-1e9, lat_deg, 1e9}) {
          const double beside_deg = std::nextafter(lng_deg, lng_away);
          if (beside_deg < -180) continue;
          expect_equal(beside_deg, std::nextafter(lat_deg, lat_away));
        }
      }
    }
  }
}

}  // namespace
}  // namespace geocell
