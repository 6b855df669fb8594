#include "gateway/lambdas/lambda_planner.hpp"

#include <algorithm>

#include "gateway/lambdas/lambda_access.hpp"
#include "gateway/lambdas/one_lambda.hpp"
#include "gateway/lambdas/roles.hpp"
#include "gateway/settings/names.hpp"

namespace geocell::gateway {
namespace {

using nlohmann::json;

void require_package(const LambdaPackage& package) {
  if (!package.zip.empty() && std::filesystem::is_regular_file(package.zip)) return;
  const std::string what = "The Lambda's package " + package.zip.string() + " is not there";
  if (package.name != kFunctionsPackage) throw Failure(what);
  throw Failure(what + "; `make build cloud=redshift arch=" + package.architecture + "` makes dist/" +
                package_name(package.architecture) + ", --package names another");
}

// The roles that geocell makes for the Lambdas, in their order.
std::vector<RoleWanted> wanted_roles(Context& context, const std::vector<LambdaSpec>& lambdas) {
  std::vector<RoleWanted> roles;
  const auto& identity = context.aws.identity();
  for (const auto& lambda : lambdas) {
    if (lambda.role.name.empty()) continue;
    auto role = std::ranges::find(roles, lambda.role.name, &RoleWanted::name);
    if (role == roles.end()) {
      role = roles.insert(role, {lambda.role.name,
                                 "the Lambda may write its log",
                                 lambda.role.setting,
                                 {"lambda.amazonaws.com"},
                                 lambda.role.policy,
                                 {{{"logs:CreateLogStream", "logs:PutLogEvents"}, {}}}});
    }
    role->statements.front().resources.push_back(
        "arn:" + identity.partition + ":logs:" + context.config.get("AWS_REGION") + ":" + identity.account +
        ":log-group:" + log_group(lambda.name) + ":*");
    for (const auto& statement : lambda.role.statements) role->statements.push_back(statement);
    if (!lambda.role.statements.empty()) role->purpose = "the Lambda may write its log and do its work";
  }
  return roles;
}

}  // namespace

void LambdaPlanner::plan(Stage stage, Plan& plan) {
  if (stage == Stage::roles) plan_roles(plan);
  if (stage == Stage::lambdas) plan_lambdas(plan);
}

void LambdaPlanner::plan_roles(Plan& plan) {
  if (!context_.wants(Component::roles)) return;
  for (const auto& role : wanted_roles(context_, deployment_.lambdas)) {
    plan_role(context_, deployment_, role, plan);
  }
}

void LambdaPlanner::plan_lambdas(Plan& plan) {
  const bool code = context_.wants(Component::lambda);
  const bool settings = context_.wants(Component::config);
  if (!code && !settings) return;
  if (code) {
    for (const auto& lambda : deployment_.lambdas) {
      auto& known = codes_[lambda.package.name];
      if (known != nullptr) continue;
      require_package(lambda.package);
      known = lambda_code(context_, deployment_, lambda.package);
    }
  }
  const auto longest =
      static_cast<std::size_t>(context_.config.number("GEOCELL_LAMBDA_NAME_WARNING", 1, kLambdaNameLimit));
  for (const auto& lambda : deployment_.lambdas) {
    if (lambda.name.size() > longest) {
      plan.notes.push_back("Lambda name " + lambda.name + " has " + std::to_string(lambda.name.size()) +
                           " characters; CARTO's gateway would refuse more than 17 (AWS allows 64)");
    }
    const auto found = context_.aws.find("lambda", "get-function", {{"FunctionName", lambda.name}});
    if (!found && !code) throw Failure("Lambda " + lambda.name + " is not there yet; deploy it first");
    const json wanted = lambda_settings(context_.aws, deployment_, lambda);
    if (settings) plan_log(context_, lambda, plan);
    const auto package = codes_.find(lambda.package.name);
    const auto its_code = package == codes_.end() ? nullptr : package->second;
    if (!found) {
      plan_new_lambda(context_, deployment_, lambda, wanted, its_code, plan);
    } else {
      plan_existing_lambda(context_, deployment_, lambda, *found, wanted, its_code, plan);
    }
    if (!settings) continue;
    plan_concurrency(context_, lambda, found, plan);
    plan_permissions(context_, lambda, found.has_value(), plan);
  }
}

void LambdaPlanner::plan_removal(Stage stage, Plan& plan) {
  if (stage == Stage::lambdas && context_.wants(Component::lambda)) plan_lambda_removal(plan);
  if (stage != Stage::roles || !context_.wants(Component::roles)) return;
  std::vector<std::string> names;
  for (const auto& lambda : deployment_.lambdas) {
    if (!lambda.role.name.empty() && std::ranges::find(names, lambda.role.name) == names.end()) {
      names.push_back(lambda.role.name);
      plan_role_removal(context_, deployment_, lambda.role.name, plan);
    }
  }
}

void LambdaPlanner::plan_lambda_removal(Plan& plan) {
  Aws& aws = context_.aws;
  std::vector<std::pair<std::string, CodeTraces>> traces;  // by the package's name
  for (const auto& lambda : deployment_.lambdas) {
    auto trace = std::ranges::find(traces, lambda.package.name, &std::pair<std::string, CodeTraces>::first);
    if (trace == traces.end()) {
      trace = traces.insert(trace, {lambda.package.name, code_traces(context_.config)});
    }
    const auto found = aws.find("lambda", "get-function", {{"FunctionName", lambda.name}});
    if (found && found->value("Tags", json::object()).value(kOwnerTag, "") != deployment_.prefix) {
      plan.notes.push_back("Lambda " + lambda.name + " stays: geocell did not make it");
      continue;
    }
    if (found) trace->second.add(*found);
    // Before the Lambda, by whose tags it is known as ours.
    const std::string group = log_group(lambda.name);
    const json logs = aws.read("logs", "describe-log-groups", {{"logGroupNamePrefix", group}});
    for (const json& log : logs.at("logGroups")) {
      if (!found || log.at("logGroupName") != group) continue;
      plan.steps.push_back({Action::remove,
                            Component::lambda,
                            "log " + group,
                            "",
                            [&aws, group] {
                              aws.write("logs", "delete-log-group", {{"logGroupName", group}});
                            },
                            {}});
    }
    if (found) {
      plan.steps.push_back({Action::remove,
                            Component::lambda,
                            "Lambda " + lambda.name,
                            "",
                            [&aws, name = lambda.name] {
                              aws.write("lambda", "delete-function", {{"FunctionName", name}});
                            },
                            {}});
    }
  }
  for (const auto& [package, trace] : traces) plan_code_removal(context_, deployment_, package, trace, plan);
}

}  // namespace geocell::gateway
