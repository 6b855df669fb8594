// Arrays and records between JSON and C++: what crosses, and what is refused.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "lambda_bridge/rows/json_values.hpp"

namespace geocell {

struct Visit {
  std::int64_t cell;
  double minutes;
  std::optional<std::string> name;
  bool last;
};
template <>
struct Record<Visit> {
  static constexpr std::string_view name = "visit";
  static constexpr std::string_view array_name = "visit[]";
  static constexpr std::tuple columns{Column{"cell", &Visit::cell}, Column{"minutes", &Visit::minutes},
                                      Column{"name", &Visit::name}, Column{"last", &Visit::last}};
};

namespace bridge {
namespace {

Element text(std::string_view json) {
  Element element;
  element.kind = Element::Kind::text;
  element.text = json;
  return element;
}
Element array(std::string_view json) {
  Element element = text(json);
  element.kind = Element::Kind::array;
  return element;
}

template <class T>
std::string written(const T& value) {
  TextBuffer out;
  append_value(out, value);
  return std::string(out.view());
}

TEST(JsonTypes, Doubles) {
  EXPECT_EQ(*to_doubles(array("[1, -0.5, 1e300, \"2.5\"]")), (std::vector<double>{1, -0.5, 1e300, 2.5}));
  EXPECT_EQ(*to_doubles(text("[]")), std::vector<double>());
  const auto special = to_doubles(text("[\"NaN\", \"-Infinity\"]"));
  ASSERT_TRUE(special.ok());
  EXPECT_TRUE(std::isnan((*special)[0]));
  EXPECT_EQ((*special)[1], -std::numeric_limits<double>::infinity());
  EXPECT_EQ(to_doubles(array("[1, null]")).error().message, "Invalid argument \"null\"; should be a number");
  EXPECT_EQ(to_doubles(array("[[1], [2]]")).error().message,
            "Invalid argument \"an array\"; should be a number");
  EXPECT_EQ(to_doubles(array("[true]")).error().message, "Invalid argument \"true\"; should be a number");
  EXPECT_EQ(to_doubles(text("1")).error().message,
            "Invalid argument \"1\"; should be a JSON array of numbers");
  EXPECT_EQ(to_doubles(text("[1")).error().message,
            "Invalid argument \"[1\"; should be a JSON array of numbers");
  Element null;
  EXPECT_FALSE(to_doubles(null).ok());
}

TEST(JsonTypes, Geometries) {
  const auto read = to_geometries(array(
      R"json(["POINT(1 2)", "0101000000000000000000F03F0000000000000040", {"type": "Point", "coordinates": [1, 2]}])json"));
  ASSERT_TRUE(read.ok()) << read.error().message;
  ASSERT_EQ(read->size(), 3u);
  for (const Geometry& geometry : *read) EXPECT_EQ(write_wkt(geometry), "POINT(1 2)");
  EXPECT_EQ(to_geometries(text("[]"))->size(), 0u);
  EXPECT_EQ(to_geometries(array("[null]")).error().message, "Invalid argument \"null\"; should be text");
  EXPECT_EQ(to_geometries(array("[[\"POINT(1 2)\"]]")).error().message,
            "Invalid argument \"an array\"; should be text");
  EXPECT_EQ(to_geometries(text("POINT(1 2)")).error().message,
            "Invalid argument \"POINT(1 2)\"; should be a JSON array of geometries");
  EXPECT_FALSE(to_geometries(array("[\"POINT(1 NaN)\"]")).ok());
  EXPECT_FALSE(to_geometries(array("[\"POINT(1 2)\", {\"type\": \"Circle\"}]")).ok());

  EXPECT_EQ(written(std::vector<Geometry>()), "\"[]\"");
  // GeoJSON is in 4326 by definition; the other two do not say.
  const std::string point = R"(\"0101000000000000000000F03F0000000000000040\")";
  const std::string with_srid = R"(\"0101000020E6100000000000000000F03F0000000000000040\")";
  EXPECT_EQ(written(*read), "\"[" + point + "," + point + "," + with_srid + "]\"");
}

// As PostgreSQL's row_to_json() writes a row, in a JSON string.
TEST(JsonTypes, Records) {
  EXPECT_EQ(written(CellRange{1, -2, true}), R"("{\"first\":1,\"last\":-2,\"interior\":true}")");
  EXPECT_EQ(written(std::vector<CellRange>{{1, 2, false}, {3, 4, true}}),
            R"("[{\"first\":1,\"last\":2,\"interior\":false},{\"first\":3,\"last\":4,\"interior\":true}]")");
  EXPECT_EQ(written(std::vector<CellRange>()), R"("[]")");
  EXPECT_EQ(written(Visit{9007199254740993, 0.1, "a \"b\"", false}),
            R"("{\"cell\":9007199254740993,\"minutes\":0.1,\"name\":\"a \\\"b\\\"\",\"last\":false}")");
  EXPECT_EQ(written(Visit{0, std::nan(""), std::nullopt, true}),
            R"("{\"cell\":0,\"minutes\":\"NaN\",\"name\":null,\"last\":true}")");
  EXPECT_EQ(written(std::optional<CellRange>()), "null");
  EXPECT_EQ(record_info<Visit>().columns[1].type, "double precision");
}

}  // namespace
}  // namespace bridge
}  // namespace geocell
