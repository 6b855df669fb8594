// sandbox list, sandbox delete: deployments beside production, known by their Lambdas' tags.
#include <nlohmann/json.hpp>
#include <set>

#include "gateway/aws/aws.hpp"
#include "gateway/lambdas/deployment.hpp"
#include "gateway/verbs/deployment_run.hpp"
#include "gateway/verbs/verb.hpp"

namespace geocell::gateway {
namespace {

using nlohmann::json;

int list(const GlobalOptions& globals, const Console& console) {
  const Config config = load_config(globals.settings, console);
  Aws aws(config, console, true);
  std::set<std::string> bases;
  for (const auto& function : load_functions(roots_of(globals.source)))
    bases.insert(function.config.lambda_name);
  json found = json::array();
  json input = json::object();
  for (;;) {
    const json page = aws.read("lambda", "list-functions", input);
    for (const json& function : page.at("Functions")) {
      const std::string name = function.at("FunctionName");
      // Only names that a sandbox of this prefix can have are asked for their tags.
      bool candidate = false;
      for (const auto& base : bases) candidate = candidate || name.ends_with("-" + config.prefix() + base);
      if (!candidate) continue;
      const json tags = aws.read("lambda", "list-tags", {{"Resource", function.at("FunctionArn")}})
                            .value("Tags", json::object());
      if (!tags.contains(kSandboxTag)) continue;
      found.push_back({{"sandbox", tags.at(kSandboxTag)},
                       {"lambda", name},
                       {"schema", tags.at(kSandboxTag).get<std::string>() + "_" + config.schema()},
                       {"modified", function.value("LastModified", "")}});
    }
    if (!page.contains("NextMarker") || page["NextMarker"].is_null()) break;
    input["Marker"] = page["NextMarker"];
  }
  if (globals.json) {
    console.say(found.dump(2));
    return 0;
  }
  if (found.empty()) console.say("no sandboxes");
  for (const json& sandbox : found) {
    console.say(sandbox["sandbox"].get<std::string>() + "  schema " + sandbox["schema"].get<std::string>() +
                ", Lambda " + sandbox["lambda"].get<std::string>() + ", " +
                sandbox["modified"].get<std::string>());
  }
  return 0;
}

struct Options {
  std::string name;
};

void declare(OptionSet& set, Options& options) { set.required_text("name", options.name, ""); }

int remove_one(const Options& options, const GlobalOptions& globals, const Console& console) {
  GlobalOptions one = globals;
  one.settings.overrides["GEOCELL_SANDBOX"] = options.name;
  return remove(one, /*drop_schema*/ true, console);
}

const RegisteredVerb kVerb(Verb{
    {140, "sandbox", "List or delete sandboxes"},
    {},
    {},
    {make_verb({10, "list", "List the sandboxes"}, list),
     make_verb({20, "delete", "Remove exactly one sandbox"}, declare, remove_one)}});

}  // namespace
}  // namespace geocell::gateway
