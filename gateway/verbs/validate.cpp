// validate: whether the signature files are right. Contacts neither AWS nor Redshift.
#include "gateway/engines/redshift/sql_objects.hpp"
#include "gateway/verbs/verb.hpp"

namespace geocell::gateway {
namespace {

int run(const GlobalOptions& globals, const Console& console) {
  const sql::Catalogue catalogue = read_functions(roots_of(globals.source));
  if (!catalogue.issues.empty()) {
    std::set<std::string> files;
    for (const auto& issue : catalogue.issues) {
      files.insert(issue.file);
      console.say("✗ " + std::filesystem::path(issue.file).stem().string() + ": " + sql::to_text(issue));
    }
    console.say(std::to_string(files.size()) + " function(s) failed validation");
    return 1;
  }
  const auto functions = select(catalogue.functions, globals.source.filters, std::nullopt);
  // The rules of Redshift itself: names, types, batch limits.
  const Config config = Config::load({"/dev/null"}, {{"RS_SCHEMA", "carto"}});
  sql_objects(config, functions, "default", [](std::string_view base) { return std::string(base); });
  console.say("✓ All " + std::to_string(functions.size()) + " functions valid");
  return 0;
}

const RegisteredVerb kVerb({30, "validate", "Check the signature files: schema, limits, the core"}, run);

}  // namespace
}  // namespace geocell::gateway
