// update: deploy of some components, which have to be named.
#include "gateway/verbs/deployment_run.hpp"
#include "gateway/verbs/verb.hpp"

namespace geocell::gateway {
namespace {

struct Options {
  Components components;
};

void declare(OptionSet& set, Options& options) {
  declare_components(set, options.components, /*is_required*/ true);
}

int run(const Options& options, const GlobalOptions& globals, const Console& console) {
  return deploy(globals, options.components, console);
}

const RegisteredVerb kVerb({90, "update", "Deploy only some components"}, declare, run);

}  // namespace
}  // namespace geocell::gateway
