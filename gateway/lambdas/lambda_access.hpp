// What surrounds a Lambda: its log, and the statements of its resource policy.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>

#include "gateway/lambdas/lambda_spec.hpp"
#include "gateway/plan/plan.hpp"

namespace geocell::gateway {

void plan_log(Context& context, const LambdaSpec& lambda, Plan& plan);
// Permissions with other ids, which others gave, stay. `exists`: the Lambda is there already.
void plan_permissions(Context& context, const LambdaSpec& lambda, bool exists, Plan& plan);
// Reserved concurrency. `found`: GetFunction's answer; nothing when the Lambda does not exist yet.
void plan_concurrency(Context& context, const LambdaSpec& lambda, const std::optional<nlohmann::json>& found,
                      Plan& plan);

}  // namespace geocell::gateway
