// deploy-lambdas: roles and Lambdas, no SQL.
#include "gateway/verbs/deployment_run.hpp"
#include "gateway/verbs/verb.hpp"

namespace geocell::gateway {
namespace {

int run(const GlobalOptions& globals, const Console& console) {
  return deploy(without_engines(globals), {}, console);
}

const RegisteredVerb kVerb({100, "deploy-lambdas", "Deploy roles and Lambdas, no SQL"}, run);

}  // namespace
}  // namespace geocell::gateway
