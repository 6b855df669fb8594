#include "gateway/plan/plan.hpp"

#include <array>

namespace geocell::gateway {

std::string_view to_text(Action action) {
  constexpr std::array<std::string_view, 3> kNames = {"create", "change", "remove"};
  return kNames.at(static_cast<std::size_t>(action));
}

std::string_view to_text(Component component) {
  constexpr std::array<std::string_view, 4> kNames = {"roles", "lambda", "config", "sql"};
  return kNames.at(static_cast<std::size_t>(component));
}

std::string to_text(const Plan& plan) {
  std::string text;
  std::array<std::size_t, 3> counts{};
  constexpr std::string_view kMarks = "+~-";
  for (const auto& step : plan.steps) {
    const auto action = static_cast<std::size_t>(step.action);
    ++counts.at(action);
    text += std::string("  ") + kMarks[action] + " " + step.object;
    if (!step.detail.empty()) text += ": " + step.detail;
    text += "\n";
  }
  for (const auto& note : plan.notes) text += "  ! " + note + "\n";
  if (plan.empty())
    return text + "no changes (" + std::to_string(plan.kept) + " objects are as they should be)";
  return text + "to create " + std::to_string(counts[0]) + ", to change " + std::to_string(counts[1]) +
         ", to remove " + std::to_string(counts[2]) + "; as they should be " + std::to_string(plan.kept);
}

nlohmann::json to_json(const Plan& plan) {
  nlohmann::json steps = nlohmann::json::array();
  for (const auto& step : plan.steps) {
    steps.push_back({{"action", to_text(step.action)},
                     {"component", to_text(step.component)},
                     {"object", step.object},
                     {"detail", step.detail}});
  }
  return {{"changes", steps}, {"kept", plan.kept}, {"notes", plan.notes}};
}

}  // namespace geocell::gateway
