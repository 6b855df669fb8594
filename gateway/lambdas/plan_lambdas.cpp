// Lambdas: code, settings, log, and who may call them.
#include "gateway/lambdas/architecture.hpp"
#include "gateway/lambdas/lambda_code.hpp"
#include "gateway/plan/plan.hpp"
#include "gateway/settings/names.hpp"

namespace geocell::gateway {
namespace {

using nlohmann::json;

// The bytes one value of a result may have: Redshift's VARCHAR(MAX).
constexpr const char* kUsualValueBytes = "65535";
constexpr const char* kLargeValueBytes = "16000000";

// Large strings have to be asked of Redshift; without it the usual size holds everywhere.
std::string max_value_bytes(Context& context) {
  if (context.database == nullptr) return kUsualValueBytes;
  try {
    const std::string answer = lower(context.database->value("SELECT is_large_string_enabled()"));
    return answer == "t" || answer == "true" || answer == "1" ? kLargeValueBytes : kUsualValueBytes;
  } catch (const SqlFailure&) {
    return kUsualValueBytes;  // a Redshift from before large strings does not know the function
  }
}

json configuration(Context& context, const Deployment& deployment, const LambdaWanted& lambda,
                   const std::string& value_bytes) {
  return {{"FunctionName", lambda.name},
          {"Role", execution_role_arn(context.aws, deployment)},
          {"Runtime", kRuntime},
          {"Handler", kHandler},
          {"MemorySize", lambda.memory_mb},
          {"Timeout", lambda.timeout_s},
          {"Description", "geocell " + deployment.version},
          {"Environment", {{"Variables", {{"GEOCELL_MAX_VALUE_BYTES", value_bytes}}}}}};
}

// A container image says itself what it runs in.
void leave_runtime_to_image(json& settings, std::string_view package_type) {
  if (package_type != "Image") return;
  settings.erase("Runtime");
  settings.erase("Handler");
}

// What differs, as "MemorySize 256 → 512"; empty when nothing does.
std::string difference(const json& actual, const json& wanted) {
  std::string text;
  for (const auto& [key, value] : wanted.items()) {
    if (key == "FunctionName") continue;
    const json before = actual.contains(key) ? actual.at(key) : json();
    if (before == value) continue;
    if (!text.empty()) text += ", ";
    text += key + " " + before.dump() + " → " + value.dump();
  }
  return text;
}

// Only the keys that `wanted` has: what an undo writes back.
json only_keys_of(const json& actual, const json& wanted) {
  json result{{"FunctionName", wanted.at("FunctionName")}};
  for (const auto& [key, value] : wanted.items()) {
    if (actual.contains(key)) result[key] = actual.at(key);
  }
  result["Environment"] = {
      {"Variables", actual.value("Environment", json::object()).value("Variables", json::object())}};
  return result;
}

void require_package(const Deployment& deployment) {
  if (deployment.package.empty() || !std::filesystem::is_regular_file(deployment.package)) {
    throw Failure("The Lambda's package " + deployment.package.string() +
                  " is not there; `make build cloud=redshift arch=" + deployment.architecture +
                  "` makes dist/" + package_name(deployment.architecture) + ", --package names another");
  }
}

void plan_new_lambda(Context& context, const Deployment& deployment, const LambdaWanted& lambda,
                     const json& wanted, Plan& plan) {
  const auto code = context.code;
  json create = wanted;
  create["Architectures"] = json::array({deployment.architecture});
  create["PackageType"] = code->package_type();
  leave_runtime_to_image(create, code->package_type());
  create["Publish"] = true;
  create["Tags"] = tags(deployment);
  code->prepare(plan);
  plan.steps.push_back({Action::create, Component::lambda, "Lambda " + lambda.name,
                        std::string(kRuntime) + " on " + deployment.architecture + ", memory " +
                            std::to_string(lambda.memory_mb) + " MB, timeout " +
                            std::to_string(lambda.timeout_s) + " s, " + code->description(),
                        [&context, code, create, name = lambda.name] {
                          code->create(create);
                          wait_until_ready(context, name);
                        },
                        [&aws = context.aws, name = lambda.name] {
                          aws.write("lambda", "delete-function", {{"FunctionName", name}});
                        }});
}

void plan_log(Context& context, const LambdaWanted& lambda, Plan& plan) {
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

// Principal of our statement in a function's policy; "" when there is none.
std::string permitted_role(const std::optional<json>& answer) {
  if (!answer) return {};
  const json policy = json::parse(answer->at("Policy").get<std::string>());
  for (const json& statement : policy.at("Statement")) {
    if (statement.value("Sid", "") != kPermissionId) continue;
    const json& principal = statement.at("Principal");
    return principal.is_object() ? principal.value("AWS", "?") : principal.get<std::string>();
  }
  return {};
}

void plan_permission(Context& context, const Deployment& deployment, const LambdaWanted& lambda, bool exists,
                     Plan& plan) {
  if (!missing_redshift_settings(context.config).empty()) return;
  Aws& aws = context.aws;
  const std::string role = calling_role(aws, deployment);
  if (role.empty()) return;
  const std::string actual =
      exists ? permitted_role(aws.find("lambda", "get-policy", {{"FunctionName", lambda.name}}))
             : std::string();
  if (actual == role) return plan.keep();
  const auto remove = [&aws, name = lambda.name] {
    aws.write("lambda", "remove-permission", {{"FunctionName", name}, {"StatementId", kPermissionId}});
  };
  plan.steps.push_back({actual.empty() ? Action::create : Action::change, Component::config,
                        "permission " + std::string(kPermissionId) + " of " + lambda.name,
                        role + " may invoke",
                        [&aws, remove, actual, role, name = lambda.name] {
                          if (!actual.empty()) remove();
                          aws.write("lambda", "add-permission",
                                    {{"FunctionName", name},
                                     {"StatementId", kPermissionId},
                                     {"Action", "lambda:InvokeFunction"},
                                     {"Principal", role}});
                        },
                        remove});
}

void plan_existing_lambda(Context& context, const Deployment& deployment, const LambdaWanted& lambda,
                          const json& found, json wanted, Plan& plan) {
  Aws& aws = context.aws;
  const std::string object = "Lambda " + lambda.name;
  const json& actual = found.at("Configuration");
  const json owner = found.value("Tags", json::object());
  if (owner.value(kOwnerTag, "") != deployment.prefix && !context.adopt) {
    throw Failure(object +
                  " exists and geocell did not make it; choose another RS_LAMBDA_PREFIX, or take it over "
                  "with --adopt");
  }
  if (!context.config.flag("RS_LAMBDA_OVERRIDE")) {
    plan.notes.push_back(object + " stays as it is (RS_LAMBDA_OVERRIDE=0)");
    return;
  }
  bool same = true;
  if (owner.value(kOwnerTag, "") != deployment.prefix) {
    same = false;
    plan.steps.push_back({Action::change,
                          Component::config,
                          object,
                          "tags",
                          [&aws, wanted = tags(deployment), arn = actual.at("FunctionArn")] {
                            aws.write("lambda", "tag-resource", {{"Resource", arn}, {"Tags", wanted}});
                          },
                          {}});
  }
  // Other functions of a Lambda that this run is not about may need more.
  if (deployment.partial) {
    wanted["MemorySize"] = std::max<long>(lambda.memory_mb, actual.value("MemorySize", 0L));
    wanted["Timeout"] = std::max<long>(lambda.timeout_s, actual.value("Timeout", 0L));
  }
  leave_runtime_to_image(wanted, actual.value("PackageType", "Zip"));
  json comparable = actual;
  comparable["Environment"] = {
      {"Variables", actual.value("Environment", json::object()).value("Variables", json::object())}};
  const std::string changes = difference(comparable, wanted);
  if (context.wants(Component::config) && !changes.empty()) {
    same = false;
    plan.steps.push_back({Action::change, Component::config, object, changes,
                          [&context, wanted, name = lambda.name] {
                            context.aws.write("lambda", "update-function-configuration", wanted);
                            wait_until_ready(context, name);
                          },
                          [&context, before = only_keys_of(actual, wanted), name = lambda.name] {
                            context.aws.write("lambda", "update-function-configuration", before);
                            wait_until_ready(context, name);
                          }});
  }
  if (context.wants(Component::lambda)) {
    const auto code = context.code;
    if (const std::string type = actual.value("PackageType", "Zip"); type != code->package_type()) {
      throw Failure(object + " is of package type " + type + " and cannot become " + code->package_type() +
                    ": set GEOCELL_PACKAGING as it was, or `geocell remove` first");
    }
    if (const std::string what = code->difference(found); !what.empty()) {
      same = false;
      code->prepare(plan);
      plan.steps.push_back({Action::change,
                            Component::lambda,
                            object,
                            what,
                            [code, found, name = lambda.name] { code->update(name, found); },
                            {}});
    }
  }
  if (same) plan.keep();
}

}  // namespace

void plan_lambdas(Context& context, const Deployment& deployment, Plan& plan) {
  const bool code = context.wants(Component::lambda);
  const bool settings = context.wants(Component::config);
  if (!code && !settings) return;
  if (code && !deployment.lambdas.empty()) {
    require_package(deployment);
    context.code = lambda_code(context, deployment);
  }
  const auto longest =
      static_cast<std::size_t>(context.config.number("GEOCELL_LAMBDA_NAME_WARNING", 1, kLambdaNameLimit));
  const std::string value_bytes = max_value_bytes(context);
  for (const auto& lambda : deployment.lambdas) {
    if (lambda.name.size() > longest) {
      plan.notes.push_back("Lambda name " + lambda.name + " has " + std::to_string(lambda.name.size()) +
                           " characters; CARTO's gateway would refuse more than 17 (AWS allows 64)");
    }
    const auto found = context.aws.find("lambda", "get-function", {{"FunctionName", lambda.name}});
    if (!found && !code) throw Failure("Lambda " + lambda.name + " is not there yet; deploy it first");
    const json wanted = configuration(context, deployment, lambda, value_bytes);
    if (settings) plan_log(context, lambda, plan);
    if (!found) {
      plan_new_lambda(context, deployment, lambda, wanted, plan);
    } else {
      plan_existing_lambda(context, deployment, lambda, *found, wanted, plan);
    }
    if (settings) plan_permission(context, deployment, lambda, found.has_value(), plan);
  }
}

void plan_lambda_removal(Context& context, const Deployment& deployment, Plan& plan) {
  Aws& aws = context.aws;
  CodeTraces traces = code_traces(context.config);
  for (const auto& lambda : deployment.lambdas) {
    const auto found = aws.find("lambda", "get-function", {{"FunctionName", lambda.name}});
    if (found && found->value("Tags", json::object()).value(kOwnerTag, "") != deployment.prefix) {
      plan.notes.push_back("Lambda " + lambda.name + " stays: geocell did not make it");
      continue;
    }
    if (found) traces.add(*found);
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
  plan_code_removal(context, deployment, traces, plan);
}

}  // namespace geocell::gateway
