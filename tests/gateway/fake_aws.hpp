// AWS in memory, for tests of planners: the calls of Lambda, IAM and CloudWatch Logs that they make, with what those
// calls leave behind.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "gateway/aws/aws.hpp"

namespace geocell::gateway {

class FakeAws : public Aws {
 public:
  using Aws::Aws;

  std::map<std::string, nlohmann::json> lambdas;   // GetFunction's answers
  std::map<std::string, nlohmann::json> policies;  // of Lambdas: statements by id
  std::map<std::string, nlohmann::json> roles;     // GetRole's "Role", and "Policies": documents by name
  std::map<std::string, long> logs;                // retention in days
  std::vector<std::string> writes;                 // "lambda create-function carto-at-geocell"

 protected:
  nlohmann::json call(std::string_view service, std::string_view operation, const nlohmann::json& input,
                      const std::vector<FileOption>& files) override;

 private:
  nlohmann::json lambda(const std::string& operation, const nlohmann::json& input,
                        const std::vector<FileOption>& files);
  nlohmann::json iam(const std::string& operation, const nlohmann::json& input);
  nlohmann::json log(const std::string& operation, const nlohmann::json& input);
};

}  // namespace geocell::gateway
