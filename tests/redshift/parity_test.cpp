// Parity: every golden vector and every example through PostgreSQL, the bridge, and Redshift's SQL in the
// stand-in give the same bytes, errors included. Whether they are right is the golden tests' matter.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "tests/redshift/parity_engines.hpp"
#include "tests/support/source_dir.hpp"

namespace geocell::test {
namespace {

const std::vector<sql::Function>& catalogue() {
  static const std::vector<sql::Function> functions = [] {
    sql::Catalogue read = sql::load_catalogue(source_dir() + "/sql/functions");
    if (!read.issues.empty()) throw std::runtime_error(to_text(read.issues));
    return std::move(read.functions);
  }();
  return functions;
}

struct Counts {
  int postgres = 0;
  int bridge = 0;
  int redshift = 0;
  int examples = 0;
};

// On the file that GEOCELL_PARITY_REPORT names, and its totals on standard output.
void report(const std::map<std::string, Counts>& counts) {
  const char* path = std::getenv("GEOCELL_PARITY_REPORT");
  ASSERT_NE(path, nullptr) << "GEOCELL_PARITY_REPORT should name the file of the report";
  std::ofstream file(path);
  Counts total;
  const auto line = [&](const std::string& name, const Counts& row) {
    std::vector<char> text(name.size() + 200);
    std::snprintf(text.data(), text.size(), "%-26s %10d %10d %10d %10d\n", name.c_str(), row.postgres,
                  row.bridge, row.redshift, row.examples);
    file << text.data();
  };
  file << "function                     postgres     bridge   redshift   examples\n";
  for (const auto& [name, row] : counts) {
    line(name, row);
    total.postgres += row.postgres;
    total.bridge += row.bridge;
    total.redshift += row.redshift;
    total.examples += row.examples;
  }
  line("all", total);
  ASSERT_TRUE(file.good()) << path;
  std::printf(
      "parity of %zu functions: %d golden cases in PostgreSQL, %d through the bridge, %d through Redshift's "
      "SQL; %d examples through it (%s)\n",
      counts.size(), total.postgres, total.bridge, total.redshift, total.examples, path);
}

// Functions in the order of the catalogue, by number of arguments.
std::vector<Group> groups(const std::vector<GoldenCase>& cases) {
  std::vector<Group> all;
  for (const sql::Function& function : catalogue()) {
    for (const GoldenCase& golden : cases) {
      if (golden.function != function.name) continue;
      const auto same = std::ranges::find_if(all, [&](const Group& group) {
        return group.function == &function && group.arguments == golden.args.size();
      });
      Group& group = same == all.end() ? all.emplace_back(Group{&function, golden.args.size(), {}}) : *same;
      group.cases.push_back(&golden);
    }
  }
  return all;
}

const std::string kRowError = "ERROR: Error processing row 0: ";

// The bridge's answer, were it PostgreSQL's.
Outcome as_postgres(const Outcome& outcome, bool set) {
  if (outcome.starts_with(kRowError)) return "ERROR: " + outcome.substr(kRowError.size());
  return set && outcome == "NULL" ? "[]" : outcome;  // a set of NULL has no rows
}

// PostgreSQL's '{1,2}' as SUPER's '[1,2]'; documents without white space.
std::string as_super(std::string text) {
  const bool array = text.starts_with('{') && text.find('"') == std::string::npos;
  if (array) {
    text.front() = '[';
    text.back() = ']';
  } else if (text.starts_with('{')) {
    std::erase(text, ' ');
  }
  return text;
}

// The example's call with arrays as SUPER. Nothing when it uses what Redshift does not have: arrays made by a
// query, subscripts, operators of json and of arrays, sets.
std::optional<std::string> redshift_call(const sql::Function& function, const sql::Example& example) {
  if (function.returns.set && example.result) return std::nullopt;
  for (const char* only_postgres :
       {"ARRAY(", "[1]", "[4]", "->>", "<@", " FROM ", "cardinality(", "unnest("}) {
    if (example.call.find(only_postgres) != std::string::npos) return std::nullopt;
  }
  std::string call = example.call;
  for (std::size_t at; (at = call.find("ARRAY[")) != std::string::npos;) {
    const std::size_t end = call.find(']', at);
    call.replace(at, end + 1 - at, "ARRAY(" + call.substr(at + 6, end - at - 6) + ")");
  }
  for (std::size_t at; (at = call.find("'{}'")) != std::string::npos;)
    call.replace(at, 4, "JSON_PARSE('[]')");
  return call;
}

TEST(Parity, GoldenVectorsAndExamples) {
  std::map<std::string, Counts> counts;
  const std::vector<GoldenCase> cases = load_golden_cases();
  PostgresEngine postgres;
  BridgeEngine bridge;
  RedshiftEngine redshift;
  std::size_t compared = 0;
  std::size_t examples = 0;
  for (const Group& group : groups(cases)) {
    const sql::Function& function = *group.function;
    Counts& row = counts[function.name];
    std::vector<Outcome> in_redshift;
    if (function.runs_in("redshift")) in_redshift = redshift.outcomes(group);
    for (std::size_t i = 0; i < group.cases.size(); ++i) {
      const GoldenCase& golden = *group.cases[i];
      SCOPED_TRACE(golden.where + ": " + golden.function + golden.args.dump().substr(0, 300));
      const Outcome from_bridge = bridge.outcome(group, golden);
      ++row.bridge;
      if (function.runs_in("postgres")) {
        EXPECT_EQ(postgres.outcome(group, golden), as_postgres(from_bridge, function.returns.set));
        ++row.postgres;
      }
      if (function.runs_in("redshift")) {
        EXPECT_EQ(in_redshift[i], from_bridge);
        ++row.redshift;
      }
      ++compared;
    }
  }
  EXPECT_EQ(compared, cases.size()) << "golden vectors of a function that is not in the catalogue";

  for (const sql::Function& function : catalogue()) {
    if (!function.runs_in("redshift")) continue;
    for (const sql::Example& example : function.examples) {
      const auto call = redshift_call(function, example);
      if (!call) continue;
      SCOPED_TRACE(*call);
      const Outcome expected =
          example.error ? kRowError + *example.error : as_super(example.result.value_or("NULL"));
      EXPECT_EQ(redshift.expression(*call), expected);
      ++counts[function.name].examples;
      ++examples;
    }
  }
  EXPECT_GT(compared, 0u);
  EXPECT_GT(examples, 0u);
  report(counts);
}

}  // namespace
}  // namespace geocell::test
