// Two Lambdas that share nothing: the functions' one, and a worker with a package, a role, an environment, limits and
// triggers of its own.
#include "gateway/lambdas/lambda_planner.hpp"

#include <gtest/gtest.h>

#include "gateway/plan/apply.hpp"
#include "gateway/system/archive.hpp"
#include "gateway/system/private_file.hpp"
#include "gateway/system/scratch_folder.hpp"
#include "tests/gateway/fake_aws.hpp"

namespace geocell::gateway {
namespace {

using nlohmann::json;
using Objects = std::vector<std::string>;

const PolicyStatement kReadBucket{{"s3:GetObject"}, {"arn:aws:s3:::changes/*"}};

class LambdaPlannerTest : public testing::Test {
 protected:
  LambdaPlannerTest()
      : config_(Config::load({"/dev/null"}, {{"AWS_PROFILE", "test"}, {"RS_LAMBDA_PREFIX", "carto-at-"}})),
        console_({}),
        aws_(config_, console_, false),
        context_{config_, console_, aws_} {}

  LambdaPackage package(const std::string& name, const std::string& program) {
    const auto path = scratch_.path / (name + ".zip");
    write_file(path, zip_of({{"bootstrap", program, true}}));
    return {path, kX86, name};
  }

  LambdaSpec functions_lambda() {
    LambdaSpec lambda;
    lambda.name = "carto-at-geocell";
    lambda.base = "geocell";
    lambda.package = package("geocell", "functions");
    lambda.role = execution_role(config_);
    lambda.environment = {{"GEOCELL_MAX_VALUE_BYTES", "65535"}};
    lambda.triggers = {{"redshift-invoke", "arn:aws:iam::123456789012:role/CartoATRedshiftInvokeRole"}};
    return lambda;
  }

  LambdaSpec worker() {
    LambdaSpec lambda;
    lambda.name = "carto-at-worker";
    lambda.base = "worker";
    lambda.package = package("worker", "worker");
    lambda.role = {"CartoATWorkerRole", "", "", "GeocellWorkerPolicy", {kReadBucket}};
    lambda.environment = {{"GEOCELL_SERVE", "changes"}};
    lambda.memory_mb = 1024;
    lambda.timeout_s = 60;
    lambda.concurrency = 2;
    lambda.triggers = {{"events", "events.amazonaws.com"}};
    return lambda;
  }

  Deployment deployment(std::vector<LambdaSpec> lambdas) {
    Deployment result;
    result.version = "0.1.0";
    result.prefix = config_.prefix();
    result.lambdas = std::move(lambdas);
    return result;
  }

  // Plans; applies when there is something to do. Returns what was planned.
  Objects deploy(const Deployment& wanted) { return run(wanted, plan_deployment); }
  Objects remove(const Deployment& wanted) { return run(wanted, plan_removal); }

  Objects run(const Deployment& wanted, Plan (*plan_of)(const Planners&)) {
    Planners planners;
    planners.push_back(std::make_unique<LambdaPlanner>(context_, wanted));
    Plan plan = plan_of(planners);
    aws_.writes.clear();
    EXPECT_TRUE(apply(context_, planners, plan, OnFailure::keep));
    Objects objects;
    for (const auto& step : plan.steps)
      objects.push_back(std::string(to_text(step.action)) + " " + step.object);
    return objects;
  }

  json settings_of(const std::string& name) { return aws_.lambdas.at(name).at("Configuration"); }

  ScratchFolder scratch_;
  Config config_;
  Console console_;
  FakeAws aws_;
  Context context_;
};

TEST_F(LambdaPlannerTest, EachLambdaHasItsOwn) {
  const Deployment both = deployment({functions_lambda(), worker()});
  EXPECT_EQ(
      deploy(both),
      (Objects{"create role CartoATLambdaExecutionRole", "create role CartoATWorkerRole",
               "create log /aws/lambda/carto-at-geocell", "create Lambda carto-at-geocell",
               "create permission redshift-invoke of carto-at-geocell",
               "create log /aws/lambda/carto-at-worker", "create Lambda carto-at-worker",
               "change concurrency of carto-at-worker", "create permission events of carto-at-worker"}));
  EXPECT_EQ(deploy(both), Objects{});

  const json functions = settings_of("carto-at-geocell");
  const json work = settings_of("carto-at-worker");
  EXPECT_NE(functions["CodeSha256"], work["CodeSha256"]);
  EXPECT_EQ(functions["Role"], "arn:aws:iam::123456789012:role/CartoATLambdaExecutionRole");
  EXPECT_EQ(work["Role"], "arn:aws:iam::123456789012:role/CartoATWorkerRole");
  EXPECT_EQ(functions["Environment"]["Variables"], (json{{"GEOCELL_MAX_VALUE_BYTES", "65535"}}));
  EXPECT_EQ(work["Environment"]["Variables"], (json{{"GEOCELL_SERVE", "changes"}}));
  EXPECT_EQ(work["MemorySize"], 1024);
  EXPECT_FALSE(aws_.lambdas.at("carto-at-geocell").contains("Concurrency"));
  EXPECT_EQ(aws_.lambdas.at("carto-at-worker")["Concurrency"]["ReservedConcurrentExecutions"], 2);
  EXPECT_EQ(aws_.policies.at("carto-at-worker")["events"]["Principal"], "events.amazonaws.com");
}

TEST_F(LambdaPlannerTest, ARoleNamesExactlyWhatItsLambdaTouches) {
  deploy(deployment({functions_lambda(), worker()}));
  const auto statements = [&](const char* role, const char* policy) {
    return aws_.roles.at(role).at("Policies").at(policy).at("Statement");
  };
  const auto own_log = [](const std::string& name) {
    return json{{"Effect", "Allow"},
                {"Action", {"logs:CreateLogStream", "logs:PutLogEvents"}},
                {"Resource", {"arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/" + name + ":*"}}};
  };
  EXPECT_EQ(statements("CartoATLambdaExecutionRole", "GeocellLogPolicy"),
            json::array({own_log("carto-at-geocell")}));
  EXPECT_EQ(
      statements("CartoATWorkerRole", "GeocellWorkerPolicy"),
      json::array(
          {own_log("carto-at-worker"),
           {{"Effect", "Allow"}, {"Action", "s3:GetObject"}, {"Resource", {"arn:aws:s3:::changes/*"}}}}));
}

TEST_F(LambdaPlannerTest, AChangeTouchesOneLambda) {
  deploy(deployment({functions_lambda(), worker()}));
  LambdaSpec changed = worker();
  changed.environment["GEOCELL_SERVE"] = "statements";
  changed.role.statements.clear();
  changed.concurrency = 5;
  changed.package = package("worker", "another worker");
  EXPECT_EQ(deploy(deployment({functions_lambda(), changed})),
            (Objects{"change role CartoATWorkerRole", "change Lambda carto-at-worker",
                     "change Lambda carto-at-worker", "change concurrency of carto-at-worker"}));
  for (const auto& write : aws_.writes) EXPECT_EQ(write.find("geocell"), std::string::npos) << write;
  EXPECT_EQ(aws_.roles.at("CartoATWorkerRole")["Policies"]["GeocellWorkerPolicy"]["Statement"].size(), 1U);
  EXPECT_EQ(deploy(deployment({functions_lambda(), changed})), Objects{});
}

TEST_F(LambdaPlannerTest, RemovingOneLeavesTheOther) {
  deploy(deployment({functions_lambda(), worker()}));
  EXPECT_EQ(remove(deployment({worker()})),
            (Objects{"remove log /aws/lambda/carto-at-worker", "remove Lambda carto-at-worker",
                     "remove role CartoATWorkerRole"}));
  EXPECT_FALSE(aws_.lambdas.contains("carto-at-worker"));
  EXPECT_FALSE(aws_.roles.contains("CartoATWorkerRole"));
  EXPECT_EQ(deploy(deployment({functions_lambda()})), Objects{});
}

TEST_F(LambdaPlannerTest, ARoleCanBeShared) {
  LambdaSpec second = worker();
  second.role = execution_role(config_);
  second.role.statements = {kReadBucket};
  deploy(deployment({functions_lambda(), second}));
  const json shared = aws_.roles.at("CartoATLambdaExecutionRole")["Policies"]["GeocellLogPolicy"];
  EXPECT_EQ(shared["Statement"].size(), 2U);
  EXPECT_EQ(shared["Statement"][0]["Resource"].size(), 2U);
  // A run about the first alone leaves the second what it needs.
  Deployment one = deployment({functions_lambda()});
  one.partial = true;
  EXPECT_EQ(deploy(one), Objects{});
}

TEST_F(LambdaPlannerTest, WhatOthersMadeStays) {
  deploy(deployment({worker()}));
  aws_.lambdas.at("carto-at-worker")["Tags"] = json::object();
  aws_.roles.at("CartoATWorkerRole")["Tags"] = json::array();
  EXPECT_EQ(remove(deployment({worker()})), Objects{});
  EXPECT_THROW(deploy(deployment({worker()})), Failure);
}

}  // namespace
}  // namespace geocell::gateway
