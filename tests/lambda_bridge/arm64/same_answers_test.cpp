// The arm64 package and this machine's are asked the same and answer the same bytes: all golden vectors, and
// many arguments at random of every function that computes in floating point.
#include <gtest/gtest.h>

#include <charconv>
#include <map>
#include <numbers>
#include <random>

#include "geocell/quadbin.hpp"
#include "geocell/s2.hpp"
#include "tests/lambda_bridge/arm64/running_package.hpp"
#include "tests/support/golden.hpp"

namespace geocell::test {
namespace {

using nlohmann::json;

class SameAnswers : public ::testing::Test {
 protected:
  // True when both say the same, and no error unless it may be one; else the first row that differs is shown.
  bool same(const std::string& function, const json& rows, bool may_fail) {
    const std::string request = json{
        {"external_function", "geocell.__" + function},
        {"num_records", rows.size()},
        {"arguments", rows}}.dump();
    const std::string native = native_.answer(request);
    const std::string arm64 = arm64_.answer(request);
    if (!may_fail && !native.starts_with(R"("{\"success\":true)")) {
      ADD_FAILURE() << function << ": " << native.substr(0, 500);
      return false;
    }
    if (native == arm64) return true;
    const json natives = json::parse(json::parse(native).get<std::string>());
    const json arm64s = json::parse(json::parse(arm64).get<std::string>());
    std::size_t differing = 0;
    std::string first = natives.value("error_msg", "") + " / " + arm64s.value("error_msg", "");
    for (std::size_t i = 0; i < std::min(natives["results"].size(), arm64s["results"].size()); ++i) {
      if (natives["results"][i] == arm64s["results"][i]) continue;
      if (++differing > 1) continue;
      first = rows[i].dump().substr(0, 500) + ": here " + natives["results"][i].dump().substr(0, 500) +
              ", arm64 " + arm64s["results"][i].dump().substr(0, 500);
    }
    ADD_FAILURE() << function << ": " << differing << " of " << rows.size() << " rows differ: " << first;
    return false;
  }

  RunningPackage native_{built_programs()};
  RunningPackage arm64_{arm64_programs()};
};

TEST_F(SameAnswers, EveryGoldenCase) {
  int agreeing = 0;
  std::map<std::string, int> counts;
  for (const GoldenCase& golden : load_golden_cases()) {
    SCOPED_TRACE(golden.where);
    json row = json::array();
    // What is no scalar crosses as text.
    for (const json& value : golden.args) row.push_back(value.is_array() ? json(value.dump()) : value);
    ++counts[golden.function];
    agreeing += same(golden.function, json::array({row}), true) ? 1 : 0;
  }
  std::printf("arm64: %d golden cases of %zu functions agree\n", agreeing, counts.size());
  EXPECT_GT(agreeing, 0);
}

// Text, as Redshift sends doubles.
json text(double value) {
  char buffer[32];
  return std::string(buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr);
}

class Random {
 public:
  int integer(int low, int high) { return std::uniform_int_distribution(low, high)(engine_); }
  double real(double low, double high) { return std::uniform_real_distribution(low, high)(engine_); }
  double lng_deg() { return real(-180, 180); }
  // Even on the sphere.
  double lat_deg() { return std::asin(real(-1, 1)) * 180 / std::numbers::pi; }
  json quadbin() { return quadbin::from_lng_lat(lng_deg(), real(-86, 86), integer(0, 26)).value(); }
  json s2() { return s2::from_lng_lat(lng_deg(), lat_deg(), integer(0, 30)).value(); }
  // A star around a point, of `radius_deg`.
  std::string polygon(double radius_deg) {
    const double lng = real(-170, 170);
    const double lat = real(-75, 75);
    const int corners = integer(3, 12);
    std::string points;
    std::string first;
    for (int i = 0; i < corners; ++i) {
      const double angle = 2 * std::numbers::pi * i / corners;
      const double radius = radius_deg * real(0.3, 1);
      const std::string point = text(lng + radius * std::cos(angle)).get<std::string>() + " " +
                                text(lat + radius * std::sin(angle)).get<std::string>();
      if (i == 0) first = point;
      points += point + ",";
    }
    return "POLYGON((" + points + first + "))";
  }

 private:
  std::mt19937_64 engine_{20230610};
};

TEST_F(SameAnswers, AtRandom) {
  struct Kind {
    std::string function;
    int batches;
    int rows;
    std::function<json(Random&)> row;
  };
  const auto mode = [](Random& random) {
    return std::array{"center", "intersects", "contains"}[static_cast<std::size_t>(random.integer(0, 2))];
  };
  const auto polyfill = [&](double degrees_at_level_0) {
    return [&mode, degrees_at_level_0](Random& random) -> json {
      const int resolution = random.integer(4, 20);
      return {random.polygon(std::min(8.0, degrees_at_level_0 / (1 << resolution))), resolution,
              mode(random)};
    };
  };
  const std::vector<Kind> kinds = {
      {"quadbin_fromlonglat", 20, 10'000,
       [](Random& random) -> json {
         return {text(random.lng_deg()), text(random.lat_deg()), random.integer(0, 26)};
       }},
      {"s2_fromlonglat", 20, 10'000,
       [](Random& random) -> json {
         return {text(random.lng_deg()), text(random.lat_deg()), random.integer(0, 30)};
       }},
      {"quadbin_center", 10, 10'000, [](Random& random) -> json { return {random.quadbin()}; }},
      {"quadbin_bbox", 10, 10'000, [](Random& random) -> json { return {random.quadbin()}; }},
      {"quadbin_boundary", 10, 10'000, [](Random& random) -> json { return {random.quadbin()}; }},
      {"quadbin_area", 10, 10'000, [](Random& random) -> json { return {random.quadbin()}; }},
      {"s2_center", 20, 10'000, [](Random& random) -> json { return {random.s2()}; }},
      {"s2_boundary", 20, 5'000, [](Random& random) -> json { return {random.s2()}; }},
      {"quadbin_polyfill", 10, 100, polyfill(3000)},
      {"quadbin_polyfill_compact", 10, 100, polyfill(20000)},
      {"s2_polyfill", 10, 100, polyfill(1000)},
      {"s2_polyfill_compact", 10, 100, polyfill(5000)},
      {"s2_polyfill_bbox", 10, 500,
       [](Random& random) -> json {
         const double lng = random.lng_deg();
         const double lat = random.real(-85, 80);
         const double size = std::exp2(random.real(-15, 3));
         return {text(lng), text(lng + size * random.real(0.2, 2)), text(lat),
                 text(std::min(90.0, lat + size * random.real(0.2, 2)))};
       }},
  };
  Random random;
  for (const Kind& kind : kinds) {
    int agreeing = 0;
    for (int batch = 0; batch < kind.batches; ++batch) {
      json rows = json::array();
      for (int i = 0; i < kind.rows; ++i) rows.push_back(kind.row(random));
      agreeing += same(kind.function, rows, false) ? kind.rows : 0;
    }
    std::printf("arm64: %d rows of %s agree\n", agreeing, kind.function.c_str());
  }
}

}  // namespace
}  // namespace geocell::test
