#include "gateway/lambdas/roles.hpp"

#include <algorithm>

namespace geocell::gateway {
namespace {

using nlohmann::json;

// IAM writes a list of one as the one.
json one_or_list(const std::vector<std::string>& items) {
  return items.size() == 1 ? json(items.front()) : json(items);
}

json trust(const std::vector<std::string>& services) {
  return {{"Version", "2012-10-17"},
          {"Statement", json::array({{{"Effect", "Allow"},
                                      {"Principal", {{"Service", one_or_list(services)}}},
                                      {"Action", "sts:AssumeRole"}}})}};
}

json policy_document(const std::vector<PolicyStatement>& statements) {
  json list = json::array();
  for (const auto& statement : statements) {
    list.push_back(
        {{"Effect", "Allow"}, {"Action", one_or_list(statement.actions)}, {"Resource", statement.resources}});
  }
  return {{"Version", "2012-10-17"}, {"Statement", list}};
}

bool contains(const json& list, const json& item) { return std::ranges::find(list, item) != list.end(); }

// A deployment of some functions leaves the Lambdas of the others what they need: their resources in the
// first statement, and where there are such, further statements, which may be theirs.
json with_what_others_need(json wanted, const json& found) {
  json& statements = wanted["Statement"];
  const json& before = found.at("Statement");
  json& resources = statements[0]["Resource"];
  const json before_resources = before.at(0).at("Resource");
  const std::size_t own = resources.size();
  for (const json& resource : before_resources) {
    if (!contains(resources, resource)) resources.push_back(resource);
  }
  const bool has_others = resources.size() > own;
  if (resources.size() == before_resources.size()) resources = before_resources;
  if (!has_others) return wanted;
  json all = json::array({statements[0]});
  for (std::size_t i = 1; i < before.size(); ++i) all.push_back(before[i]);
  for (std::size_t i = 1; i < statements.size(); ++i) {
    if (!contains(all, statements[i])) all.push_back(statements[i]);
  }
  statements = all;
  return wanted;
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

}  // namespace

void plan_role(Context& context, const Deployment& deployment, const RoleWanted& role, Plan& plan) {
  Aws& aws = context.aws;
  const std::string object = "role " + role.name;
  const auto found = aws.find("iam", "get-role", {{"RoleName", role.name}});
  if (!found) {
    plan.steps.push_back({Action::create, Component::roles, object, role.purpose,
                          [&aws, role, tag_list = tag_list(deployment)] {
                            aws.write("iam", "create-role",
                                      {{"RoleName", role.name},
                                       {"AssumeRolePolicyDocument", trust(role.services).dump()},
                                       {"Description", "geocell: " + role.purpose},
                                       {"Tags", tag_list}});
                            put_policy(aws, role, policy_document(role.statements));
                          },
                          [&aws, name = role.name] { delete_role(aws, name); }});
    return;
  }
  const json& actual = found->at("Role");
  if (!is_ours(actual.value("Tags", json::array()), deployment) && !context.adopt) {
    throw Failure(object + " exists and geocell did not make it; choose another RS_LAMBDA_PREFIX, " +
                  (role.setting.empty() ? "" : "name the role in " + role.setting + ", ") +
                  "or take it over with --adopt");
  }
  bool same = true;
  if (const json wanted = trust(role.services); actual.at("AssumeRolePolicyDocument") != wanted) {
    same = false;
    plan.steps.push_back({Action::change, Component::roles, object, "who may assume it",
                          [&aws, wanted, name = role.name] {
                            aws.write("iam", "update-assume-role-policy",
                                      {{"RoleName", name}, {"PolicyDocument", wanted.dump()}});
                          },
                          [&aws, name = role.name, before = actual.at("AssumeRolePolicyDocument")] {
                            aws.write("iam", "update-assume-role-policy",
                                      {{"RoleName", name}, {"PolicyDocument", before.dump()}});
                          }});
  }
  const auto policy =
      aws.find("iam", "get-role-policy", {{"RoleName", role.name}, {"PolicyName", role.policy_name}});
  json wanted = policy_document(role.statements);
  if (policy && deployment.partial) wanted = with_what_others_need(wanted, policy->at("PolicyDocument"));
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

void plan_role_removal(Context& context, const Deployment& deployment, const std::string& name, Plan& plan) {
  const auto found = context.aws.find("iam", "get-role", {{"RoleName", name}});
  if (!found) return;
  if (!is_ours(found->at("Role").value("Tags", json::array()), deployment)) {
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

}  // namespace geocell::gateway
