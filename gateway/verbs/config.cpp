// config: every setting and its origin.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "gateway/engines/redshift/caller_role.hpp"
#include "gateway/lambdas/deployment.hpp"
#include "gateway/verbs/verb.hpp"

namespace geocell::gateway {
namespace {

using nlohmann::json;

int run(const GlobalOptions& globals, const Console& console) {
  const Config config = load_config(globals.settings, console);
  json rows = json::array();
  const auto add = [&](std::string_view name, const std::string& value, const std::string& origin) {
    rows.push_back({{"name", name}, {"value", value}, {"origin", origin}});
  };
  for (const auto& variable : variables()) {
    add(variable.name, config.shown(variable.name), config.setting(variable.name).origin);
  }
  add("schema", config.schema(), "from " + config.schema_origin());
  add("Lambda prefix", config.prefix(),
      config.sandbox().empty() ? "from RS_LAMBDA_PREFIX" : "from RS_LAMBDA_PREFIX, sandbox");
  const auto add_role = [&](std::string_view name, const std::string& made, const std::string& given) {
    add(name, made.empty() ? given : made, made.empty() ? "given" : "made by geocell");
  };
  const RoleSpec execution = execution_role(config);
  add_role("execution role", execution.name, execution.arn);
  const CallerRole caller = caller_role(config);
  add_role("invoke role", caller.name, caller.given);
  const LambdaPackage package = choose_package(config, globals.source.package);
  add("Lambda package", package.zip.string(), "for " + package.architecture);
  if (globals.json) {
    console.say(rows.dump(2));
    return 0;
  }
  std::size_t names = 0;
  std::size_t values = 0;
  for (const json& row : rows) {
    names = std::max(names, row["name"].get<std::string>().size());
    values = std::max(values, std::min<std::size_t>(row["value"].get<std::string>().size(), 60));
  }
  for (const json& row : rows) {
    std::string name = row["name"];
    std::string value = row["value"];
    name.resize(names, ' ');
    if (value.size() < values) value.resize(values, ' ');
    console.say(name + "  " + value + "  " + row["origin"].get<std::string>());
  }
  return 0;
}

const RegisteredVerb kVerb({50, "config", "Show every setting and where it comes from"}, run);

}  // namespace
}  // namespace geocell::gateway
