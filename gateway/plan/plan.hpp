// What deploy would do: the wanted deployment against what is really there. "Cannot tell" is an exception,
// never "no changes".
#pragma once

#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "gateway/aws/aws.hpp"
#include "gateway/engines/redshift/database.hpp"
#include "gateway/plan/deployment.hpp"

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

class Registry;
class LambdaCode;

// What planning and applying need. Lives until the plan has been applied.
struct Context {
  const Config& config;
  const Console& console;
  Aws& aws;
  Database* database;  // none: SQL is not part of this
  bool adopt = false;  // take over objects that exist and that geocell did not make
  std::set<Component> components{Component::roles, Component::lambda, Component::config, Component::sql};
  std::shared_ptr<Registry> registry;
  std::shared_ptr<LambdaCode> code;

  bool wants(Component component) const { return components.contains(component); }
  void execute(const std::string& statement) const;  // shown only, in a dry run
};

Plan plan_deployment(Context& context, const Deployment& deployment);
Plan plan_removal(Context& context, const Deployment& deployment, bool drop_schema);

// After the last step, and after a failed one: writes what has been reached into the registry.
void record(Context& context);
// After record(): other runs may begin.
void end_run(Context& context);
// Another run has begun to change the same schema: this one has to leave everything as it is.
bool is_taken_over(const Context& context);

// The parts of plan_deployment and plan_removal.
void plan_roles(Context& context, const Deployment& deployment, Plan& plan);
void plan_lambdas(Context& context, const Deployment& deployment, Plan& plan);
void plan_schema(Context& context, const Deployment& deployment, Plan& plan);
void plan_role_removal(Context& context, const Deployment& deployment, Plan& plan);
void plan_lambda_removal(Context& context, const Deployment& deployment, Plan& plan);
void plan_schema_removal(Context& context, const Deployment& deployment, bool drop_schema, Plan& plan);

// IAM_ROLE's value, and the role that calls Lambda in the end.
std::string invoke_role_for_sql(Aws& aws, const Deployment& deployment);
std::string calling_role(Aws& aws, const Deployment& deployment);  // "" when it is 'default'
std::string execution_role_arn(Aws& aws, const Deployment& deployment);
std::string log_group(const std::string& lambda);

}  // namespace geocell::gateway
