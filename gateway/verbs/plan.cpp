// plan: what deploy would do.
#include <nlohmann/json.hpp>

#include "gateway/verbs/deployment_run.hpp"
#include "gateway/verbs/other_release.hpp"
#include "gateway/verbs/verb.hpp"

namespace geocell::gateway {
namespace {

struct Options {
  Components components;
  std::string version;
};

void declare(OptionSet& set, Options& options) {
  declare_components(set, options.components, /*is_required*/ false);
  set.text("--version", options.version, "The release that is meant, by its own program; else this one");
}

int run(const Options& options, const GlobalOptions& globals, const Console& console) {
  if (const auto status = run_other_release(options.version, globals, console)) return *status;
  const DeploymentRun run(globals, options.components, /*dry_run*/ true, /*drop_schema*/ false, console);
  const Plan plan = plan_deployment(run.planners());
  console.say(globals.json ? to_json(plan).dump(2) : to_text(plan));
  return 0;
}

const RegisteredVerb kVerb({70, "plan", "Show what deploy would do"}, declare, run);

}  // namespace
}  // namespace geocell::gateway
