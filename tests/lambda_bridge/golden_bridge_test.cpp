// All golden vectors through the bridge: a request of one row each, as Redshift's wrappers would send it, and
// the bytes of its value.
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "geocell/functions.hpp"
#include "lambda_bridge/engines/redshift/redshift_codec.hpp"
#include "tests/support/golden.hpp"

namespace geocell::bridge {
namespace {

using nlohmann::json;

// An argument as it crosses: what is no scalar is text.
json wire_argument(const json& value) { return value.is_array() ? json(value.dump()) : value; }

// Two texts of JSON arrays of doubles or numbers, equal up to `ulps`.
bool within_ulps(double a, double b, int ulps) {
  for (int i = 0; i < ulps && a != b; ++i) a = std::nextafter(a, b);
  return a == b;
}

void expect_value(const json& expected, const json& value, const FunctionInfo& info, int ulps) {
  if (expected.is_null()) {
    EXPECT_TRUE(value.is_null()) << value.dump();
    return;
  }
  const std::string_view type = info.result_type;
  if (type == "geometry") {
    Geometry geometry = read_wkt(expected.get<std::string>()).value();
    geometry.srid = 4326;
    if (ulps == 0) {
      EXPECT_EQ(value, write_hex_wkb(geometry));
      return;
    }
    const Geometry given = read_hex_wkb(value.get<std::string>()).value();
    ASSERT_EQ(given.points.size(), geometry.points.size());
    for (std::size_t i = 0; i < given.points.size(); ++i) {
      EXPECT_TRUE(within_ulps(given.points[i].lng_deg, geometry.points[i].lng_deg, ulps));
      EXPECT_TRUE(within_ulps(given.points[i].lat_deg, geometry.points[i].lat_deg, ulps));
    }
  } else if (type == "double precision") {
    ASSERT_TRUE(value.is_string());
    EXPECT_TRUE(within_ulps(std::stod(value.get<std::string>()), expected.get<double>(), ulps)) << value;
  } else if (type == "double precision[]") {
    const json given = json::parse(value.get<std::string>());
    ASSERT_EQ(given.size(), expected.size());
    for (std::size_t i = 0; i < given.size(); ++i) {
      EXPECT_TRUE(within_ulps(given[i].get<double>(), expected[i].get<double>(), ulps))
          << given[i] << expected[i];
    }
  } else if (type == "bigint[]") {
    EXPECT_EQ(value.get<std::string>(), expected.dump());
  } else if (type == "json" || type == "json[]" || type == "cell_range[]") {
    EXPECT_EQ(json::parse(value.get<std::string>()), expected);
  } else {
    EXPECT_EQ(value, expected);
  }
}

TEST(GoldenBridge, EveryCase) {
  std::map<std::string, FunctionInfo> infos;
  for (const FunctionInfo& info : functions()) infos.emplace(info.name, info);
  RedshiftCodec codec;
  RedshiftOptions options;
  options.string_wrapped = false;
  options.batch.limits.max_value_bytes = 16'000'000;
  std::map<std::string, int> counts;
  for (const test::GoldenCase& golden : test::load_golden_cases()) {
    SCOPED_TRACE(golden.where + ": " + golden.function);
    const auto info = infos.find(golden.function);
    ASSERT_NE(info, infos.end());
    json row = json::array();
    for (const json& argument : golden.args) row.push_back(wire_argument(argument));
    const json request = {{"external_function", "geocell.__" + golden.function},
                          {"num_records", 1},
                          {"arguments", json::array({row})}};
    std::string text = request.dump();
    Summary summary;
    const json answer = json::parse(codec.answer(text, options, summary));
    ++counts[golden.function];
    if (golden.error) {
      EXPECT_EQ(answer.value("error_msg", ""), "Error processing row 0: " + *golden.error);
    } else if (answer.at("success") != true) {
      ADD_FAILURE() << answer.dump().substr(0, 500);
    } else {
      expect_value(*golden.result, answer.at("results")[0], info->second, golden.ulps);
    }
  }
  int total = 0;
  for (const auto& [function, count] : counts) total += count;
  std::printf("golden vectors through the bridge: %d cases of %zu functions\n", total, counts.size());
  EXPECT_GT(total, 0);
}

}  // namespace
}  // namespace geocell::bridge
