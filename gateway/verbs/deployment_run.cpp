#include "gateway/verbs/deployment_run.hpp"

#include <algorithm>
#include <array>

#include "gateway/lambdas/lambda_planner.hpp"
#include "gateway/system/failure.hpp"
#include "gateway/verbs/engine_table.hpp"

namespace geocell::gateway {
namespace {

constexpr std::array kComponents = {Component::roles, Component::lambda, Component::config, Component::sql};

// An engine that cannot be reached for want of settings: its Lambdas are deployed all the same.
void note_missing(const Engine& engine, const Config& config, const Context& context) {
  const auto missing = engine.missing_settings(config);
  if (missing.empty()) return;
  std::string names;
  for (const auto& name : missing) names += (names.empty() ? "" : ", ") + name;
  const std::string title(engine.name);
  if (context.components == std::set{Component::sql})
    throw Failure("Missing required settings for " + title + ": " + names);
  context.console.warn(title + " is not configured (" + names + "): Lambdas only");
}

// A deployment without a sandbox is production: removing it takes more than a habitual "yes".
void confirm_removal(const Config& config, const GlobalOptions& globals, const Console& console) {
  if (!config.sandbox().empty()) {
    if (!console.confirm("Remove sandbox " + config.sandbox() + "?", false, "--yes")) {
      throw Cancelled("Nothing was removed.");
    }
    return;
  }
  if (globals.console.yes) {
    if (!globals.change.production) {
      throw Failure("This removes production (schema " + config.schema() + ", Lambda prefix " +
                    config.prefix() + "); with --yes give --production too, or --sandbox NAME");
    }
    return;
  }
  if (!console.can_ask()) {
    throw Failure("Nobody is there to confirm the removal of production; give --yes --production");
  }
  if (console.ask("This removes production. Type the schema's name to go on", "") != config.schema()) {
    throw Cancelled("Nothing was removed.");
  }
}

int carry_out(DeploymentRun& run, Plan& plan, const GlobalOptions& globals, const Console& console) {
  if (!apply(run.context(), run.planners(), plan, globals.change.on_failure)) return 1;
  console.say("✓ Successful: " + std::to_string(plan.steps.size()) + "/" + std::to_string(plan.steps.size()));
  return 0;
}

}  // namespace

DeploymentRun::DeploymentRun(const GlobalOptions& globals, const Components& components, bool dry_run,
                             bool drop_schema, const Console& console)
    : config_(load_config(globals.settings, console)),
      aws_(config_, console, dry_run),
      deployment_(make_deployment(config_, selected_functions(globals.source, config_),
                                  globals.source.is_filtered(), globals.source.package)),
      context_{config_, console, aws_, globals.change.adopt, {kComponents.begin(), kComponents.end()}} {
  if (!components.empty()) context_.components = components;
  const auto& identity = aws_.identity();
  console.note("AWS " + identity.arn + ", account " + identity.account + ", region " +
               config_.get("AWS_REGION"));
  console.note("schema " + config_.schema() + " (" + config_.schema_origin() + "), Lambda prefix " +
               config_.prefix());
  planners_.push_back(std::make_unique<LambdaPlanner>(context_, deployment_));
  for (const Engine* engine : engines()) {
    note_missing(*engine, config_, context_);
    planners_.push_back(engine->planner({context_, deployment_, drop_schema}));
  }
}

void declare_components(OptionSet& set, Components& components, bool is_required) {
  std::vector<std::string> words;
  for (const Component component : kComponents) words.emplace_back(to_text(component));
  set.choices("-c,--component", words, "Only these: roles, lambda, config, sql", is_required,
              [&components](const std::string& word) {
                for (const Component component : kComponents) {
                  if (to_text(component) == word) components.insert(component);
                }
              });
}

void refuse_contradiction(const GlobalOptions& globals) {
  if (globals.change.production && globals.settings.overrides.contains("GEOCELL_SANDBOX")) {
    throw Failure("--production and --sandbox exclude each other");
  }
}

int deploy(const GlobalOptions& globals, const Components& components, const Console& console) {
  refuse_contradiction(globals);
  const bool dry_run = globals.change.dry_run;
  DeploymentRun run(globals, components, dry_run, /*drop_schema*/ false, console);
  Plan plan = plan_deployment(run.planners());
  console.say(to_text(plan));
  if (plan.empty()) return 0;
  if (!dry_run && !console.confirm("Deploy?", true, "--yes")) throw Cancelled("Nothing was deployed.");
  if (const int status = carry_out(run, plan, globals, console); status != 0) return status;
  if (dry_run) {
    console.say("dry run: nothing was sent");
    return 0;
  }
  for (const auto& planner : run.planners()) {
    if (const auto verified = planner->verify()) console.say("✓ " + *verified);
  }
  return 0;
}

int remove(const GlobalOptions& globals, bool drop_schema, const Console& console) {
  refuse_contradiction(globals);
  if (globals.source.is_filtered()) {
    throw Failure(
        "remove takes everything that geocell made, and no filters; to leave out single functions take their "
        "files away and deploy");
  }
  DeploymentRun run(globals, {}, globals.change.dry_run, drop_schema, console);
  Plan plan = plan_removal(run.planners());
  console.say(to_text(plan));
  if (plan.empty()) return 0;
  if (!globals.change.dry_run) confirm_removal(run.config(), globals, console);
  return carry_out(run, plan, globals, console);
}

GlobalOptions without_engines(GlobalOptions globals) {
  for (const Engine* engine : engines()) {
    for (const auto& setting : engine->settings) globals.settings.overrides[std::string(setting)] = "";
  }
  return globals;
}

}  // namespace geocell::gateway
