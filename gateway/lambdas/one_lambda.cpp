#include "gateway/lambdas/one_lambda.hpp"

#include <algorithm>

namespace geocell::gateway {

using nlohmann::json;

namespace {

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

}  // namespace

json lambda_settings(Aws& aws, const Deployment& deployment, const LambdaSpec& lambda) {
  const RoleSpec& role = lambda.role;
  return {{"FunctionName", lambda.name},
          {"Role", role.name.empty() ? role.arn : aws.role_arn(role.name)},
          {"Runtime", lambda.runtime},
          {"Handler", lambda.handler},
          {"MemorySize", lambda.memory_mb},
          {"Timeout", lambda.timeout_s},
          {"Description", "geocell " + deployment.version},
          {"Environment", {{"Variables", lambda.environment}}}};
}

void plan_new_lambda(Context& context, const Deployment& deployment, const LambdaSpec& lambda,
                     const json& wanted, const std::shared_ptr<LambdaCode>& code, Plan& plan) {
  json create = wanted;
  create["Architectures"] = json::array({lambda.package.architecture});
  create["PackageType"] = code->package_type();
  leave_runtime_to_image(create, code->package_type());
  create["Publish"] = true;
  create["Tags"] = tags(deployment);
  code->prepare(plan);
  plan.steps.push_back({Action::create, Component::lambda, "Lambda " + lambda.name,
                        lambda.runtime + " on " + lambda.package.architecture + ", memory " +
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

void plan_existing_lambda(Context& context, const Deployment& deployment, const LambdaSpec& lambda,
                          const json& found, json wanted, const std::shared_ptr<LambdaCode>& code,
                          Plan& plan) {
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

}  // namespace geocell::gateway
