#include "sql/generator/engines/redshift/redshift_sql_engine.hpp"

#include <algorithm>

#include "sql/generator/engines/redshift/redshift_types.hpp"

namespace geocell::sql::redshift {

std::string type_name(std::string_view type) { return std::string(mapping(type).sql); }

std::string facts(const Function& function) {
  if (function.redshift.procedure) return "a stored procedure";
  if (function.handler) {
    return "by the Lambda `" + function.config.lambda_name + "`, which runs `" + function.handler->path + "`";
  }
  if (function.redshift.plain_sql.empty()) return "by the Lambda";
  const auto& plain = function.redshift.plain_sql;
  const bool partly =
      std::any_of(plain.begin(), plain.end(), [](const PlainSql& sql) { return sql.when.has_value(); });
  return partly ? "plain SQL; invalid arguments go to the Lambda, for the error" : "plain SQL";
}

}  // namespace geocell::sql::redshift
