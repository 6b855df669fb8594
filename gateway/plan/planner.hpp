// The parts of a deployment, each of which plans its own objects: its Lambdas with their roles, an engine's
// SQL. A part knows nothing of the others; what comes first is said by stages.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/plan/plan.hpp"

namespace geocell::gateway {

// In the order of making: roles are there before the Lambdas that run by them, Lambdas before the objects
// that call them. Removal goes the other way.
enum class Stage : std::uint8_t { roles, lambdas, objects };

class Planner {
 public:
  Planner() = default;
  Planner(const Planner&) = delete;
  Planner& operator=(const Planner&) = delete;
  virtual ~Planner() = default;

  // Before plan(): tells other parts what this one needs of them (an engine: the environment of its Lambdas,
  // and who may invoke them).
  virtual void prepare() {}

  // Adds the steps of one stage; called once for each. Steps may refer to the planner: it outlives the plan.
  // Throws Failure when it cannot tell what is there.
  virtual void plan(Stage stage, Plan& plan) = 0;
  virtual void plan_removal(Stage stage, Plan& plan) = 0;

  // After the last step, and after a failed one: writes down what has been reached.
  virtual void record() {}
  // After record(): other runs may begin.
  virtual void end_run() {}
  // Another run has begun to change the same objects: this one has to leave everything as it is.
  virtual bool is_taken_over() const { return false; }

  // After a deployment: asks what was made for a known answer, and returns it as a line for the operator;
  // nothing when nothing can be asked. Throws Failure when the answer is wrong.
  virtual std::optional<std::string> verify() { return std::nullopt; }
};

using Planners = std::vector<std::unique_ptr<Planner>>;

Plan plan_deployment(const Planners& planners);
Plan plan_removal(const Planners& planners);

}  // namespace geocell::gateway
