// An SQL engine that the gateway deploys functions to: a row of a table (gateway/verbs/engine_table.cpp) and
// a folder beside this file.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/lambdas/deployment.hpp"
#include "gateway/plan/planner.hpp"

namespace geocell::gateway {

struct EngineRun {
  Context& context;
  Deployment& deployment;    // the planner may add to its Lambdas what the engine needs of them
  bool drop_schema = false;  // removal: the schema too, when nothing else is in it
};

struct Engine {
  std::string_view name;  // as people write it
  // Without these no deployment reaches the engine: `deploy-lambdas` empties them.
  std::span<const std::string_view> settings;
  // Which settings are missing; empty when the engine can be reached.
  std::vector<std::string> (*missing_settings)(const Config& config);
  // Connects, when no setting is missing. Throws Failure when the engine cannot be reached. The planner
  // plans, removes and verifies; what `run` refers to has to outlive it.
  std::unique_ptr<Planner> (*planner)(const EngineRun& run);
};

}  // namespace geocell::gateway
