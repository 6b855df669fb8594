#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "geocell/geometry.hpp"
#include "tests/core/geometry_cases.hpp"
#include "tests/core/geometry_checks.hpp"

namespace geocell {
namespace {

using tests::broken_promise;

// PostGIS 3.3.2: SELECT ST_AsGeoJSON(g, 17), ST_AsText(g, 17) of geometries in EPSG:4326.
constexpr struct {
  std::string_view geojson;
  std::string_view wkt;
} kPostgisCases[] = {
    {R"({"type":"Point","coordinates":[1,2]})", "POINT(1 2)"},
    {R"({"type":"Point","coordinates":[-179.123456789012,85.0511287798066]})",
     "POINT(-179.123456789012 85.0511287798066)"},
    {R"({"type":"Point","coordinates":[1,2,3]})", "POINT(1 2)"},
    {R"({"type":"Point","coordinates":[]})", "POINT EMPTY"},
    {R"({"type":"LineString","coordinates":[[0.1,0.2],[-3.75,4]]})", "LINESTRING(0.1 0.2,-3.75 4)"},
    {R"({"type":"LineString","coordinates":[]})", "LINESTRING EMPTY"},
    {R"({"type":"LineString","coordinates":[[0,0,9],[1,1,9]]})", "LINESTRING(0 0,1 1)"},
    {R"({"type":"Polygon","coordinates":[[[0,0],[10,0],[10,10],[0,10],[0,0]],[[1,1],[2,1],[2,2],[1,1]]]})",
     "POLYGON((0 0,10 0,10 10,0 10,0 0),(1 1,2 1,2 2,1 1))"},
    {R"({"type":"Polygon","coordinates":[]})", "POLYGON EMPTY"},
    {R"({"type":"MultiPoint","coordinates":[[1,2],[3,4]]})", "MULTIPOINT((1 2),(3 4))"},
    {R"({"type":"MultiPoint","coordinates":[]})", "MULTIPOINT EMPTY"},
    {R"({"type":"MultiLineString","coordinates":[[[0,0],[1,1]],[[2,2],[3,3],[4,4]]]})",
     "MULTILINESTRING((0 0,1 1),(2 2,3 3,4 4))"},
    {R"({"type":"MultiLineString","coordinates":[[],[[2,2],[3,3]]]})", "MULTILINESTRING(EMPTY,(2 2,3 3))"},
    {R"({"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,0]]],[[[5,5],[9,5],[9,9],[5,5]],[[6,6],[7,6],[7,7],[6,6]]]]})",
     "MULTIPOLYGON(((0 0,1 0,1 1,0 0)),((5 5,9 5,9 9,5 5),(6 6,7 6,7 7,6 6)))"},
    {R"({"type":"MultiPolygon","coordinates":[[],[[[0,0],[1,0],[1,1],[0,0]]]]})",
     "MULTIPOLYGON(EMPTY,((0 0,1 0,1 1,0 0)))"},
    {R"({"type":"GeometryCollection","geometries":[]})", "GEOMETRYCOLLECTION EMPTY"},
    {R"({"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1,2]},{"type":"LineString","coordinates":[[0,0],[1,1]]},{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]},{"type":"MultiPoint","coordinates":[[1,2]]}]})",
     "GEOMETRYCOLLECTION(POINT(1 2),LINESTRING(0 0,1 1),POLYGON((0 0,1 0,1 1,0 0)),MULTIPOINT((1 2)))"},
    {R"({"type": "Feature", "geometry": {"type":"Point","coordinates":[1,2]}, "properties": {"id": 7, "name": "x"}})",
     "POINT(1 2)"},
    {R"({"type":"Point","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4326"}},"bbox":[1.00000000000000000,2.00000000000000000,1.00000000000000000,2.00000000000000000],"coordinates":[1,2]})",
     "POINT(1 2)"},
};

TEST(GeoJson, ReadsWhatPostgisWrites) {
  for (const auto& c : kPostgisCases) {
    const auto geometry = read_geojson(c.geojson);
    ASSERT_TRUE(geometry.ok()) << c.geojson << ": " << geometry.error().message;
    EXPECT_EQ(write_wkt(*geometry), c.wkt);
    EXPECT_EQ(geometry->srid, 4326);
    EXPECT_EQ(broken_promise(geometry), "");
  }
}

TEST(GeoJson, Writes) {
  const struct {
    std::string_view wkt;
    std::string_view geojson;
  } cases[] = {
      {"POINT(1 2)", R"({"type": "Point", "coordinates": [1, 2]})"},
      {"POINT EMPTY", R"({"type": "Point", "coordinates": []})"},
      {"POINT(-0 -0.1)", R"({"type": "Point", "coordinates": [-0.0, -0.1]})"},
      {"POINT(1e30 1e-7)", R"({"type": "Point", "coordinates": [1e+30, 1e-07]})"},
      {"LINESTRING(1 2,3 4)", R"({"type": "LineString", "coordinates": [[1, 2], [3, 4]]})"},
      {"POLYGON((0 0,1 0,1 1,0 0))",
       R"({"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]})"},
      {"MULTIPOINT(1 2,EMPTY)", R"({"type": "MultiPoint", "coordinates": [[1, 2], []]})"},
      {"MULTILINESTRING EMPTY", R"({"type": "MultiLineString", "coordinates": []})"},
      {"MULTIPOLYGON(EMPTY,((0 0,1 0,1 1,0 0)))",
       R"({"type": "MultiPolygon", "coordinates": [[], [[[0, 0], [1, 0], [1, 1], [0, 0]]]]})"},
      {"GEOMETRYCOLLECTION(POINT(1 2),GEOMETRYCOLLECTION EMPTY)",
       R"({"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [1, 2]}, {"type": "GeometryCollection", "geometries": []}]})"},
  };
  for (const auto& c : cases) {
    const auto geometry = read_wkt(c.wkt);
    ASSERT_TRUE(geometry.ok()) << geometry.error().message;
    EXPECT_EQ(write_geojson(*geometry), c.geojson);
  }
}

TEST(GeoJson, ReadsWhatPeopleWrite) {
  const struct {
    std::string_view text;
    std::string_view wkt;
  } cases[] = {
      {" \n{\"coordinates\" : [ 1 , 2 ] , \"type\" : \"Point\"} \r\n", "POINT(1 2)"},
      {R"({"type":"Point","coordinates":[1,2,3]})", "POINT(1 2)"},
      {R"({"type":"Point","coordinates":[1,2,3,4,5]})", "POINT(1 2)"},
      {R"({"type":"Point","coordinates":[1.5e2,-2.5E-1]})", "POINT(150 -0.25)"},
      {R"({"type":"Point","coordinates":[-0.0,1e-400]})", "POINT(-0 0)"},
      {R"({"type":"Point","coordinates":[123456789012345678901234567890,-9223372036854775809]})",
       "POINT(1.2345678901234568e+29 -9223372036854775808)"},
      {R"({"type":"Point","coordinates":[18446744073709551615,9007199254740993]})",
       "POINT(18446744073709551616 9007199254740992)"},
      {R"({"type":"Point","coordinates":[]})", "POINT EMPTY"},
      {R"({"type":"MultiPoint","coordinates":[[1,2],[],[3,4]]})", "MULTIPOINT((1 2),EMPTY,(3 4))"},
      // escapes in names and values are the same names and values
      {R"({"\u0074ype":"Po\u0069nt","coordinates":[1,2]})", "POINT(1 2)"},
      // members without meaning, however deep and whatever their names
      {R"({"type":"Point","bbox":[1,2,1,2],"id":7,"properties":{"type":"x","coordinates":{}},"coordinates":[1,2],"x":[[{"type":1}]]})",
       "POINT(1 2)"},
      {R"({"type":"Point","geometries":3,"features":{},"geometry":[],"name":null,"":1,"coordinates":[1,2]})",
       "POINT(1 2)"},
      // of members with the same name the last counts
      {R"({"type":"LineString","type":"Point","coordinates":[[3,4]],"coordinates":[1,2]})", "POINT(1 2)"},
      {R"({"type":"Feature","properties":null,"geometry":{"type":"Point","coordinates":[1,2]}})",
       "POINT(1 2)"},
      {R"({"type":"Feature","properties":{"geometry":{"type":"x"}},"geometry":{"type":"GeometryCollection","geometries":[]}})",
       "GEOMETRYCOLLECTION EMPTY"},
      {R"({"type":"Feature","geometry":null,"properties":null})", "GEOMETRYCOLLECTION EMPTY"},
      {R"({"type":"FeatureCollection","features":[]})", "GEOMETRYCOLLECTION EMPTY"},
      {R"({"features":[{"geometry":{"coordinates":[1,2],"type":"Point"},"type":"Feature"},{"type":"Feature","geometry":null},)"
       R"({"type":"Feature","geometry":{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[3,4]}]}}],)"
       R"("type":"FeatureCollection"})",
       "GEOMETRYCOLLECTION(POINT(1 2),GEOMETRYCOLLECTION EMPTY,GEOMETRYCOLLECTION(POINT(3 4)))"},
      {"\xEF\xBB\xBF{\"type\":\"Point\",\"coordinates\":[1,2]}", "POINT(1 2)"},
  };
  for (const auto& c : cases) {
    const auto geometry = read_geojson(c.text);
    ASSERT_TRUE(geometry.ok()) << c.text << ": " << geometry.error().message;
    EXPECT_EQ(write_wkt(*geometry), c.wkt);
    EXPECT_EQ(geometry->srid, 4326);
    EXPECT_EQ(broken_promise(geometry), "");
  }
}

TEST(GeoJson, CrsThatSaysLongitudeLatitude) {
  for (const std::string_view name :
       {"EPSG:4326", "urn:ogc:def:crs:EPSG::4326", "http://www.opengis.net/def/crs/EPSG/0/4326", "CRS84",
        "OGC:CRS84", "urn:ogc:def:crs:OGC:1.3:CRS84", "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}) {
    const std::string text = R"({"type":"Point","crs":{"type":"name","properties":{"name":")" +
                             std::string(name) + R"("}},"coordinates":[1,2]})";
    const auto geometry = read_geojson(text);
    EXPECT_TRUE(geometry.ok()) << text;
  }
  EXPECT_TRUE(read_geojson(R"({"type":"Point","crs":null,"coordinates":[1,2]})").ok());
}

TEST(GeoJson, ErrorsNameThePlace) {
  constexpr auto kText = ErrorCode::invalid_text;
  const struct {
    std::string_view text;
    ErrorCode code;
    std::string_view message;
  } cases[] = {
      {"", kText, "Invalid GeoJSON at byte 0: the text ends before the JSON document does"},
      {"  ", kText, "Invalid GeoJSON at byte 2: the text ends before the JSON document does"},
      {R"({"type":"Point","coordinates":[1)", kText,
       "Invalid GeoJSON at byte 32: the text ends before the JSON document does"},
      {R"({"type":"Point","coordinates":[1,}]})", kText,
       "Invalid GeoJSON at byte 33: \"}\" is not valid JSON here"},
      {R"({"type":"Point","coordinates":[1,2]}x)", kText,
       "Invalid GeoJSON at byte 36: \"x\" is not valid JSON here"},
      {R"({type:"Point"})", kText, "Invalid GeoJSON at byte 1: \"t\" is not valid JSON here"},
      {R"({"type":"Point","coordinates":[1, nul]})", kText,
       "Invalid GeoJSON at byte 34: \"n\" is not valid JSON here"},
      {R"({"type":"Point","coordinates":[NaN,2]})", kText,
       "Invalid GeoJSON at byte 31: \"N\" is not valid JSON here"},
      {R"({"type":"Point","coordinates":[01,2]})", kText,
       "Invalid GeoJSON at byte 32: \"1\" is not valid JSON here"},
      {R"({"type":"Point","coordinates":[+1,2]})", kText,
       "Invalid GeoJSON at byte 31: \"+\" is not valid JSON here"},
      {"{\"type\":\"Po\xFFint\"}", kText, "Invalid GeoJSON at byte 11: \"\\xff\" is not valid JSON here"},
      {"{\"type\":\"Po\nint\"}", kText, "Invalid GeoJSON at byte 11: \"\\x0a\" is not valid JSON here"},
      {R"({"type":"Point","coordinates":[1,1e999]})", ErrorCode::not_finite,
       "Invalid GeoJSON at byte 33: number \"1e999\" is not a finite double"},
      {R"({"type":"Point","coordinates":[ -1e999 ,1]})", ErrorCode::not_finite,
       "Invalid GeoJSON at byte 32: number \"-1e999\" is not a finite double"},
      {"[]", kText, "Invalid GeoJSON: the document should be an object"},
      {"null", kText, "Invalid GeoJSON: the document should be an object"},
      {"1", kText, "Invalid GeoJSON: the document should be an object"},
      {"\"Point\"", kText, "Invalid GeoJSON: the document should be an object"},
      {"{}", kText, "Invalid GeoJSON: /type should be a string"},
      {R"({"type":1})", kText, "Invalid GeoJSON: /type should be a string"},
      {R"({"type":"Circle"})", kText,
       "Invalid GeoJSON: /type is \"Circle\"; should be a geometry type such as Point, Feature or "
       "FeatureCollection"},
      {R"({"type":"point","coordinates":[1,2]})", kText,
       "Invalid GeoJSON: /type is \"point\"; should be a geometry type such as Point, Feature or "
       "FeatureCollection"},
      {"{\"type\":\"\xC3\xA9\"}", kText,
       "Invalid GeoJSON: /type is \"\\xc3\\xa9\"; should be a geometry type such as Point, Feature or "
       "FeatureCollection"},
      {R"({"type":"Point"})", kText, "Invalid GeoJSON: /coordinates should be an array"},
      {R"({"type":"Point","coordinates":null})", kText, "Invalid GeoJSON: /coordinates should be an array"},
      {R"({"type":"Point","coordinates":{"type":[1,2]}})", kText,
       "Invalid GeoJSON: /coordinates should be an array"},
      {R"({"type":"Point","coordinates":[1]})", kText,
       "Invalid GeoJSON: /coordinates has 1 number; a position should have at least 2"},
      {R"({"type":"Point","coordinates":["1",2]})", kText,
       "Invalid GeoJSON: /coordinates/0 should be a number"},
      {R"({"type":"Point","coordinates":[1,true]})", kText,
       "Invalid GeoJSON: /coordinates/1 should be a number"},
      {R"({"type":"Point","coordinates":[1,2,null]})", kText,
       "Invalid GeoJSON: /coordinates/2 should be a number"},
      {R"({"type":"LineString","coordinates":[1,2]})", kText,
       "Invalid GeoJSON: /coordinates/0 should be an array"},
      {R"({"type":"LineString","coordinates":[[1,2],[]]})", kText,
       "Invalid GeoJSON: /coordinates/1 has 0 numbers; a position should have at least 2"},
      {R"({"type":"LineString","coordinates":[[1,2]]})", kText,
       "Invalid GeoJSON: /coordinates: line has 1 point; should have none or at least 2"},
      {R"({"type":"MultiLineString","coordinates":[[],[[1,2]]]})", kText,
       "Invalid GeoJSON: /coordinates/1: line has 1 point; should have none or at least 2"},
      {R"({"type":"Polygon","coordinates":[[]]})", kText,
       "Invalid GeoJSON: /coordinates/0: ring has 0 points; should have at least 4"},
      {R"({"type":"Polygon","coordinates":[[[0,0],[1,0],[0,0]]]})", kText,
       "Invalid GeoJSON: /coordinates/0: ring has 3 points; should have at least 4"},
      {R"({"type":"MultiPolygon","coordinates":[[],[[[0,0],[1,0],[1,1],[0,0]],[[0,0],[1,0],[1,1],[0,1]]]]})",
       kText, "Invalid GeoJSON: /coordinates/1/1: ring is not closed; starts at (0 0) and ends at (0 1)"},
      {R"({"type":"MultiPolygon","coordinates":[[[[0,0],[1,"x"]]]]})", kText,
       "Invalid GeoJSON: /coordinates/0/0/1/1 should be a number"},
      {R"({"type":"GeometryCollection"})", kText, "Invalid GeoJSON: /geometries should be an array"},
      {R"({"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1,2]},{"type":"Point"}]})",
       kText, "Invalid GeoJSON: /geometries/1/coordinates should be an array"},
      {R"({"type":"GeometryCollection","geometries":[null]})", kText,
       "Invalid GeoJSON: /geometries/0 should be an object"},
      {R"({"type":"GeometryCollection","geometries":[{"type":"Feature","geometry":null}]})", kText,
       "Invalid GeoJSON: /geometries/0/type is \"Feature\"; should be a geometry type such as Point"},
      {R"({"type":"Feature"})", kText, "Invalid GeoJSON: /geometry should be a geometry or null"},
      {R"({"type":"Feature","geometry":[]})", kText,
       "Invalid GeoJSON: /geometry should be a geometry or null"},
      {R"({"type":"Feature","geometry":{"type":"Feature","geometry":null}})", kText,
       "Invalid GeoJSON: /geometry/type is \"Feature\"; should be a geometry type such as Point"},
      {R"({"type":"FeatureCollection"})", kText, "Invalid GeoJSON: /features should be an array"},
      {R"({"type":"FeatureCollection","features":[{"type":"Point","coordinates":[1,2]}]})", kText,
       "Invalid GeoJSON: /features/0/type is \"Point\"; should be Feature"},
      {R"({"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[1]}}]})",
       kText,
       "Invalid GeoJSON: /features/0/geometry/coordinates has 1 number; a position should have at least 2"},
      {R"({"type":"Point","coordinates":[1,2],"crs":{"type":"name","properties":{"name":"EPSG:3857"}}})",
       ErrorCode::unsupported,
       "Invalid GeoJSON: /crs is \"EPSG:3857\"; should be EPSG:4326 or CRS84 (transform the geometry first)"},
      {R"({"type":"Feature","geometry":{"type":"Point","coordinates":[1,2],"crs":{"properties":{"name":"urn:ogc:def:crs:EPSG::14326"}}}})",
       ErrorCode::unsupported,
       "Invalid GeoJSON: /geometry/crs is \"urn:ogc:def:crs:EPSG::14326\"; should be EPSG:4326 or CRS84 "
       "(transform the geometry first)"},
      {R"({"type":"Point","coordinates":[1,2],"crs":{"type":"link","properties":{"href":"http://example.com/crs/42"}}})",
       ErrorCode::unsupported,
       "Invalid GeoJSON: /crs has no name; should be EPSG:4326 or CRS84 (transform the geometry first)"},
  };
  for (const auto& c : cases) {
    const auto geometry = read_geojson(c.text);
    ASSERT_FALSE(geometry.ok()) << c.text;
    EXPECT_EQ(geometry.error().message, c.message) << c.text;
    EXPECT_EQ(geometry.error().code, c.code) << c.text;
    EXPECT_EQ(broken_promise(geometry), "");
  }
}

TEST(GeoJson, DepthIsLimited) {
  const auto nested = [](int collections, std::string text) {
    for (int i = 0; i < collections; ++i)
      text = R"({"type":"GeometryCollection","geometries":[)" + text + "]}";
    return text;
  };
  const std::string point = R"({"type":"Point","coordinates":[1,2]})";
  const std::string multipoint = R"({"type":"MultiPoint","coordinates":[[1,2]]})";
  EXPECT_EQ(broken_promise(read_geojson(nested(63, point))), "");
  EXPECT_TRUE(read_geojson(nested(63, point)).ok());
  EXPECT_TRUE(read_geojson(nested(62, multipoint)).ok());
  for (const std::string& text : {nested(64, point), nested(63, multipoint), nested(2000, point)}) {
    const auto geometry = read_geojson(text);
    ASSERT_FALSE(geometry.ok());
    EXPECT_TRUE(geometry.error().message.ends_with(": geometries are nested more than 64 deep"))
        << geometry.error().message;
  }
}

TEST(GeoJson, AMillionBracketsDoNoHarm) {
  const std::string open(1000000, '[');
  const std::string close(1000000, ']');
  std::string objects;
  for (int i = 0; i < 300000; ++i) objects += "{\"geometry\":";
  EXPECT_FALSE(read_geojson(open).ok());
  EXPECT_FALSE(read_geojson(open + close).ok());
  EXPECT_FALSE(read_geojson(objects).ok());
  EXPECT_FALSE(read_geojson(objects + "1" + std::string(300000, '}')).ok());
  EXPECT_FALSE(read_geojson("{\"type\":\"Polygon\",\"coordinates\":" + open).ok());
  const auto deep = read_geojson("{\"type\":\"MultiPolygon\",\"coordinates\":" + open + close + "}");
  ASSERT_FALSE(deep.ok());
  EXPECT_EQ(deep.error().message, "Invalid GeoJSON: /coordinates/0/0/0/0 should be a number");
  EXPECT_TRUE(
      read_geojson("{\"type\":\"Point\",\"coordinates\":[1,2],\"properties\":" + open + close + "}").ok());
}

constexpr std::string_view kSeeds[] = {
    R"({"type":"Point","coordinates":[1,2.5e1]})",
    R"({"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]})",
    R"({"type":"GeometryCollection","geometries":[{"type":"MultiPoint","coordinates":[[1,2],[]]}]})",
    R"({"type":"FeatureCollection","features":[{"type":"Feature","geometry":null,"crs":{"properties":{"name":"EPSG:4326"}}}]})",
};

TEST(GeoJson, TruncationIsAnError) {
  for (const std::string_view seed : kSeeds) {
    ASSERT_TRUE(read_geojson(seed).ok()) << seed;
    for (std::size_t size = 0; size < seed.size(); ++size) {
      const std::vector<char> exact(seed.begin(),
                                    seed.begin() + static_cast<std::ptrdiff_t>(size));  // for ASan
      const auto geometry = read_geojson({exact.data(), exact.size()});
      ASSERT_FALSE(geometry.ok()) << seed << " cut at " << size;
      EXPECT_EQ(broken_promise(geometry), "");
    }
  }
}

TEST(GeoJson, EveryValueAtEveryByteIsReadOrRefused) {
  for (const std::string_view seed : kSeeds) {
    for (std::size_t i = 0; i < seed.size(); ++i) {
      std::string text(seed);
      for (int value = 0; value < 256; ++value) {
        text[i] = static_cast<char>(value);
        ASSERT_EQ(broken_promise(read_geojson(text)), "") << text;
      }
    }
  }
}

TEST(GeoJson, GarbageIsRefused) {
  constexpr std::string_view kPieces[] = {"{",
                                          "}",
                                          "[",
                                          "]",
                                          ",",
                                          ":",
                                          "\"type\"",
                                          "\"Point\"",
                                          "\"coordinates\"",
                                          "1",
                                          "-0.5",
                                          "null",
                                          "\"Feature\"",
                                          "\"geometry\"",
                                          "\"",
                                          "\\",
                                          "\xff"};
  std::mt19937_64 random(13);
  for (int round = 0; round < 20000; ++round) {
    std::string text;
    for (std::uint64_t n = random() % 24; n > 0; --n) {
      text += round % 2 == 0 ? std::string(kPieces[random() % std::size(kPieces)])
                             : std::string(1, static_cast<char>(random()));
    }
    ASSERT_EQ(broken_promise(read_geojson(text)), "") << text;
  }
}

}  // namespace
}  // namespace geocell
