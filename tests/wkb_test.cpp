#include <gtest/gtest.h>

#include <bit>
#include <cstring>
#include <vector>

#include "geocell/geometry.hpp"
#include "geometry_cases.hpp"

namespace geocell {
namespace {

using tests::GeometryCase;
using tests::kGeometryCases;

TEST(Wkb, ReadsEveryFormPostgisWrites) {
  for (const GeometryCase& c : kGeometryCases) {
    for (const std::string_view hex : {c.ewkb_little, c.ewkb_big}) {
      const auto geometry = read_hex_wkb(hex);
      ASSERT_TRUE(geometry.ok()) << c.ewkt << ": " << geometry.error().message;
      EXPECT_EQ(write_hex_wkb(*geometry), c.ewkb_2d) << c.ewkt;
    }
    for (const std::string_view hex : {c.iso_little, c.iso_big}) {
      const auto geometry = read_hex_wkb(hex);
      ASSERT_TRUE(geometry.ok()) << c.ewkt << ": " << geometry.error().message;
      EXPECT_EQ(geometry->srid, 0);
      EXPECT_EQ(write_wkt(*geometry), c.wkt_2d) << c.ewkt;
    }
  }
}

}  // namespace
}  // namespace geocell
