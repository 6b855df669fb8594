#include "gateway/engines/redshift/caller_role.hpp"

#include "gateway/engines/redshift/database.hpp"
#include "gateway/lambdas/roles.hpp"
#include "gateway/settings/names.hpp"
#include "geocell/text.hpp"

namespace geocell::gateway {
namespace {

using nlohmann::json;

bool lists_role(const json& roles, std::string_view key, const std::string& arn) {
  for (const json& role : roles) {
    const std::string text = role.is_string() ? role.get<std::string>() : role.value(key, "");
    if (text.find(arn) != std::string::npos) return true;
  }
  return false;
}

std::string console_steps(const std::string& arn) {
  return "the role cannot be attached from here. In the AWS console: Amazon Redshift, "
         "your cluster or namespace, Manage IAM roles, Associate " +
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
  // UpdateNamespace replaces the list. GetNamespace returns "IamRole(applyStatus=in-sync, iamRoleArn=arn:…)".
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

void plan_attachment(Context& context, const std::string& role, Plan& plan) {
  const std::string arn = context.aws.role_arn(role);
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

}  // namespace

CallerRole caller_role(const Config& config) {
  CallerRole role{"", config.get("RS_LAMBDA_INVOKE_ROLE")};
  if (role.given.empty()) role.name = role_name(config.prefix(), "RedshiftInvokeRole");
  return role;
}

std::string role_for_sql(Aws& aws) {
  const CallerRole role = caller_role(aws.config());
  return role.name.empty() ? role.given : aws.role_arn(role.name);
}

std::string calling_role(Aws& aws) {
  const std::string chain = role_for_sql(aws);
  if (lower_case(chain) == "default") return {};
  return trim(chain.substr(chain.rfind(',') == std::string::npos ? 0 : chain.rfind(',') + 1));
}

void plan_caller_role(Context& context, const Deployment& deployment, const std::vector<std::string>& lambdas,
                      Plan& plan) {
  const CallerRole role = caller_role(context.config);
  if (role.name.empty()) return;
  std::vector<std::string> arns;
  for (const auto& name : lambdas) arns.push_back(context.aws.lambda_arn(name));
  plan_role(context, deployment,
            {role.name,
             "Redshift may call " + std::to_string(arns.size()) + " Lambda(s)",
             "RS_LAMBDA_INVOKE_ROLE",
             {"redshift.amazonaws.com", "redshift-serverless.amazonaws.com"},
             kInvokePolicy,
             {{{"lambda:InvokeFunction"}, arns}}},
            plan);
  plan_attachment(context, role.name, plan);
}

void plan_caller_role_removal(Context& context, const Deployment& deployment, Plan& plan) {
  const CallerRole role = caller_role(context.config);
  if (role.name.empty()) return;
  const RedshiftTarget target = redshift_target(context.config);
  if (!target.cluster.empty()) {
    const std::string arn = context.aws.role_arn(role.name);
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
  plan_role_removal(context, deployment, role.name, plan);
}

}  // namespace geocell::gateway
