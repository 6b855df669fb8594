#include "geocell/geometry.hpp"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>

#include "tests/core/geometry_checks.hpp"

namespace geocell {
namespace {

using tests::broken_invariant;
using tests::broken_promise;

TEST(Geometry, TypeNames) {
  EXPECT_EQ(geometry_type_name(GeometryType::point), "POINT");
  EXPECT_EQ(geometry_type_name(GeometryType::linestring), "LINESTRING");
  EXPECT_EQ(geometry_type_name(GeometryType::polygon), "POLYGON");
  EXPECT_EQ(geometry_type_name(GeometryType::multipoint), "MULTIPOINT");
  EXPECT_EQ(geometry_type_name(GeometryType::multilinestring), "MULTILINESTRING");
  EXPECT_EQ(geometry_type_name(GeometryType::multipolygon), "MULTIPOLYGON");
  EXPECT_EQ(geometry_type_name(GeometryType::geometrycollection), "GEOMETRYCOLLECTION");
}

TEST(Geometry, MakePoint) {
  const Geometry point = make_point({-3.7, 40.4}, 4326);
  EXPECT_EQ(broken_invariant(point), "");
  EXPECT_FALSE(point.empty());
  // PostGIS: SELECT ST_AsHexEWKB('SRID=4326;POINT(-3.7 40.4)')
  EXPECT_EQ(write_hex_wkb(point), "0101000020E61000009A99999999990DC03333333333334440");
}

TEST(Geometry, MakePolygon) {
  constexpr std::array<LngLat, 5> kShell = {{{0, 0}, {1, 0}, {1, 1}, {0, 1}, {0, 0}}};
  const Geometry polygon = make_polygon(kShell, 4326);
  EXPECT_EQ(broken_invariant(polygon), "");
  EXPECT_EQ(polygon.type(), GeometryType::polygon);
  EXPECT_EQ(polygon.srid, 4326);
  EXPECT_EQ(write_wkt(polygon), "POLYGON((0 0,1 0,1 1,0 1,0 0))");
}

TEST(Geometry, RequireLngLat) {
  EXPECT_TRUE(require_lng_lat(make_point({1, 2}, 0)).ok());
  EXPECT_TRUE(require_lng_lat(make_point({1, 2}, 4326)).ok());
  for (const std::int32_t srid : {3857, -1, 4258, 32630}) {
    const auto result = require_lng_lat(make_point({1, 2}, srid));
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().code, ErrorCode::unsupported);
    EXPECT_EQ(result.error().message, "Invalid SRID \"" + std::to_string(srid) +
                                          "\"; should be 4326 or 0 (transform the geometry first)");
  }
}

TEST(GeometryText, FormatsAreToldApart) {
  for (const std::string_view text :
       {R"({"type":"Point","coordinates":[1,2]})", " \n\t{\"type\":\"Point\",\"coordinates\":[1,2]}\n",
        "POINT(1 2)", "\n point(1 2) \n", "SRID=4326;POINT(1 2)",
        "0101000000000000000000F03F0000000000000040",
        " 0101000020e6100000000000000000f03f0000000000000040 \r\n",
        "00000000013FF00000000000004000000000000000"}) {
    const auto geometry = read_geometry_text(text);
    ASSERT_TRUE(geometry.ok()) << text << ": " << geometry.error().message;
    EXPECT_EQ(write_wkt(*geometry), "POINT(1 2)");
  }
}

TEST(GeometryText, ErrorsCountFromTheStartOfTheText) {
  const struct {
    std::string_view text;
    std::string_view message;
  } cases[] = {
      {"", "Invalid WKT at byte 0: expected a geometry type such as POINT but found the end of the text"},
      {" \n ", "Invalid WKT at byte 3: expected a geometry type such as POINT but found the end of the text"},
      {"  0101g", "Invalid hex WKB at byte 6: \"g\" is not a hex digit"},
      {"  010100000000", "Invalid hex WKB at byte 12: the point needs 16 bytes but 1 byte remains"},
      {"02", "Invalid WKT at byte 0: expected a geometry type such as POINT but found \"0\""},
      {"  POINT(1 x)", "Invalid WKT at byte 10: expected a number but found \"x\""},
      {"  {]", "Invalid GeoJSON at byte 3: \"]\" is not valid JSON here"},
      {"[1,2]", "Invalid WKT at byte 0: expected a geometry type such as POINT but found \"[\""},
  };
  for (const auto& c : cases) {
    const auto geometry = read_geometry_text(c.text);
    ASSERT_FALSE(geometry.ok()) << c.text;
    EXPECT_EQ(geometry.error().message, c.message);
    EXPECT_EQ(geometry.error().code, ErrorCode::invalid_text);
  }
}

// Random trees with random finite doubles: any bit pattern must come back from every format.
class RandomGeometry {
 public:
  explicit RandomGeometry(std::uint64_t seed) : random_(seed) {}

  Geometry make() {
    geometry_ = {};
    geometry_.srid = random_() % 2 == 0 ? 0 : 4326;
    add(static_cast<GeometryType>(1 + random_() % 7), 1);
    return geometry_;
  }

 private:
  void add(GeometryType type, int depth) {
    const std::size_t index = geometry_.elements.size();
    geometry_.elements.push_back({type, 0, geometry_.rings.size(), 0});
    if (random_() % 8 == 0) return;
    if (type < GeometryType::multipoint) {
      const std::size_t rings = type == GeometryType::polygon ? 1 + random_() % 3 : 1;
      geometry_.elements[index].ring_count = rings;
      for (std::size_t i = 0; i < rings; ++i) add_ring(type);
      return;
    }
    const std::size_t count = random_() % 5;
    geometry_.elements[index].child_count = count;
    for (std::size_t i = 0; i < count; ++i) {
      const auto own = static_cast<std::uint32_t>(type);
      const bool any = type == GeometryType::geometrycollection;
      add(static_cast<GeometryType>(any ? 1 + random_() % (depth < 5 ? 7 : 6) : own - 3), depth + 1);
    }
  }

  void add_ring(GeometryType type) {
    const std::size_t first = geometry_.points.size();
    const std::size_t count = type == GeometryType::point        ? 1
                              : type == GeometryType::linestring ? 2 + random_() % 400
                                                                 : 4 + random_() % 6;
    for (std::size_t i = 0; i < count; ++i) geometry_.points.push_back({number(), number()});
    if (type == GeometryType::polygon) geometry_.points.back() = geometry_.points[first];
    geometry_.rings.push_back({first, count});
  }

  double number() {
    switch (random_() % 4) {
      case 0:
        return static_cast<double>(random_() % 361) - 180;
      case 1:
        return random_() % 2 == 0 ? 0.0 : -0.0;
      default:
        break;
    }
    const double any = std::bit_cast<double>(random_());
    return std::isfinite(any) ? any : 0.5;
  }

  std::mt19937_64 random_;
  Geometry geometry_;
};

TEST(Geometry, EveryFormatGivesTheSameBitsBack) {
  RandomGeometry random(42);
  for (int round = 0; round < 3000; ++round) {
    const Geometry geometry = random.make();
    ASSERT_EQ(broken_promise(geometry), "") << "round " << round << ": " << write_wkt(geometry);
  }
}

}  // namespace
}  // namespace geocell
