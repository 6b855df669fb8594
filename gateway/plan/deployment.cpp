#include "gateway/plan/deployment.hpp"

#include <algorithm>

#include "gateway/lambdas/architecture.hpp"
#include "gateway/settings/names.hpp"
#include "geocell/version.hpp"

namespace geocell::gateway {

Deployment make_deployment(const Config& config, std::vector<sql::Function> functions, bool partial,
                           const std::filesystem::path& package) {
  Deployment deployment;
  deployment.version = geocell::version();
  deployment.schema = config.schema();
  deployment.prefix = config.prefix();
  deployment.sandbox = config.sandbox();
  deployment.execution_role_arn = config.get("RS_LAMBDA_EXECUTION_ROLE");
  if (deployment.execution_role_arn.empty()) {
    deployment.execution_role = role_name(config.prefix(), "LambdaExecutionRole");
  }
  deployment.invoke_role_given = config.get("RS_LAMBDA_INVOKE_ROLE");
  if (deployment.invoke_role_given.empty())
    deployment.invoke_role = role_name(config.prefix(), "RedshiftInvokeRole");
  for (const auto& function : functions) {
    const std::string name = lambda_name(config.prefix(), function.config.lambda_name);
    auto found = std::ranges::find(deployment.lambdas, name, &LambdaWanted::name);
    if (found == deployment.lambdas.end()) {
      found = deployment.lambdas.insert(found, {name, function.config.lambda_name, 0, 0});
    }
    found->memory_mb = std::max<long>(found->memory_mb, function.config.memory_mb.value_or(kDefaultMemoryMb));
    found->timeout_s = std::max<long>(found->timeout_s, function.config.timeout_s.value_or(kDefaultTimeoutS));
  }
  LambdaPackage chosen = choose_package(config, package);
  deployment.package = std::move(chosen.zip);
  deployment.architecture = std::move(chosen.architecture);
  deployment.functions = std::move(functions);
  deployment.partial = partial;
  return deployment;
}

std::map<std::string, std::string> tags(const Deployment& deployment) {
  std::map<std::string, std::string> result{{kOwnerTag, deployment.prefix}};
  if (!deployment.sandbox.empty()) result[kSandboxTag] = deployment.sandbox;
  return result;
}

}  // namespace geocell::gateway
