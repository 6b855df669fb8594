#include "gateway/lambdas/deployment.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "gateway/settings/names.hpp"
#include "geocell/version.hpp"

namespace geocell::gateway {

using nlohmann::json;

Deployment make_deployment(const Config& config, std::vector<sql::Function> functions, bool partial,
                           const std::filesystem::path& package) {
  Deployment deployment;
  deployment.version = geocell::version();
  deployment.prefix = config.prefix();
  deployment.sandbox = config.sandbox();
  deployment.partial = partial;
  const LambdaPackage chosen = choose_package(config, package);
  for (const auto& function : functions) {
    const std::string name = lambda_name(config.prefix(), function.config.lambda_name);
    auto found = std::ranges::find(deployment.lambdas, name, &LambdaSpec::name);
    if (found == deployment.lambdas.end()) {
      found = deployment.lambdas.emplace(found);
      found->name = name;
      found->base = function.config.lambda_name;
      found->package = chosen;
      found->role = execution_role(config);
      found->memory_mb = 0;
      found->timeout_s = 0;
    }
    found->memory_mb = std::max<long>(found->memory_mb, function.config.memory_mb.value_or(kDefaultMemoryMb));
    found->timeout_s = std::max<long>(found->timeout_s, function.config.timeout_s.value_or(kDefaultTimeoutS));
  }
  deployment.functions = std::move(functions);
  return deployment;
}

RoleSpec execution_role(const Config& config) {
  RoleSpec role;
  role.setting = "RS_LAMBDA_EXECUTION_ROLE";
  role.arn = config.get(role.setting);
  if (role.arn.empty()) role.name = role_name(config.prefix(), "LambdaExecutionRole");
  return role;
}

std::map<std::string, std::string> tags(const Deployment& deployment) {
  std::map<std::string, std::string> result{{kOwnerTag, deployment.prefix}};
  if (!deployment.sandbox.empty()) result[kSandboxTag] = deployment.sandbox;
  return result;
}

json tag_list(const Deployment& deployment) {
  json list = json::array();
  for (const auto& [key, value] : tags(deployment)) list.push_back({{"Key", key}, {"Value", value}});
  return list;
}

bool is_ours(const json& tag_list, const Deployment& deployment) {
  return std::ranges::any_of(tag_list, [&](const json& tag) {
    return tag.value("Key", "") == kOwnerTag && tag.value("Value", "") == deployment.prefix;
  });
}

std::string log_group(const std::string& lambda) { return "/aws/lambda/" + lambda; }

}  // namespace geocell::gateway
