#include "gateway/plan/planner.hpp"

#include <array>
#include <ranges>

namespace geocell::gateway {
namespace {

constexpr std::array kStages = {Stage::roles, Stage::lambdas, Stage::objects};

}  // namespace

Plan plan_deployment(const Planners& planners) {
  for (const auto& planner : planners) planner->prepare();
  Plan plan;
  for (const Stage stage : kStages) {
    for (const auto& planner : planners) planner->plan(stage, plan);
  }
  return plan;
}

Plan plan_removal(const Planners& planners) {
  Plan plan;
  for (const Stage stage : kStages | std::views::reverse) {
    for (const auto& planner : planners | std::views::reverse) planner->plan_removal(stage, plan);
  }
  return plan;
}

}  // namespace geocell::gateway
