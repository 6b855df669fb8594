// The demo's TopoJSON reader, since tests take their real polygons from it.
#include "data/topojson.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include "tests/support/source_dir.hpp"

namespace {

using topojson::Country;
using topojson::read_countries;

// The topology of the TopoJSON specification's example, section 1.1 (a polygon over a line's arc), with a
// second polygon.
constexpr const char* kSmall = R"({
  "type": "Topology", "transform": {"scale": [0.5, 0.25], "translate": [100, 0]},
  "objects": {"countries": {"type": "GeometryCollection", "geometries": [
    {"type": "Polygon", "arcs": [[0, 1]], "properties": {"name": "Left"}},
    {"type": "MultiPolygon", "arcs": [[[3]], [[2, -1]]], "properties": {"name": "Right"}},
    {"type": "Point", "coordinates": [0, 0], "properties": {"name": "No polygon"}}]}},
  "arcs": [[[2, 0], [0, 4]], [[2, 4], [-2, 0], [0, -4], [2, 0]], [[2, 0], [2, 0], [0, 4], [-2, 0]], [[0, 0], [1, 0], [0, 1], [-1, -1]]]})";

TEST(Topojson, StitchesDeltaArcsAndReversesNegativeOnes) {
  const auto countries = read_countries(kSmall);
  ASSERT_EQ(countries.size(), 2U);
  EXPECT_EQ(countries[0].name, "Left");
  EXPECT_EQ(countries[0].wkt(), "POLYGON((101 0,101 1,100 1,100 0,101 0))");
  EXPECT_EQ(countries[1].wkt(),
            "MULTIPOLYGON(((100 0,100.5 0,100.5 0.25,100 0)),((101 0,102 0,102 1,101 1,101 0)))");
  EXPECT_EQ(countries[1].vertex_count(), 9U);
}

TEST(Topojson, SaysWhatIsWrong) {
  EXPECT_ANY_THROW(read_countries("{}"));
  EXPECT_ANY_THROW(read_countries("not json"));
  EXPECT_ANY_THROW(read_countries(kSmall, "land"));
  // An arc that is not there.
  EXPECT_ANY_THROW(read_countries(
      R"({"objects": {"countries": {"geometries": [{"type": "Polygon", "arcs": [[9]], "properties": {"name": ""}}]}},
          "arcs": [[[0, 0], [1, 1]]]})"));
}

std::string one_ring(const std::string& positions) {
  return read_countries(R"({"objects": {"countries": {"geometries": [{"type": "Polygon", "arcs": [[0]],
                            "properties": {"name": ""}}]}}, "arcs": [[)" +
                        positions + "]]}")
      .at(0)
      .wkt();
}

TEST(Topojson, TakesOutJumpsAtTheAntimeridian) {
  EXPECT_EQ(one_ring("[170, 0], [-170, 0], [-170, 10], [170, 10], [170, 0]"),
            "POLYGON((190 0,190 10,170 10,170 0,190 0))");
  // Around the south pole, eastwards, with a position on the antimeridian written once.
  EXPECT_EQ(one_ring("[0, -70], [90, -60], [-180, -65], [-90, -60], [0, -70]"),
            "POLYGON((-180 -65,-90 -60,0 -70,90 -60,180 -65,180 -90,-180 -90,-180 -65))");
}

// The counts are of the files as published (data/natural-earth/README.md).
TEST(Topojson, ReadsNaturalEarth) {
  const std::string folder = geocell::test::source_dir() + "/data/natural-earth/";
  for (const auto& [file, count] :
       {std::pair{"countries-110m.json", 177U}, std::pair{"countries-50m.json", 241U}}) {
    const auto countries = topojson::read_countries_file(folder + file);
    EXPECT_EQ(countries.size(), count);
    for (const Country& country : countries) {
      ASSERT_FALSE(country.polygons.empty()) << country.name;
      for (const topojson::Polygon& polygon : country.polygons) {
        for (const topojson::Ring& ring : polygon) {
          ASSERT_GE(ring.size(), 4U) << country.name;
          ASSERT_EQ(ring.front(), ring.back()) << country.name;
          ASSERT_TRUE(std::all_of(ring.begin(), ring.end(), [](const topojson::Position& p) {
            return p.lng_deg >= -360 && p.lng_deg <= 360 && p.lat_deg >= -90.0001 && p.lat_deg <= 90.0001;
          })) << country.name;
        }
      }
    }
  }
}

}  // namespace
