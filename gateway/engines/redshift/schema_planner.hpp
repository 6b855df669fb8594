// The functions in Redshift's schema, against the schema as it is.
#pragma once

#include <memory>
#include <string>

#include "gateway/engines/redshift/database.hpp"
#include "gateway/engines/redshift/registry.hpp"
#include "gateway/lambdas/deployment.hpp"
#include "gateway/plan/plan.hpp"

namespace geocell::gateway {

// One run's hold on the schema. Steps refer to it.
struct SchemaRun {
  Context& context;
  const Deployment& deployment;
  std::unique_ptr<Database> database;  // none: Redshift is not configured
  std::shared_ptr<Registry> registry;  // from planning on

  // Shown only, in a dry run.
  void execute(const std::string& statement) const;
};

// Throw Failure: also when a function exists that geocell did not make, and when another run is at work.
void plan_schema(SchemaRun& run, Plan& plan);
void plan_schema_removal(SchemaRun& run, bool drop_schema, Plan& plan);

}  // namespace geocell::gateway
