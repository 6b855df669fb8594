// remove: everything that geocell made, and nothing else.
#include "gateway/verbs/deployment_run.hpp"
#include "gateway/verbs/verb.hpp"

namespace geocell::gateway {
namespace {

struct Options {
  bool drop_schema = false;
};

void declare(OptionSet& set, Options& options) {
  set.flag("--drop-schema", options.drop_schema, "Drop the schema too, when nothing else is in it");
}

int run(const Options& options, const GlobalOptions& globals, const Console& console) {
  return remove(globals, options.drop_schema, console);
}

const RegisteredVerb kVerb({130, "remove", "Remove what geocell made, and nothing else", "remove-all"},
                           declare, run);

}  // namespace
}  // namespace geocell::gateway
