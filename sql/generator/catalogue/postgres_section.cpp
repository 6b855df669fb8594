// The section `postgres` of a signature file.
#include "sql/generator/catalogue/sections.hpp"

namespace geocell::sql {

void read_postgres(Checker& check, const YAML::Node& node, Function& function) {
  PostgresOptions& options = function.postgres;
  if (!check.mapping(node, "postgres", {"cost", "rows", "volatility", "parallel"}, {})) return;
  if (const auto cost = node["cost"]) options.cost = check.positive(cost, "cost");
  if (const auto rows = node["rows"]) {
    options.rows = check.positive(rows, "rows");
    if (!function.returns.set) check.fail(rows, "rows needs a function that returns a set");
  }
  if (const auto volatility = node["volatility"]) options.volatility = read_volatility(check, volatility);
  if (const auto parallel = node["parallel"]) options.parallel = read_parallel(check, parallel);
}

}  // namespace geocell::sql
