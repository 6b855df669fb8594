// How a Lambda's code gets to AWS (GEOCELL_PACKAGING): as a zip; as a layer that holds everything, below a
// function that holds nothing; as a container image in ECR. Zips go in the call itself, or over an S3 bucket
// (GEOCELL_BUCKET), which Lambda asks for above 50 MB.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "gateway/lambdas/deployment.hpp"
#include "gateway/plan/plan.hpp"

namespace geocell::gateway {

class LambdaCode {
 public:
  virtual ~LambdaCode() = default;
  // Where it comes from, for the plan.
  virtual std::string description() const = 0;
  virtual const char* package_type() const { return "Zip"; }
  // Plans what has to exist before a Lambda can have the code; once.
  virtual void prepare(Plan& plan) = 0;
  // How the code of a Lambda, as GetFunction describes it, differs: "a… → b…"; empty when it does not.
  virtual std::string difference(const nlohmann::json& found) = 0;
  // CreateFunction and UpdateFunctionCode; `input` is the rest of CreateFunction's. `found` as above.
  virtual void create(nlohmann::json input) = 0;
  virtual void update(const std::string& name, const nlohmann::json& found) = 0;
};

// The package has to exist. Throws Failure, also when a zip is too large to be sent as the settings say.
std::unique_ptr<LambdaCode> lambda_code(Context& context, const Deployment& deployment,
                                        const LambdaPackage& package);

// What prepare() may have made, by the setting and by what the Lambdas have.
struct CodeTraces {
  bool layers = false;
  bool images = false;
  void add(const nlohmann::json& found);  // as above
};
CodeTraces code_traces(const Config& config);
// Removes what prepare() made for a package of this name.
void plan_code_removal(Context& context, const Deployment& deployment, const std::string& package,
                       const CodeTraces& traces, Plan& plan);

// Throws Failure when Lambda's last change of it failed or does not end within GEOCELL_WAIT_TIMEOUT.
void wait_until_ready(Context& context, const std::string& lambda);

// The function's own zip above the layer, which must not be empty. The layer is the package as it is: Lambda
// unpacks it at /opt and finds the bootstrap there.
std::string thin_zip();

// For lambda_code() and plan_code_removal(): container images.
std::unique_ptr<LambdaCode> image_code(Context& context, const Deployment& deployment,
                                       const LambdaPackage& package);
void plan_repository_removal(Context& context, const Deployment& deployment, const std::string& package,
                             Plan& plan);

// "x86_64 → arm64, " where a Lambda's architecture is not the package's.
std::string architecture_difference(const LambdaPackage& package, const nlohmann::json& found);

}  // namespace geocell::gateway
