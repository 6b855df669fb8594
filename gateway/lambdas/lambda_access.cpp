#include "gateway/lambdas/lambda_access.hpp"

#include "gateway/lambdas/deployment.hpp"

namespace geocell::gateway {
namespace {

using nlohmann::json;

// Principal of the statement with this id in a function's policy; "" when there is none.
std::string permitted(const std::optional<json>& answer, const std::string& id) {
  if (!answer) return {};
  const json policy = json::parse(answer->at("Policy").get<std::string>());
  for (const json& statement : policy.at("Statement")) {
    if (statement.value("Sid", "") != id) continue;
    const json& principal = statement.at("Principal");
    if (!principal.is_object()) return principal.get<std::string>();
    return principal.value("AWS", principal.value("Service", "?"));
  }
  return {};
}

void set_concurrency(Aws& aws, const std::string& name, const std::optional<long>& reserved) {
  if (!reserved) {
    aws.write("lambda", "delete-function-concurrency", {{"FunctionName", name}});
    return;
  }
  aws.write("lambda", "put-function-concurrency",
            {{"FunctionName", name}, {"ReservedConcurrentExecutions", *reserved}});
}

std::string concurrency_text(const std::optional<long>& reserved) {
  return reserved ? std::to_string(*reserved) : "unreserved";
}

}  // namespace

void plan_log(Context& context, const LambdaSpec& lambda, Plan& plan) {
  Aws& aws = context.aws;
  const std::string group = log_group(lambda.name);
  const long days = context.config.number("GEOCELL_LOG_RETENTION_DAYS", 1, 3653);
  const json found = aws.read("logs", "describe-log-groups", {{"logGroupNamePrefix", group}});
  const json* actual = nullptr;
  for (const json& candidate : found.at("logGroups")) {
    if (candidate.at("logGroupName") == group) actual = &candidate;
  }
  if (actual != nullptr && actual->value("retentionInDays", 0L) == days) return plan.keep();
  const bool is_new = actual == nullptr;
  plan.steps.push_back(
      {is_new ? Action::create : Action::change, Component::config, "log " + group,
       "kept for " + std::to_string(days) + " days",
       [&aws, group, days, is_new] {
         if (is_new) aws.write("logs", "create-log-group", {{"logGroupName", group}});
         aws.write("logs", "put-retention-policy", {{"logGroupName", group}, {"retentionInDays", days}});
       },
       is_new ? std::function<void()>([&aws, group] {
         aws.write("logs", "delete-log-group", {{"logGroupName", group}});
       })
              : std::function<void()>()});
}

void plan_permissions(Context& context, const LambdaSpec& lambda, bool exists, Plan& plan) {
  if (lambda.triggers.empty()) return;
  Aws& aws = context.aws;
  std::optional<json> policy;
  if (exists) policy = aws.find("lambda", "get-policy", {{"FunctionName", lambda.name}});
  for (const auto& [id, principal] : lambda.triggers) {
    const std::string actual = permitted(policy, id);
    if (actual == principal) {
      plan.keep();
      continue;
    }
    const auto remove = [&aws, id = id, name = lambda.name] {
      aws.write("lambda", "remove-permission", {{"FunctionName", name}, {"StatementId", id}});
    };
    plan.steps.push_back({actual.empty() ? Action::create : Action::change, Component::config,
                          "permission " + id + " of " + lambda.name, principal + " may invoke",
                          [&aws, remove, actual, id = id, principal = principal, name = lambda.name] {
                            if (!actual.empty()) remove();
                            aws.write("lambda", "add-permission",
                                      {{"FunctionName", name},
                                       {"StatementId", id},
                                       {"Action", "lambda:InvokeFunction"},
                                       {"Principal", principal}});
                          },
                          remove});
  }
}

void plan_concurrency(Context& context, const LambdaSpec& lambda, const std::optional<json>& found,
                      Plan& plan) {
  if (!lambda.concurrency) return;
  std::optional<long> before;
  if (found && found->contains("Concurrency")) {
    before = found->at("Concurrency").at("ReservedConcurrentExecutions").get<long>();
  }
  if (before == lambda.concurrency) return plan.keep();
  Aws& aws = context.aws;
  plan.steps.push_back(
      {Action::change, Component::config, "concurrency of " + lambda.name,
       concurrency_text(before) + " → " + concurrency_text(lambda.concurrency),
       [&aws, name = lambda.name, wanted = lambda.concurrency] { set_concurrency(aws, name, wanted); },
       [&aws, name = lambda.name, before] { set_concurrency(aws, name, before); }});
}

}  // namespace geocell::gateway
