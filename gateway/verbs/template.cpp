// template: the same deployment as CloudFormation, for those who deploy that way. The SQL stays with `geocell
// sql` or `geocell deploy-functions`, with the roles named as this template names them.
#include <nlohmann/json.hpp>

#include "gateway/engines/redshift/caller_role.hpp"
#include "gateway/lambdas/deployment.hpp"
#include "gateway/settings/names.hpp"
#include "gateway/system/private_file.hpp"
#include "gateway/verbs/verb.hpp"

namespace geocell::gateway {
namespace {

using json = nlohmann::ordered_json;

struct Options {
  std::filesystem::path out;
};

void declare(OptionSet& set, Options& options) { set.path("--out", options.out, "A file; else stdout"); }

json sub(const std::string& text) { return {{"Fn::Sub", text}}; }
json get_arn(const std::string& resource) { return {{"Fn::GetAtt", json::array({resource, "Arn"})}}; }

json statement(const json& action, const json& resource) {
  return {{"Effect", "Allow"}, {"Action", action}, {"Resource", resource}};
}

json role(const std::string& name, const json& services, const std::string& policy, const json& statements,
          const json& tags) {
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
            {"Tags", tags}}}};
}

// A Lambda's name as CloudFormation's logical ids allow it.
std::string logical_id(const std::string& base) { return role_name(base, ""); }

int run(const Options& options, const GlobalOptions& globals, const Console& console) {
  const Config config = load_config(globals.settings, console);
  const Deployment deployment =
      make_deployment(config, selected_functions(globals.source, config), false, globals.source.package);
  const json tags = tag_list(deployment);
  const std::string architecture = choose_package(config, globals.source.package).architecture;
  json resources;
  json logs = json::array();
  json arns = json::array();
  for (const auto& lambda : deployment.lambdas) {
    const std::string id = logical_id(lambda.base);
    resources[id + "Log"] = {{"Type", "AWS::Logs::LogGroup"},
                             {"DeletionPolicy", "Delete"},
                             {"UpdateReplacePolicy", "Delete"},
                             {"Properties",
                              {{"LogGroupName", log_group(lambda.name)},
                               {"RetentionInDays", config.number("GEOCELL_LOG_RETENTION_DAYS", 1, 3653)}}}};
    resources[id + "Lambda"] = {
        {"Type", "AWS::Lambda::Function"},
        {"DependsOn", id + "Log"},
        {"Properties",
         {{"FunctionName", lambda.name},
          {"Description", "geocell " + deployment.version},
          {"Runtime", lambda.runtime},
          {"Handler", lambda.handler},
          {"Architectures", json::array({architecture})},
          {"MemorySize", lambda.memory_mb},
          {"Timeout", lambda.timeout_s},
          {"Role", get_arn("ExecutionRole")},
          {"Code", {{"S3Bucket", {{"Ref", "CodeBucket"}}}, {"S3Key", {{"Ref", "CodeKey"}}}}},
          {"Environment", {{"Variables", {{"GEOCELL_MAX_VALUE_BYTES", {{"Ref", "MaxValueBytes"}}}}}}},
          {"Tags", tags}}}};
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
      json::array({statement(json::array({"logs:CreateLogStream", "logs:PutLogEvents"}), logs)}), tags);
  resources["InvokeRole"] =
      role(role_name(deployment.prefix, "RedshiftInvokeRole"),
           json::array({"redshift.amazonaws.com", "redshift-serverless.amazonaws.com"}), kInvokePolicy,
           json::array({statement("lambda:InvokeFunction", arns)}), tags);
  const json document{
      {"AWSTemplateFormatVersion", "2010-09-09"},
      {"Description",
       "geocell " + deployment.version + ": the Lambda behind Redshift's spatial-index functions"},
      {"Parameters",
       {{"CodeBucket",
         {{"Type", "String"}, {"Description", "S3 bucket that holds " + package_name(architecture)}}},
        {"CodeKey", {{"Type", "String"}, {"Default", package_name(architecture)}}},
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

const RegisteredVerb kVerb({180, "template", "Write a CloudFormation template of the same deployment"},
                           declare, run);

}  // namespace
}  // namespace geocell::gateway
