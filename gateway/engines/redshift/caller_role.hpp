// The role by which Redshift calls (may call our functions' Lambdas and nothing else), and its place on the
// cluster or namespace.
#pragma once

#include <string>
#include <vector>

#include "gateway/lambdas/deployment.hpp"
#include "gateway/plan/plan.hpp"

namespace geocell::gateway {

inline constexpr const char* kInvokePolicy = "RedshiftLambdaInvokePolicy";

struct CallerRole {
  std::string name;   // made by geocell; "" when one is given
  std::string given;  // RS_LAMBDA_INVOKE_ROLE: an ARN, a chain of ARNs, or "default"
};
CallerRole caller_role(const Config& config);

// IAM_ROLE's value, and the role that calls Lambda in the end ("" when that is 'default').
std::string role_for_sql(Aws& aws);
std::string calling_role(Aws& aws);

// Nothing to do where a role is given. `lambdas`: names of those that it may call.
void plan_caller_role(Context& context, const Deployment& deployment, const std::vector<std::string>& lambdas,
                      Plan& plan);
void plan_caller_role_removal(Context& context, const Deployment& deployment, Plan& plan);

}  // namespace geocell::gateway
