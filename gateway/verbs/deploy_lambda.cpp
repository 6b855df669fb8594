// deploy-lambda: roles and the Lambda of one function, no SQL.
#include "gateway/verbs/deployment_run.hpp"
#include "gateway/verbs/verb.hpp"

namespace geocell::gateway {
namespace {

struct Options {
  std::string function;
};

void declare(OptionSet& set, Options& options) { set.required_text("function", options.function, ""); }

int run(const Options& options, const GlobalOptions& globals, const Console& console) {
  GlobalOptions one = without_engines(globals);
  one.source.filters.functions = {options.function};
  return deploy(one, {}, console);
}

const RegisteredVerb kVerb({120, "deploy-lambda", "Deploy the Lambda of one function"}, declare, run);

}  // namespace
}  // namespace geocell::gateway
