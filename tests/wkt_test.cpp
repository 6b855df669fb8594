#include <gtest/gtest.h>

#include "geocell/geometry.hpp"
#include "geometry_cases.hpp"

namespace geocell {
namespace {

TEST(Wkt, ReadsAndWritesAsPostgis) {
  for (const tests::GeometryCase& c : tests::kGeometryCases) {
    const auto geometry = read_wkt(c.ewkt);
    ASSERT_TRUE(geometry.ok()) << c.ewkt << ": " << geometry.error().message;
    EXPECT_EQ(write_hex_wkb(*geometry), c.ewkb_2d) << c.ewkt;
    EXPECT_EQ(write_wkt(*geometry), c.wkt_2d);
  }
}

}  // namespace
}  // namespace geocell
