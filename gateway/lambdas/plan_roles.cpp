// Roles: the one by which the Lambda runs (may write its own log and nothing else) and the one by which
// Redshift calls (may call our functions and nothing else), and the latter's place on the cluster.
#include "gateway/plan/plan.hpp"
#include "gateway/settings/names.hpp"

namespace geocell::gateway {
namespace {

using nlohmann::json;

json trust(const std::vector<std::string>& services) {
  const json principal = services.size() == 1 ? json(services.front()) : json(services);
  return {
      {"Version", "2012-10-17"},
      {"Statement",
       json::array(
           {{{"Effect", "Allow"}, {"Principal", {{"Service", principal}}}, {"Action", "sts:AssumeRole"}}})}};
}

json allow(const json& actions, const std::vector<std::string>& resources) {
  return {{"Version", "2012-10-17"},
          {"Statement", json::array({{{"Effect", "Allow"}, {"Action", actions}, {"Resource", resources}}})}};
}

json tag_list(const Deployment& deployment) {
  json list = json::array();
  for (const auto& [key, value] : tags(deployment)) list.push_back({{"Key", key}, {"Value", value}});
  return list;
}

bool is_ours(const json& role, const Deployment& deployment) {
  for (const json& tag : role.value("Tags", json::array())) {
    if (tag.value("Key", "") == kOwnerTag && tag.value("Value", "") == deployment.prefix) return true;
  }
  return false;
}

struct RoleWanted {
  std::string name;
  std::string purpose;
  json trust;
  std::string policy_name;
  json policy;
};

RoleWanted execution_role(Context& context, const Deployment& deployment) {
  std::vector<std::string> resources;
  const auto& identity = context.aws.identity();
  for (const auto& lambda : deployment.lambdas) {
    resources.push_back("arn:" + identity.partition + ":logs:" + context.config.get("AWS_REGION") + ":" +
                        identity.account + ":log-group:" + log_group(lambda.name) + ":*");
  }
  return {deployment.execution_role, "the Lambda may write its log", trust({"lambda.amazonaws.com"}),
          kLogPolicy, allow(json::array({"logs:CreateLogStream", "logs:PutLogEvents"}), resources)};
}

RoleWanted invoke_role(Context& context, const Deployment& deployment) {
  std::vector<std::string> resources;
  for (const auto& lambda : deployment.lambdas) resources.push_back(context.aws.lambda_arn(lambda.name));
  return {deployment.invoke_role, "Redshift may call " + std::to_string(resources.size()) + " Lambda(s)",
          trust({"redshift.amazonaws.com", "redshift-serverless.amazonaws.com"}), kInvokePolicy,
          allow("lambda:InvokeFunction", resources)};
}

void put_policy(Aws& aws, const RoleWanted& role, const json& policy) {
  aws.write("iam", "put-role-policy",
            {{"RoleName", role.name}, {"PolicyName", role.policy_name}, {"PolicyDocument", policy.dump()}});
}

void delete_role(Aws& aws, const std::string& name) {
  const auto policies = aws.find("iam", "list-role-policies", {{"RoleName", name}});
  if (!policies && !aws.dry_run()) return;
  if (policies) {
    for (const json& policy : policies->at("PolicyNames")) {
      aws.write("iam", "delete-role-policy", {{"RoleName", name}, {"PolicyName", policy}});
    }
  }
  aws.write("iam", "delete-role", {{"RoleName", name}});
}

void plan_role(Context& context, const Deployment& deployment, const RoleWanted& role, Plan& plan) {
  Aws& aws = context.aws;
  const std::string object = "role " + role.name;
  const auto found = aws.find("iam", "get-role", {{"RoleName", role.name}});
  if (!found) {
    plan.steps.push_back({Action::create, Component::roles, object, role.purpose,
                          [&aws, role, tag_list = tag_list(deployment)] {
                            aws.write("iam", "create-role",
                                      {{"RoleName", role.name},
                                       {"AssumeRolePolicyDocument", role.trust.dump()},
                                       {"Description", "geocell: " + role.purpose},
                                       {"Tags", tag_list}});
                            put_policy(aws, role, role.policy);
                          },
                          [&aws, name = role.name] { delete_role(aws, name); }});
    return;
  }
  const json& actual = found->at("Role");
  if (!is_ours(actual, deployment) && !context.adopt) {
    throw Failure(object +
                  " exists and geocell did not make it; choose another RS_LAMBDA_PREFIX, name the role in " +
                  (role.policy_name == kLogPolicy ? "RS_LAMBDA_EXECUTION_ROLE" : "RS_LAMBDA_INVOKE_ROLE") +
                  ", or take it over with --adopt");
  }
  bool same = true;
  if (actual.at("AssumeRolePolicyDocument") != role.trust) {
    same = false;
    plan.steps.push_back({Action::change, Component::roles, object, "who may assume it",
                          [&aws, role] {
                            aws.write("iam", "update-assume-role-policy",
                                      {{"RoleName", role.name}, {"PolicyDocument", role.trust.dump()}});
                          },
                          [&aws, name = role.name, before = actual.at("AssumeRolePolicyDocument")] {
                            aws.write("iam", "update-assume-role-policy",
                                      {{"RoleName", name}, {"PolicyDocument", before.dump()}});
                          }});
  }
  const auto policy =
      aws.find("iam", "get-role-policy", {{"RoleName", role.name}, {"PolicyName", role.policy_name}});
  json wanted = role.policy;
  if (policy && deployment.partial) {
    // What other functions need stays.
    for (const json& resource : policy->at("PolicyDocument").at("Statement").at(0).at("Resource")) {
      json& resources = wanted["Statement"][0]["Resource"];
      if (std::ranges::find(resources, resource) == resources.end()) resources.push_back(resource);
    }
    if (wanted["Statement"][0]["Resource"].size() ==
        policy->at("PolicyDocument")["Statement"][0]["Resource"].size()) {
      wanted = policy->at("PolicyDocument");
    }
  }
  if (!policy || policy->at("PolicyDocument") != wanted) {
    same = false;
    plan.steps.push_back({Action::change, Component::roles, object, "what it may do",
                          [&aws, role, wanted] { put_policy(aws, role, wanted); },
                          [&aws, role, before = policy ? policy->at("PolicyDocument") : json()] {
                            if (!before.is_null()) put_policy(aws, role, before);
                          }});
  }
  if (same) plan.keep();
}

// ---- the invoke role's place on the cluster or namespace

bool lists_role(const json& roles, std::string_view key, const std::string& arn) {
  for (const json& role : roles) {
    const std::string text = role.is_string() ? role.get<std::string>() : role.value(key, "");
    if (text.find(arn) != std::string::npos) return true;
  }
  return false;
}

std::string console_steps(const std::string& arn) {
  return "the role cannot be attached from here. "
         "In the AWS console: Amazon Redshift, your cluster or namespace, "
         "Manage IAM roles, Associate " +
         arn;
}

void plan_cluster(Context& context, const std::string& cluster, const std::string& arn, Plan& plan) {
  Aws& aws = context.aws;
  const json found = aws.read("redshift", "describe-clusters", {{"ClusterIdentifier", cluster}});
  if (lists_role(found.at("Clusters").at(0).value("IamRoles", json::array()), "IamRoleArn", arn))
    return plan.keep();
  const auto modify = [&aws, cluster, arn](const char* list) {
    aws.write("redshift", "modify-cluster-iam-roles",
              {{"ClusterIdentifier", cluster}, {list, json::array({arn})}});
  };
  plan.steps.push_back({Action::change, Component::roles, "cluster " + cluster, "attach " + arn,
                        [&context, modify, arn] {
                          try {
                            modify("AddIamRoles");
                          } catch (const AwsFailure& failure) {
                            context.console.warn(std::string(failure.what()) + "\n" + console_steps(arn));
                          }
                        },
                        [modify] { modify("RemoveIamRoles"); }});
}

void plan_workgroup(Context& context, const std::string& workgroup, const std::string& arn, Plan& plan) {
  Aws& aws = context.aws;
  const json group = aws.read("redshift-serverless", "get-workgroup", {{"workgroupName", workgroup}});
  const std::string name = group.at("workgroup").at("namespaceName");
  const json found =
      aws.read("redshift-serverless", "get-namespace", {{"namespaceName", name}}).at("namespace");
  const json before = found.value("iamRoles", json::array());
  if (lists_role(before, "", arn)) return plan.keep();
  // UpdateNamespace replaces the list. GetNamespace gives "IamRole(applyStatus=in-sync, iamRoleArn=arn:…)".
  json arns = json::array();
  for (const json& role : before) {
    const std::string text = role;
    const auto begin = text.find("arn:");
    if (begin != std::string::npos)
      arns.push_back(text.substr(begin, text.find_first_of(",)", begin) - begin));
  }
  const auto update = [&aws, name, first = found.value("defaultIamRoleArn", "")](const json& list) {
    json input{{"namespaceName", name}, {"iamRoles", list}};
    if (!first.empty()) input["defaultIamRoleArn"] = first;
    aws.write("redshift-serverless", "update-namespace", input);
  };
  json with_ours = arns;
  with_ours.push_back(arn);
  plan.steps.push_back({Action::change, Component::roles, "namespace " + name, "attach " + arn,
                        [&context, update, with_ours, arn] {
                          try {
                            update(with_ours);
                          } catch (const AwsFailure& failure) {
                            context.console.warn(std::string(failure.what()) + "\n" + console_steps(arn));
                          }
                        },
                        [update, arns] { update(arns); }});
}

void plan_attachment(Context& context, const Deployment& deployment, Plan& plan) {
  const std::string arn = context.aws.role_arn(deployment.invoke_role);
  const RedshiftTarget target = redshift_target(context.config);
  if (target.cluster.empty() && target.workgroup.empty()) {
    plan.notes.push_back("RS_HOST names no cluster or workgroup: attach " + arn +
                         " to Redshift yourself, or set RS_CLUSTER_ID or RS_WORKGROUP");
    return;
  }
  try {
    if (!target.workgroup.empty()) {
      plan_workgroup(context, target.workgroup, arn, plan);
    } else {
      plan_cluster(context, target.cluster, arn, plan);
    }
  } catch (const AwsFailure& failure) {
    if (failure.code().empty()) throw;  // AWS could not be asked at all
    plan.notes.push_back(std::string(failure.what()) + "; " + console_steps(arn));
  }
}

void plan_removal_of(Context& context, const Deployment& deployment, const std::string& name, Plan& plan) {
  if (name.empty()) return;
  const auto found = context.aws.find("iam", "get-role", {{"RoleName", name}});
  if (!found) return;
  if (!is_ours(found->at("Role"), deployment)) {
    plan.notes.push_back("role " + name + " stays: geocell did not make it");
    return;
  }
  plan.steps.push_back({Action::remove,
                        Component::roles,
                        "role " + name,
                        "",
                        [&aws = context.aws, name] { delete_role(aws, name); },
                        {}});
}

}  // namespace

std::string log_group(const std::string& lambda) { return "/aws/lambda/" + lambda; }

std::string execution_role_arn(Aws& aws, const Deployment& deployment) {
  return deployment.execution_role.empty() ? deployment.execution_role_arn
                                           : aws.role_arn(deployment.execution_role);
}

std::string invoke_role_for_sql(Aws& aws, const Deployment& deployment) {
  return deployment.invoke_role.empty() ? deployment.invoke_role_given : aws.role_arn(deployment.invoke_role);
}

std::string calling_role(Aws& aws, const Deployment& deployment) {
  const std::string chain = invoke_role_for_sql(aws, deployment);
  if (lower(chain) == "default") return {};
  return trim(chain.substr(chain.rfind(',') == std::string::npos ? 0 : chain.rfind(',') + 1));
}

void plan_roles(Context& context, const Deployment& deployment, Plan& plan) {
  if (!context.wants(Component::roles) || deployment.lambdas.empty()) return;
  if (!deployment.execution_role.empty())
    plan_role(context, deployment, execution_role(context, deployment), plan);
  if (deployment.invoke_role.empty() || !missing_redshift_settings(context.config).empty()) return;
  plan_role(context, deployment, invoke_role(context, deployment), plan);
  plan_attachment(context, deployment, plan);
}

void plan_role_removal(Context& context, const Deployment& deployment, Plan& plan) {
  const RedshiftTarget target = redshift_target(context.config);
  if (!deployment.invoke_role.empty() && !target.cluster.empty()) {
    const std::string arn = context.aws.role_arn(deployment.invoke_role);
    const json found =
        context.aws.read("redshift", "describe-clusters", {{"ClusterIdentifier", target.cluster}});
    if (lists_role(found.at("Clusters").at(0).value("IamRoles", json::array()), "IamRoleArn", arn)) {
      plan.steps.push_back({Action::change,
                            Component::roles,
                            "cluster " + target.cluster,
                            "detach " + arn,
                            [&aws = context.aws, cluster = target.cluster, arn] {
                              aws.write(
                                  "redshift", "modify-cluster-iam-roles",
                                  {{"ClusterIdentifier", cluster}, {"RemoveIamRoles", json::array({arn})}});
                            },
                            {}});
    }
  }
  plan_removal_of(context, deployment, deployment.invoke_role, plan);
  plan_removal_of(context, deployment, deployment.execution_role, plan);
}

}  // namespace geocell::gateway
