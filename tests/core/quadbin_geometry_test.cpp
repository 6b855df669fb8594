// Quadbin functions that take or give geometries; the values themselves are in the golden vectors.
#include <gtest/gtest.h>

#include "geocell/geometry.hpp"
#include "geocell/quadbin.hpp"

namespace geocell::quadbin {
namespace {

constexpr std::int64_t kMadrid = 5207251884775047167;  // 4/7/6

TEST(QuadbinFromPoint, ChecksResolutionThenSridThenType) {
  const Geometry line = *read_geometry_text("SRID=3857;LINESTRING(0 0,1 1)");
  EXPECT_EQ(from_point(line, 27).error().message, R"(Invalid resolution "27"; should be between 0 and 26)");
  EXPECT_EQ(from_point(line, 4).error().code, ErrorCode::unsupported);
  const Geometry empty_line = *read_geometry_text("LINESTRING EMPTY");
  EXPECT_EQ(from_point(empty_line, 4).error().message,
            R"(Invalid geometry type "LINESTRING"; should be POINT)");
  const Geometry empty = *read_geometry_text("POINT EMPTY");
  EXPECT_EQ(from_point(empty, 4).error().message,
            R"(Invalid point "POINT EMPTY"; should be a point with coordinates)");
  EXPECT_EQ(from_point(empty, 4).error().code, ErrorCode::invalid_parameter);
}

TEST(QuadbinFromPoint, TakesSridZeroAnd4326) {
  for (const char* text : {"POINT(-3.7038 40.4168)", "SRID=4326;POINT(-3.7038 40.4168)"}) {
    EXPECT_EQ(*from_point(*read_geometry_text(text), 4), kMadrid) << text;
  }
}

TEST(QuadbinBoundary, IsTheBoxWithSrid4326) {
  const Geometry polygon = *boundary(kMadrid);
  EXPECT_EQ(polygon.srid, 4326);
  const auto [west, south, east, north] = *bbox(kMadrid);
  EXPECT_EQ(polygon.points,
            (std::vector<LngLat>{{west, south}, {west, north}, {east, north}, {east, south}, {west, south}}));
  EXPECT_FALSE(boundary(0).ok());
}

TEST(QuadbinCenter, IsTheCornerThatTheChildrenShare) {
  for (int z = 0; z < kMaxResolution; ++z) {
    const Tile tile{z, (1u << z) / 3, (1u << z) / 5};
    const Geometry point = *center(encode_unchecked(tile));
    EXPECT_EQ(point.srid, 4326);
    const auto [west, south, east, north] = *bbox(encode_unchecked({z + 1, 2 * tile.x, 2 * tile.y}));
    EXPECT_EQ(point.points, (std::vector<LngLat>{{east, south}}));
  }
  EXPECT_FALSE(center(0).ok());
}

}  // namespace
}  // namespace geocell::quadbin
