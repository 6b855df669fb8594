// What deploy would do: the wanted deployment against what is really there. "Cannot tell" is an exception,
// never "no changes".
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "gateway/aws/aws.hpp"

namespace geocell::gateway {

enum class Component : std::uint8_t { roles, lambda, config, sql };
enum class Action : std::uint8_t { create, change, remove };

struct Step {
  Action action;
  Component component;
  std::string object;  // "function carto.quadbin_bbox(bigint)"
  std::string detail;  // what and why; may be empty
  std::function<void()> apply;
  std::function<void()> undo;  // brings back what was; empty when that cannot be done from here
};

struct Plan {
  std::vector<Step> steps;
  std::size_t kept = 0;            // objects that are as they should be
  std::vector<std::string> notes;  // what the operator has to know or do

  void keep() { ++kept; }
  bool empty() const { return steps.empty(); }
};

std::string to_text(const Plan& plan);
nlohmann::json to_json(const Plan& plan);
std::string_view to_text(Action action);
std::string_view to_text(Component component);

// What planning and applying need. Lives until the plan has been applied.
struct Context {
  const Config& config;
  const Console& console;
  Aws& aws;
  bool adopt = false;  // take over objects that exist and that geocell did not make
  std::set<Component> components{Component::roles, Component::lambda, Component::config, Component::sql};

  bool wants(Component component) const { return components.contains(component); }
};

}  // namespace geocell::gateway
