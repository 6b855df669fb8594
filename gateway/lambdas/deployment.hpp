// What a deployment should be: computed from the configuration, the catalogue and the packages, without
// contacting AWS or Redshift.
#pragma once

#include <filesystem>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "gateway/lambdas/lambda_spec.hpp"
#include "gateway/settings/config.hpp"
#include "sql/generator/catalogue/catalogue.hpp"

namespace geocell::gateway {

// Tags by which geocell knows what it made.
inline constexpr const char* kOwnerTag = "geocell:deployment";  // the Lambda prefix
inline constexpr const char* kSandboxTag = "geocell:sandbox";

struct Deployment {
  std::string version;
  std::string prefix;
  std::string sandbox;
  std::vector<LambdaSpec> lambdas;
  std::vector<sql::Function> functions;
  bool partial = false;  // filtered: what is not in `functions` and `lambdas` is left alone
};

// The Lambdas that serve `functions`: one for each lambda_name, with the largest memory and timeout that one
// of its functions asks for. `package`: the zip, or empty to take the one beside this program or in dist/
// (which may be missing: only deploying code needs it). Throws Failure on names that are too long, and on a
// package for another architecture than the settings name.
Deployment make_deployment(const Config& config, std::vector<sql::Function> functions, bool partial,
                           const std::filesystem::path& package);

// The role of the Lambdas that serve functions: RS_LAMBDA_EXECUTION_ROLE, else one that geocell makes.
RoleSpec execution_role(const Config& config);

std::map<std::string, std::string> tags(const Deployment& deployment);
// The same as IAM, ECR and CloudFormation take them: [{"Key": …, "Value": …}].
nlohmann::json tag_list(const Deployment& deployment);
// Whether such a list marks an object as made by this deployment.
bool is_ours(const nlohmann::json& tag_list, const Deployment& deployment);

std::string log_group(const std::string& lambda);

}  // namespace geocell::gateway
