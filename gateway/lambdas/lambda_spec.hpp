// One Lambda of a deployment, with everything that is its own: code, role, environment, limits, triggers.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gateway/lambdas/architecture.hpp"

namespace geocell::gateway {

inline constexpr long kDefaultMemoryMb = 512;
inline constexpr long kDefaultTimeoutS = 300;
inline constexpr const char* kRuntime = "provided.al2023";
inline constexpr const char* kHandler = "bootstrap";
inline constexpr const char* kLogPolicy = "GeocellLogPolicy";

// What a role may do: IAM's actions on these ARNs.
struct PolicyStatement {
  std::vector<std::string> actions;
  std::vector<std::string> resources;
};

// The role by which a Lambda runs. Lambdas that name the same role share it: it may do what any of them
// needs. Each Lambda may write its own log; that need not be said.
struct RoleSpec {
  std::string name;     // made by geocell; "" when `arn` is given
  std::string arn;      // made by others, never changed from here
  std::string setting;  // which setting gives another one: "RS_LAMBDA_EXECUTION_ROLE"; "" when none does
  std::string policy = kLogPolicy;          // name of the role's one inline policy
  std::vector<PolicyStatement> statements;  // besides the log
};

// Who may invoke a Lambda: a statement of its resource policy.
struct InvokePermission {
  std::string id;         // StatementId; "redshift-invoke"
  std::string principal;  // a role's ARN, or a service ("events.amazonaws.com")
};

struct LambdaSpec {
  std::string name;  // with the deployment's prefix
  std::string base;  // without; lambda_name of the YAML for functions
  LambdaPackage package;
  std::string runtime = kRuntime;
  std::string handler = kHandler;
  RoleSpec role;
  std::map<std::string, std::string> environment;  // all of its variables
  long memory_mb = kDefaultMemoryMb;
  long timeout_s = kDefaultTimeoutS;
  std::optional<long> concurrency;  // reserved; not given: as it is, unlimited at first
  std::vector<InvokePermission> triggers;
};

}  // namespace geocell::gateway
