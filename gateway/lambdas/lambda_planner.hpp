// Plans the Lambdas of a deployment: their roles, their code, settings, logs, and who may invoke them.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "gateway/lambdas/deployment.hpp"
#include "gateway/lambdas/lambda_code.hpp"
#include "gateway/plan/planner.hpp"

namespace geocell::gateway {

// Both arguments have to outlive the planner. Lambdas of other deployments, and of this one that `deployment`
// does not name, are left alone.
class LambdaPlanner : public Planner {
 public:
  LambdaPlanner(Context& context, const Deployment& deployment)
      : context_(context), deployment_(deployment) {}

  // Throws Failure when a Lambda or role exists that geocell did not make, or a package is missing.
  void plan(Stage stage, Plan& plan) override;
  // Roles that others made, and their Lambdas, stay and are noted.
  void plan_removal(Stage stage, Plan& plan) override;

 private:
  void plan_roles(Plan& plan);
  void plan_lambdas(Plan& plan);
  void plan_lambda_removal(Plan& plan);

  Context& context_;
  const Deployment& deployment_;
  std::map<std::string, std::shared_ptr<LambdaCode>> codes_;  // by the package's name
};

}  // namespace geocell::gateway
