// The section `redshift` of a signature file.
#include <algorithm>
#include <set>

#include "geocell/text.hpp"
#include "sql/generator/catalogue/sections.hpp"

namespace geocell::sql {

namespace {

// A scalar expression. What it names is checked when the whole catalogue is there (redshift_plain.hpp).
std::string read_expression(Checker& check, const YAML::Node& node, std::string_view what) {
  const std::string sql = check.text(node, what);
  for (const char* forbidden : {";", "$$", "--", "/*"}) {
    if (sql.find(forbidden) != std::string::npos) {
      check.fail(node, std::string(what) + " should be one expression, without " + forbidden);
    }
  }
  return sql;
}

PlainSql read_plain_sql(Checker& check, const YAML::Node& node, const Function& function) {
  PlainSql plain;
  const std::size_t parameters = function.parameters.size();
  plain.arguments = parameters;
  if (!check.mapping(node, "sql", {"arguments", "when", "value"}, {"value"})) return plain;
  if (const auto arguments = node["arguments"]) {
    const auto required = static_cast<std::int64_t>(overload_arities(function).front());
    plain.arguments = static_cast<std::size_t>(
        check.integer(arguments, "arguments", required, static_cast<std::int64_t>(parameters)));
  }
  if (const auto when = node["when"]) plain.when = read_expression(check, when, "when");
  if (const auto value = node["value"]) plain.value = read_expression(check, value, "value");
  const auto has_default = [](const Parameter& parameter) { return parameter.default_value.has_value(); };
  if (std::any_of(function.parameters.begin(), function.parameters.end(), has_default)) {
    check.fail(node, "sql needs a function whose parameters have no default");
  }
  return plain;
}

std::vector<PlainSql> read_plain_sqls(Checker& check, const YAML::Node& node, const Function& function) {
  if (!node.IsSequence()) return {read_plain_sql(check, node, function)};
  std::vector<PlainSql> all;
  std::set<std::size_t> arities;
  for (const auto& entry : node) {
    const PlainSql& plain = all.emplace_back(read_plain_sql(check, entry, function));
    if (!arities.insert(plain.arguments).second) {
      check.fail(entry, "duplicate sql for " + std::to_string(plain.arguments) + " arguments");
    }
  }
  return all;
}

// Types that differ from the common signature, by the name of the parameter.
void read_own_types(Checker& check, const YAML::Node& types, Function& function) {
  if (!types.IsMap()) {
    check.fail(types, "parameters of redshift should be a mapping from a parameter's name to its type");
    return;
  }
  for (const auto& entry : types) {
    const std::string name = check.identifier(entry.first, "a parameter's name");
    bool known = false;
    for (const Parameter& parameter : function.parameters) known |= parameter.name == name;
    if (!known) check.fail(entry.first, "the function has no parameter " + in_quotes(name));
    function.redshift.parameters.push_back({name, check.sql_type(entry.second, "a parameter's type")});
  }
}

}  // namespace

void read_redshift(Checker& check, const YAML::Node& node, Function& function) {
  RedshiftOptions& options = function.redshift;
  if (!check.mapping(node, "redshift", {"volatility", "parameters", "returns", "sql", "procedure"}, {}))
    return;
  if (const auto procedure = node["procedure"]) {
    options.procedure = check.text(procedure, "procedure");
    if (options.procedure->find("$$") != std::string::npos) {
      check.fail(procedure, "procedure should not contain $$, which ends its body");
    }
    if (node.size() > 1) check.fail(node, "procedure should be the only key of redshift");
    if (function.engines != EngineSet{"redshift"}) check.fail(node, "procedure needs engines: [redshift]");
    for (const Parameter& parameter : function.parameters) {
      if (parameter.default_value || parameter.optional) {
        check.fail(procedure, "the parameters of a procedure cannot be left out in Redshift");
      }
    }
  }
  if (const auto sql = node["sql"]) options.plain_sql = read_plain_sqls(check, sql, function);
  if (const auto volatility = node["volatility"]) options.volatility = read_volatility(check, volatility);
  if (const auto returns = node["returns"]) options.returns = check.sql_type(returns, "returns");
  if (const auto types = node["parameters"]) read_own_types(check, types, function);
}

void check_redshift(Checker& check, const YAML::Node& root, const Function& function) {
  const bool alone = function.engines == EngineSet{"redshift"};
  if (alone && !function.handler && !is_plain_sql(function) && !function.redshift.procedure) {
    check.fail(root,
               "engines: [redshift] needs sql without when, for every number of arguments, or a procedure");
  }
  if (function.redshift.procedure && function.returns != Returns()) {
    check.fail(root["returns"], "a procedure should have no returns");
  }
}

}  // namespace geocell::sql
