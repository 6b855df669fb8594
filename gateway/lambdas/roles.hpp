// IAM roles that geocell makes, each with one inline policy that names exactly what it may do.
#pragma once

#include <string>
#include <vector>

#include "gateway/lambdas/deployment.hpp"
#include "gateway/plan/plan.hpp"

namespace geocell::gateway {

struct RoleWanted {
  std::string name;
  std::string purpose;                // for the plan, and IAM's description
  std::string setting;                // which setting gives another role instead; "" when none does
  std::vector<std::string> services;  // who may assume it
  std::string policy_name;
  std::vector<PolicyStatement> statements;  // at least one; a partial deployment leaves the first what it has
};

// Throws Failure when the role exists and geocell did not make it.
void plan_role(Context& context, const Deployment& deployment, const RoleWanted& role, Plan& plan);
// A role that others made stays, and is noted.
void plan_role_removal(Context& context, const Deployment& deployment, const std::string& name, Plan& plan);

}  // namespace geocell::gateway
