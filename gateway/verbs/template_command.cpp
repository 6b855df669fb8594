// template: the same deployment as CloudFormation, for those who deploy that way. The SQL stays with `geocell
// sql` or `geocell deploy-functions`, with the roles named as this template names them.
#include <nlohmann/json.hpp>

#include "gateway/lambdas/architecture.hpp"
#include "gateway/plan/deployment.hpp"
#include "gateway/settings/names.hpp"
#include "gateway/system/digest.hpp"
#include "gateway/system/private_file.hpp"
#include "gateway/verbs/commands.hpp"

namespace geocell::gateway {
namespace {

using json = nlohmann::ordered_json;

json sub(const std::string& text) { return {{"Fn::Sub", text}}; }
json get_arn(const std::string& resource) { return {{"Fn::GetAtt", json::array({resource, "Arn"})}}; }

json statement(const json& action, const json& resource) {
  return {{"Effect", "Allow"}, {"Action", action}, {"Resource", resource}};
}

json role(const std::string& name, const json& services, const std::string& policy, const json& statements,
          const json& tag_list) {
  return {{"Type", "AWS::IAM::Role"},
          {"Properties",
           {{"RoleName", name},
            {"AssumeRolePolicyDocument",
             {{"Version", "2012-10-17"},
              {"Statement", json::array({{{"Effect", "Allow"},
                                          {"Principal", {{"Service", services}}},
                                          {"Action", "sts:AssumeRole"}}})}}},
            {"Policies",
             json::array({{{"PolicyName", policy},
                           {"PolicyDocument", {{"Version", "2012-10-17"}, {"Statement", statements}}}}})},
            {"Tags", tag_list}}}};
}

// A Lambda's name as CloudFormation's logical ids allow it.
std::string logical_id(const std::string& base) { return role_name(base, ""); }

}  // namespace

int template_command(const Options& options, const Console& console) {
  const Config config = load_config(options, console);
  const Deployment deployment =
      make_deployment(config, selected_functions(options, config), false, options.package);
  json tag_list = json::array();
  for (const auto& [key, value] : tags(deployment)) tag_list.push_back({{"Key", key}, {"Value", value}});
  json resources;
  json logs = json::array();
  json arns = json::array();
  for (const auto& lambda : deployment.lambdas) {
    const std::string id = logical_id(lambda.base);
    resources[id + "Log"] = {{"Type", "AWS::Logs::LogGroup"},
                             {"DeletionPolicy", "Delete"},
                             {"UpdateReplacePolicy", "Delete"},
                             {"Properties",
                              {{"LogGroupName", "/aws/lambda/" + lambda.name},
                               {"RetentionInDays", config.number("GEOCELL_LOG_RETENTION_DAYS", 1, 3653)}}}};
    resources[id + "Lambda"] = {
        {"Type", "AWS::Lambda::Function"},
        {"DependsOn", id + "Log"},
        {"Properties",
         {{"FunctionName", lambda.name},
          {"Description", "geocell " + deployment.version},
          {"Runtime", kRuntime},
          {"Handler", kHandler},
          {"Architectures", json::array({deployment.architecture})},
          {"MemorySize", lambda.memory_mb},
          {"Timeout", lambda.timeout_s},
          {"Role", get_arn("ExecutionRole")},
          {"Code", {{"S3Bucket", {{"Ref", "CodeBucket"}}}, {"S3Key", {{"Ref", "CodeKey"}}}}},
          {"Environment", {{"Variables", {{"GEOCELL_MAX_VALUE_BYTES", {{"Ref", "MaxValueBytes"}}}}}}},
          {"Tags", tag_list}}}};
    resources[id + "Permission"] = {{"Type", "AWS::Lambda::Permission"},
                                    {"Properties",
                                     {{"FunctionName", {{"Ref", id + "Lambda"}}},
                                      {"Action", "lambda:InvokeFunction"},
                                      {"Principal", get_arn("InvokeRole")}}}};
    logs.push_back(sub("arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/lambda/" +
                       lambda.name + ":*"));
    arns.push_back(get_arn(id + "Lambda"));
  }
  resources["ExecutionRole"] = role(
      role_name(deployment.prefix, "LambdaExecutionRole"), json::array({"lambda.amazonaws.com"}), kLogPolicy,
      json::array({statement(json::array({"logs:CreateLogStream", "logs:PutLogEvents"}), logs)}), tag_list);
  resources["InvokeRole"] =
      role(role_name(deployment.prefix, "RedshiftInvokeRole"),
           json::array({"redshift.amazonaws.com", "redshift-serverless.amazonaws.com"}), kInvokePolicy,
           json::array({statement("lambda:InvokeFunction", arns)}), tag_list);
  const json document{{"AWSTemplateFormatVersion", "2010-09-09"},
                      {"Description", "geocell " + deployment.version +
                                          ": the Lambda behind Redshift's spatial-index functions"},
                      {"Parameters",
                       {{"CodeBucket",
                         {{"Type", "String"},
                          {"Description", "S3 bucket that holds " + package_name(deployment.architecture)}}},
                        {"CodeKey", {{"Type", "String"}, {"Default", package_name(deployment.architecture)}}},
                        {"MaxValueBytes",
                         {{"Type", "String"},
                          {"Default", "65535"},
                          {"AllowedValues", json::array({"65535", "16000000"})},
                          {"Description", "16000000 where Redshift's large strings are on"}}}}},
                      {"Resources", resources},
                      {"Outputs",
                       {{"InvokeRoleArn",
                         {{"Description", "Attach it to Redshift and set RS_LAMBDA_INVOKE_ROLE to it"},
                          {"Value", get_arn("InvokeRole")}}}}}};
  if (options.out.empty()) {
    console.say(document.dump(2));
  } else {
    write_file(options.out, document.dump(2) + "\n");
    console.note("wrote " + options.out.string());
  }
  return 0;
}

}  // namespace geocell::gateway
