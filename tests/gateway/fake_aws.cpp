#include "tests/gateway/fake_aws.hpp"

#include "gateway/system/digest.hpp"
#include "gateway/system/private_file.hpp"

namespace geocell::gateway {
namespace {

using nlohmann::json;

[[noreturn]] void refuse(const std::string& code, const std::string& what) {
  throw AwsFailure(code, what, what);
}

json& existing(std::map<std::string, json>& objects, const std::string& name, const char* code) {
  const auto found = objects.find(name);
  if (found == objects.end()) refuse(code, name + " does not exist");
  return found->second;
}

std::string code_digest(const std::vector<FileOption>& files) {
  for (const auto& [option, value] : files) {
    if (option == "--zip-file") return sha256_base64(read_file(value.substr(std::string("fileb://").size())));
  }
  refuse("InvalidParameterValueException", "no code");
}

}  // namespace

json FakeAws::call(std::string_view service, std::string_view operation, const json& input,
                   const std::vector<FileOption>& files) {
  const std::string name(operation);
  if (!name.starts_with("get-") && !name.starts_with("list-") && !name.starts_with("describe-")) {
    std::string object = "?";
    for (const char* key : {"FunctionName", "RoleName", "logGroupName"}) {
      if (input.contains(key)) object = input.at(key);
    }
    writes.push_back(std::string(service) + " " + name + " " + object);
  }
  if (service == "sts") return {{"Account", "123456789012"}, {"Arn", "arn:aws:iam::123456789012:user/ann"}};
  if (service == "lambda") return lambda(name, input, files);
  if (service == "iam") return iam(name, input);
  if (service == "logs") return log(name, input);
  refuse("UnknownService", std::string(service));
}

json FakeAws::lambda(const std::string& operation, const json& input, const std::vector<FileOption>& files) {
  const std::string name = input.at("FunctionName");
  if (operation == "create-function") {
    json configuration = input;
    configuration.erase("Tags");
    configuration["CodeSha256"] = code_digest(files);
    lambdas[name] = {{"Configuration", configuration}, {"Tags", input.at("Tags")}};
    return configuration;
  }
  json& function = existing(lambdas, name, "ResourceNotFoundException");
  json& configuration = function["Configuration"];
  if (operation == "get-function") return function;
  if (operation == "get-function-configuration") return configuration;
  if (operation == "update-function-code") {
    configuration["CodeSha256"] = code_digest(files);
    configuration["Architectures"] = input.at("Architectures");
  } else if (operation == "update-function-configuration") {
    configuration.update(input);
  } else if (operation == "delete-function") {
    lambdas.erase(name);
    policies.erase(name);
  } else if (operation == "put-function-concurrency") {
    function["Concurrency"]["ReservedConcurrentExecutions"] = input.at("ReservedConcurrentExecutions");
  } else if (operation == "delete-function-concurrency") {
    function.erase("Concurrency");
  } else if (operation == "add-permission") {
    policies[name][input.at("StatementId").get<std::string>()] = {{"Sid", input.at("StatementId")},
                                                                  {"Principal", input.at("Principal")}};
  } else if (operation == "remove-permission") {
    policies[name].erase(input.at("StatementId").get<std::string>());
  } else if (operation == "get-policy") {
    json statements = json::array();
    for (const auto& [id, statement] : existing(policies, name, "ResourceNotFoundException").items()) {
      statements.push_back(statement);
    }
    return {{"Policy", json{{"Statement", statements}}.dump()}};
  } else {
    refuse("UnknownOperation", operation);
  }
  return json::object();
}

json FakeAws::iam(const std::string& operation, const json& input) {
  const std::string name = input.at("RoleName");
  if (operation == "create-role") {
    roles[name] = {
        {"AssumeRolePolicyDocument", json::parse(input.at("AssumeRolePolicyDocument").get<std::string>())},
        {"Tags", input.at("Tags")},
        {"Policies", json::object()}};
    return json::object();
  }
  json& role = existing(roles, name, "NoSuchEntity");
  json& documents = role["Policies"];
  if (operation == "get-role") return {{"Role", role}};
  if (operation == "list-role-policies") {
    json names = json::array();
    for (const auto& [policy, document] : documents.items()) names.push_back(policy);
    return {{"PolicyNames", names}};
  }
  if (operation == "delete-role") {
    if (!documents.empty()) refuse("DeleteConflict", name + " has policies");
    roles.erase(name);
    return json::object();
  }
  const std::string policy = input.at("PolicyName");
  if (operation == "put-role-policy") {
    documents[policy] = json::parse(input.at("PolicyDocument").get<std::string>());
  } else if (operation == "delete-role-policy") {
    documents.erase(policy);
  } else if (operation == "get-role-policy") {
    if (!documents.contains(policy)) refuse("NoSuchEntity", policy + " does not exist");
    return {{"PolicyDocument", documents.at(policy)}};
  } else {
    refuse("UnknownOperation", operation);
  }
  return json::object();
}

json FakeAws::log(const std::string& operation, const json& input) {
  if (operation == "describe-log-groups") {
    json groups = json::array();
    for (const auto& [name, days] : logs) {
      if (name.starts_with(input.at("logGroupNamePrefix").get<std::string>())) {
        groups.push_back({{"logGroupName", name}, {"retentionInDays", days}});
      }
    }
    return {{"logGroups", groups}};
  }
  const std::string name = input.at("logGroupName");
  if (operation == "create-log-group") {
    logs[name] = 0;
  } else if (operation == "put-retention-policy") {
    logs[name] = input.at("retentionInDays");
  } else if (operation == "delete-log-group") {
    logs.erase(name);
  } else {
    refuse("UnknownOperation", operation);
  }
  return json::object();
}

}  // namespace geocell::gateway
