// list: the functions, by module. Contacts neither AWS nor Redshift.
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "gateway/verbs/verb.hpp"

namespace geocell::gateway {
namespace {

using nlohmann::json;

int run(const GlobalOptions& globals, const Console& console) {
  const sql::Catalogue catalogue = read_functions(roots_of(globals.source));
  for (const auto& issue : catalogue.issues) console.warn(sql::to_text(issue));
  const char* changed = std::getenv("GIT_DIFF");
  const auto functions = select(catalogue.functions, globals.source.filters,
                                changed == nullptr ? std::nullopt : std::optional<std::string>(changed));
  if (globals.json) {
    json list = json::array();
    for (const auto& function : functions)
      list.push_back({{"module", function.module}, {"name", function.name}});
    console.say(list.dump(2));
    return 0;
  }
  if (functions.empty()) console.warn("No functions found");
  std::string module;
  for (const auto& function : functions) {
    if (function.module != module) {
      module = function.module;
      console.say("[" + module + "]");
    }
    console.say("  " + function.name);
  }
  return 0;
}

const RegisteredVerb kVerb({10, "list", "List the functions", "list-functions"}, run);

}  // namespace
}  // namespace geocell::gateway
