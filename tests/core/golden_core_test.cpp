// The golden vectors against the core, through the same table that the engines use.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "geocell/modules.def"  // the declarations
#include "tests/support/golden.hpp"
#include "tests/support/invoke.hpp"

namespace geocell::test {
namespace {

using nlohmann::json;
using Invoke = Outcome (*)(const json&);

const std::map<std::string, Invoke>& table() {
  static const std::map<std::string, Invoke> kTable{
#define GEOCELL_FUNCTION(sql_name, callable, ...) \
  {#sql_name, [](const json& args) { return invoke<&callable>(args); }},
#define GEOCELL_GEOMETRY_FUNCTION GEOCELL_FUNCTION
#include "geocell/modules.def"
  };
  return kTable;
}

// How many steps from one double to the next lie between the two. NaN is far from everything.
std::uint64_t ulps_between(double a, double b) {
  if (!std::isfinite(a) || !std::isfinite(b)) return a == b ? 0 : std::numeric_limits<std::uint64_t>::max();
  const auto ordinal = [](double value) {
    const auto bits = std::bit_cast<std::int64_t>(value);
    return bits >= 0 ? bits : std::numeric_limits<std::int64_t>::min() - bits;
  };
  const auto difference = static_cast<std::uint64_t>(ordinal(a)) - static_cast<std::uint64_t>(ordinal(b));
  return std::min(difference, -difference);
}

bool same_double(double expected, double actual, int ulps) {
  if (ulps == 0) return std::bit_cast<std::uint64_t>(expected) == std::bit_cast<std::uint64_t>(actual);
  return ulps_between(expected, actual) <= static_cast<std::uint64_t>(ulps);
}

bool same_wkt(const std::string& expected, const std::string& actual, int ulps) {
  const auto a = read_wkt(expected);
  const auto b = read_wkt(actual);
  if (!a || !b || a->points.size() != b->points.size()) return false;
  const auto shape = [](Geometry geometry) {
    for (LngLat& point : geometry.points) point = {0, 0};
    return write_wkt(geometry);
  };
  for (std::size_t i = 0; i < a->points.size(); ++i) {
    if (!same_double(a->points[i].lng_deg, b->points[i].lng_deg, ulps)) return false;
    if (!same_double(a->points[i].lat_deg, b->points[i].lat_deg, ulps)) return false;
  }
  return shape(*a) == shape(*b);
}

bool same(const json& expected, const json& actual, int ulps) {
  if (actual.is_number_float()) {
    return expected.is_number() && same_double(expected.get<double>(), actual.get<double>(), ulps);
  }
  if (actual.is_number()) return expected.is_number_integer() && expected == actual;
  if (actual.is_array()) {
    if (!expected.is_array() || expected.size() != actual.size()) return false;
    for (std::size_t i = 0; i < actual.size(); ++i) {
      if (!same(expected[i], actual[i], ulps)) return false;
    }
    return true;
  }
  // A geometry: its numbers count, not how they are spelled.
  if (actual.is_string() && expected.is_string() && actual != expected) {
    return same_wkt(expected.get<std::string>(), actual.get<std::string>(), ulps);
  }
  return expected == actual;
}

std::string call_text(const GoldenCase& golden) {
  std::string args = golden.args.dump();
  if (args.size() > 300) args = args.substr(0, 300) + "…";
  return golden.where + ": " + golden.function + args;
}

TEST(GoldenCore, EveryCase) {
  const auto cases = load_golden_cases();
  ASSERT_GT(cases.size(), 0u);
  for (const GoldenCase& golden : cases) {
    SCOPED_TRACE(call_text(golden));
    const auto found = table().find(golden.function);
    if (found == table().end()) {
      ADD_FAILURE() << "core/src/functions/*.def have no such function";
      continue;
    }
    Outcome outcome;
    try {
      outcome = found->second(golden.args);
    } catch (const std::exception& problem) {
      ADD_FAILURE() << "the case does not fit the function: " << problem.what();
      continue;
    }
    if (golden.error) {
      EXPECT_EQ(outcome.error ? outcome.error->message : "gave " + outcome.value.dump(), *golden.error);
    } else if (outcome.error) {
      ADD_FAILURE() << "failed: " << outcome.error->message << "\nbut should give " << *golden.result;
    } else {
      EXPECT_TRUE(same(*golden.result, outcome.value, golden.ulps))
          << "gave       " << outcome.value << "\nshould be  " << *golden.result;
    }
  }
}

TEST(GoldenCore, EveryFunctionHasCases) {
  std::set<std::string> covered;
  for (const GoldenCase& golden : load_golden_cases()) covered.insert(golden.function);
  for (const auto& [name, unused] : table()) {
    EXPECT_TRUE(covered.contains(name)) << "no case in tests/golden calls " << name;
  }
}

}  // namespace
}  // namespace geocell::test
