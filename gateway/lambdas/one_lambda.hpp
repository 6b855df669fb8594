// The function itself: its code and its settings, made or changed.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>

#include "gateway/lambdas/deployment.hpp"
#include "gateway/lambdas/lambda_code.hpp"

namespace geocell::gateway {

// What CreateFunction and UpdateFunctionConfiguration take.
nlohmann::json lambda_settings(Aws& aws, const Deployment& deployment, const LambdaSpec& lambda);

// `wanted`: lambda_settings() of it. `code`: of its package.
void plan_new_lambda(Context& context, const Deployment& deployment, const LambdaSpec& lambda,
                     const nlohmann::json& wanted, const std::shared_ptr<LambdaCode>& code, Plan& plan);
// `found`: GetFunction's answer; `code` is needed when the code is part of the run. Throws Failure when
// geocell did not make the Lambda, or its package type cannot change to the wanted one.
void plan_existing_lambda(Context& context, const Deployment& deployment, const LambdaSpec& lambda,
                          const nlohmann::json& found, nlohmann::json wanted,
                          const std::shared_ptr<LambdaCode>& code, Plan& plan);

}  // namespace geocell::gateway
