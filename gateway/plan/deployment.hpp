// What a deployment should be: computed from the configuration, the catalogue and the package,
// without asking anybody.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "gateway/engines/redshift/sql_objects.hpp"
#include "gateway/settings/config.hpp"
#include "sql/generator/catalogue/catalogue.hpp"

namespace geocell::gateway {

inline constexpr long kDefaultMemoryMb = 512;
inline constexpr long kDefaultTimeoutS = 300;
inline constexpr const char* kRuntime = "provided.al2023";
inline constexpr const char* kHandler = "bootstrap";
inline constexpr const char* kPermissionId = "redshift-invoke";
inline constexpr const char* kInvokePolicy = "RedshiftLambdaInvokePolicy";
inline constexpr const char* kLogPolicy = "GeocellLogPolicy";
// Tags by which geocell knows what it made.
inline constexpr const char* kOwnerTag = "geocell:deployment";  // the Lambda prefix
inline constexpr const char* kSandboxTag = "geocell:sandbox";

struct LambdaWanted {
  std::string name;    // with the prefix
  std::string base;    // lambda_name of the YAML
  long memory_mb = 0;  // the largest that one of its functions asks for
  long timeout_s = 0;
};

struct Deployment {
  std::string version;
  std::string schema;
  std::string prefix;
  std::string sandbox;
  std::string execution_role;      // name, when geocell makes it; else ""
  std::string execution_role_arn;  // when given
  std::string invoke_role;
  std::string invoke_role_given;  // an ARN, a chain of ARNs, or "default"
  std::vector<LambdaWanted> lambdas;
  std::filesystem::path package;  // the Lambda's zip
  std::string architecture;       // for which it is
  std::vector<sql::Function> functions;
  bool partial = false;  // filtered: what is not in `functions` is left alone
};

// `package`: the zip, or empty to take the one beside this program or in dist/ (which may be missing: only
// deploying code needs it). Throws Failure on names that are too long, and on a package for other machines
// than the settings say.
Deployment make_deployment(const Config& config, std::vector<sql::Function> functions, bool partial,
                           const std::filesystem::path& package);

std::map<std::string, std::string> tags(const Deployment& deployment);

}  // namespace geocell::gateway
