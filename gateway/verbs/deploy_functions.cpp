// deploy-functions: the SQL, for Lambdas that are there.
#include "gateway/verbs/deployment_run.hpp"
#include "gateway/verbs/verb.hpp"

namespace geocell::gateway {
namespace {

int run(const GlobalOptions& globals, const Console& console) {
  return deploy(globals, {Component::sql}, console);
}

const RegisteredVerb kVerb({110, "deploy-functions", "Deploy the SQL functions"}, run);

}  // namespace
}  // namespace geocell::gateway
