// deploy: plan, confirm, apply, verify.
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
  refuse_contradiction(globals);
  if (const auto status = run_other_release(options.version, globals, console)) return *status;
  return deploy(globals, options.components, console);
}

const RegisteredVerb kVerb({80, "deploy", "Plan, confirm, apply, verify", "deploy-all"}, declare, run);

}  // namespace
}  // namespace geocell::gateway
