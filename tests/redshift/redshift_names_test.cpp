// The names of the external functions that the generator writes, as Redshift sends them, are names that the
// bridge knows.
#include <gtest/gtest.h>

#include <algorithm>

#include "lambda_bridge/engines/redshift/function_names.hpp"
#include "sql/generator/engines/redshift/redshift_sql.hpp"
#include "tests/support/source_dir.hpp"

namespace geocell::bridge {
namespace {

TEST(RedshiftNames, TheBridgeKnowsEveryExternalFunction) {
  const auto catalogue = sql::load_catalogue(test::source_dir() + "/sql/functions");
  sql::redshift::Options options;
  options.lambda = [](std::string_view name) { return std::string(name); };
  int count = 0;
  for (const auto& statement : sql::redshift::create_statements(catalogue.functions, options)) {
    if (statement.kind != sql::redshift::StatementKind::create_external) continue;
    const std::size_t open = statement.signature.find('(');
    const std::string_view types = std::string_view(statement.signature).substr(open + 1);
    const auto commas = static_cast<std::size_t>(std::ranges::count(types, ','));
    const std::size_t arguments = types == ")" ? 0 : commas + 1;
    std::string name = statement.signature.substr(0, open);
    std::erase(name, '"');  // Redshift sends geocell.__f
    const Function* function = find_external_function(name);
    ASSERT_NE(function, nullptr) << name;
    EXPECT_EQ(function->name, statement.function);
    EXPECT_GE(arguments, function->min_arguments) << name;
    EXPECT_LE(arguments, function->max_arguments) << name;
    ++count;
  }
  EXPECT_GT(count, 0);
}

}  // namespace
}  // namespace geocell::bridge
