// What the verbs that plan, deploy and remove have in common.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "gateway/aws/aws.hpp"
#include "gateway/lambdas/deployment.hpp"
#include "gateway/plan/planner.hpp"
#include "gateway/verbs/global_options.hpp"

namespace geocell::gateway {

using Components = std::set<Component>;  // empty: all

// One run: the configuration, the way to AWS and to the engines, the wanted deployment and its planners.
// Throws Failure when nobody is signed in to AWS, and when only SQL is asked for and an engine's settings are
// missing.
class DeploymentRun {
 public:
  DeploymentRun(const GlobalOptions& globals, const Components& components, bool dry_run, bool drop_schema,
                const Console& console);
  DeploymentRun(const DeploymentRun&) = delete;
  DeploymentRun& operator=(const DeploymentRun&) = delete;
  ~DeploymentRun() = default;

  const Config& config() const { return config_; }
  Context& context() { return context_; }
  const Planners& planners() const { return planners_; }

 private:
  Config config_;
  Aws aws_;
  Deployment deployment_;
  Context context_;
  Planners planners_;
};

// -c,--component of plan, deploy and update.
void declare_components(OptionSet& set, Components& components, bool is_required);

// Throws Failure for --production with --sandbox.
void refuse_contradiction(const GlobalOptions& globals);

// The verbs deploy and remove; others are these with some options decided. They return the exit status.
int deploy(const GlobalOptions& globals, const Components& components, const Console& console);
int remove(const GlobalOptions& globals, bool drop_schema, const Console& console);

// The same options with the engines' settings empty: roles and Lambdas, no SQL.
GlobalOptions without_engines(GlobalOptions globals);

}  // namespace geocell::gateway
