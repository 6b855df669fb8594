// Every golden vector as an SQL call. A geometry argument is passed in all three forms: text, bytea (WKB) and
// PostGIS's geometry.
#include <gtest/gtest.h>

#include <bit>
#include <charconv>
#include <cmath>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "geocell/functions.hpp"
#include "sql/generator/engines/postgres/postgres_types.hpp"
#include "tests/extension/session.hpp"
#include "tests/support/golden.hpp"

namespace geocell::test {
namespace {

using nlohmann::json;

enum class Form : std::uint8_t { text, bytea, geometry };
constexpr Form kForms[] = {Form::text, Form::bytea, Form::geometry};
using sql::postgres::GeometryAs;
constexpr GeometryAs kFormTypes[] = {GeometryAs::text, GeometryAs::bytea, GeometryAs::geometry};

std::map<std::string, FunctionInfo, std::less<>> function_table() {
  std::map<std::string, FunctionInfo, std::less<>> table;
  for (const FunctionInfo& info : functions()) table.emplace(info.name, info);
  return table;
}

bool has_geometry_argument(const FunctionInfo& info) {
  return std::ranges::any_of(
      info.arguments, [](const ArgumentInfo& argument) { return argument.type.starts_with("geometry"); });
}

// A JSON value as the text of an SQL parameter.
Field parameter(const json& value) {
  if (value.is_null()) return std::nullopt;
  if (value.is_string()) return value.get<std::string>();
  if (!value.is_array()) return value.dump();
  std::string array = "{";
  for (const json& element : value) {
    if (array.size() > 1) array += ",";
    array += element.is_string() ? element.dump() : parameter(element).value_or("NULL");
  }
  return array + "}";
}

// The geometry argument in a form; nothing when only text can say it: it is not a geometry at all, or PostGIS
// would transform its SRID, which the core refuses.
std::optional<Field> geometry_parameter(const json& value, Form form) {
  if (form == Form::text || value.is_null()) return parameter(value);
  if (value.is_array()) {
    json members = json::array();
    for (const json& element : value) {
      const auto member = geometry_parameter(element, form);
      if (!member) return std::nullopt;
      members.push_back(*member ? json(**member) : json());
    }
    return parameter(members);
  }
  const Result<Geometry> geometry = read_geometry_text(value.get<std::string>());
  if (!geometry.ok()) return std::nullopt;
  if (form == Form::geometry && !require_lng_lat(*geometry).ok()) return std::nullopt;
  return (form == Form::bytea ? "\\x" : "") + write_hex_wkb(*geometry);
}

struct SqlCall {
  std::string sql;
  std::vector<Field> parameters;
};

std::optional<SqlCall> sql_call(const GoldenCase& golden, const FunctionInfo& info, Form form, bool set) {
  SqlCall call;
  std::string arguments;
  for (std::size_t i = 0; i < golden.args.size(); ++i) {
    const std::string_view type = info.arguments.at(i).type;
    const bool geometry = type.starts_with("geometry");
    const auto value = geometry ? geometry_parameter(golden.args[i], form) : parameter(golden.args[i]);
    if (!value) return std::nullopt;
    call.parameters.push_back(*value);
    arguments += (i == 0 ? "$" : ", $") + std::to_string(i + 1) + "::" +
                 std::string(sql::postgres::spelling(type, kFormTypes[static_cast<std::size_t>(form)]));
  }
  const std::string invocation = std::string(info.name) + "(" + arguments + ")";
  if (set) {
    call.sql = "SELECT coalesce(array_to_json(array_agg(cell)), '[]') FROM " + invocation + " AS cell";
  } else if (info.result_type.ends_with("[]")) {
    call.sql = "SELECT array_to_json(" + invocation + ")";
  } else {
    call.sql = "SELECT " + invocation;
  }
  return call;
}

std::optional<double> to_double(const json& value) {
  if (value.is_number()) return value.get<double>();
  return std::nullopt;
}

bool equal_doubles(double a, double b, int ulps) {
  double low = std::min(a, b);
  for (int i = 0; i < ulps && low < std::max(a, b); ++i) low = std::nextafter(low, std::max(a, b));
  return std::bit_cast<std::uint64_t>(low + 0.0) == std::bit_cast<std::uint64_t>(std::max(a, b) + 0.0);
}

// Numbers compare as the SQL type says: integers exactly, doubles bit for bit or within ulps.
bool equal_json(const json& actual, const json& expected, bool doubles, int ulps) {
  if (actual.is_array() && expected.is_array()) {
    if (actual.size() != expected.size()) return false;
    for (std::size_t i = 0; i < actual.size(); ++i) {
      if (!equal_json(actual[i], expected[i], doubles, ulps)) return false;
    }
    return true;
  }
  if (!doubles) return actual == expected;
  const auto a = to_double(actual);
  const auto b = to_double(expected);
  return a && b && equal_doubles(*a, *b, ulps);
}

// JSON text: as text when the vector has text, else as a document.
bool equal_json_text(const std::string& actual, const json& expected) {
  return expected.is_string() ? actual == expected.get<std::string>() : json::parse(actual) == expected;
}

// Nothing where `actual` is the geometry of the vector; else what differs.
std::string geometry_difference(const std::string& actual, const json& expected, int ulps) {
  Result<Geometry> wanted = read_wkt(expected.get<std::string>());
  if (!wanted.ok()) return wanted.error().message;
  wanted->srid = 4326;
  const std::string wanted_hex = write_hex_wkb(*wanted);
  if (actual == wanted_hex) return {};
  Result<Geometry> got = read_hex_wkb(actual);
  if (!got.ok()) return got.error().message;
  if (ulps > 0 && got->points.size() == wanted->points.size()) {
    for (std::size_t i = 0; i < got->points.size(); ++i) {
      LngLat& point = got->points[i];
      const LngLat& target = wanted->points[i];
      if (equal_doubles(point.lng_deg, target.lng_deg, ulps)) point.lng_deg = target.lng_deg;
      if (equal_doubles(point.lat_deg, target.lat_deg, ulps)) point.lat_deg = target.lat_deg;
    }
    if (write_hex_wkb(*got) == wanted_hex) return {};
  }
  return actual + " instead of " + wanted_hex;
}

void check(const QueryResult& actual, const GoldenCase& golden, const FunctionInfo& info, bool set) {
  if (golden.error) {
    EXPECT_FALSE(actual.ok) << actual.value();
    EXPECT_EQ(actual.message, *golden.error);
    return;
  }
  ASSERT_TRUE(actual.ok) << actual.value();
  const json& expected = *golden.result;
  if (set && expected.is_null()) {
    EXPECT_EQ(actual.value(), "[]");  // a strict set of NULL has no rows
    return;
  }
  if (expected.is_null() || actual.is_null()) {
    EXPECT_EQ(actual.value(), expected.is_null() ? "NULL" : expected.dump());
    return;
  }
  const std::string text = actual.value();
  const std::string_view type = info.result_type;
  if (type == "geometry") {
    EXPECT_EQ(geometry_difference(text, expected, golden.ulps), "");
  } else if (type == "json") {
    EXPECT_TRUE(equal_json_text(text, expected)) << text << " instead of " << expected;
  } else if (type == "text") {
    EXPECT_EQ(text, expected.get<std::string>());
  } else if (type == "boolean") {
    EXPECT_EQ(text, expected.get<bool>() ? "t" : "f");
  } else {
    const bool doubles = type.starts_with("double");
    EXPECT_TRUE(equal_json(json::parse(text), expected, doubles, golden.ulps))
        << text << " instead of " << expected;
  }
}

TEST(GoldenPostgres, EveryVectorInEveryForm) {
  const auto table = function_table();
  Session session;
  const std::string sets = session.value(
      "SELECT json_object_agg(DISTINCT proname, proretset) FROM pg_proc WHERE probin LIKE '%geocell%'");
  const json returns_set = json::parse(sets);
  std::size_t calls = 0;
  for (const GoldenCase& golden : load_golden_cases()) {
    const auto info = table.find(golden.function);
    ASSERT_NE(info, table.end()) << golden.where << ": no function " << golden.function;
    const bool set = returns_set.at(golden.function).get<bool>();
    for (const Form form : kForms) {
      if (form != Form::text && !has_geometry_argument(info->second)) continue;
      const auto call = sql_call(golden, info->second, form, set);
      if (!call) continue;
      SCOPED_TRACE(golden.where + ": " + call->sql + " with " + golden.args.dump());
      check(session.query(call->sql, call->parameters), golden, info->second, set);
      ++calls;
    }
  }
  EXPECT_GT(calls, 0u);
}

}  // namespace
}  // namespace geocell::test
