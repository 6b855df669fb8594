// plan, deploy, update, remove, sandbox.
#include <nlohmann/json.hpp>
#include <optional>

#include "gateway/artifacts/release.hpp"
#include "gateway/settings/names.hpp"
#include "gateway/verbs/commands.hpp"
#include "geocell/version.hpp"

namespace geocell::gateway {
namespace {

using nlohmann::json;

// What one run of a verb holds: the configuration, the way to AWS and to Redshift, the wanted deployment.
struct Session {
  Config config;
  Aws aws;
  std::unique_ptr<Database> database;
  Deployment deployment;
  Context context;

  Session(const Options& options, const Console& console, bool dry_run)
      : config(load_config(options, console)),
        aws(config, console, dry_run),
        deployment(make_deployment(config, selected_functions(options, config), is_partial(options),
                                   options.package)),
        context{config, console, aws, nullptr, options.adopt, {}, nullptr, nullptr} {
    if (!options.components.empty()) {
      context.components = options.components;
    } else {
      context.components = {Component::roles, Component::lambda, Component::config, Component::sql};
    }
    const auto& identity = aws.identity();
    console.note("AWS " + identity.arn + ", account " + identity.account + ", region " +
                 config.get("AWS_REGION"));
    console.note("schema " + config.schema() + " (" + config.schema_origin() + "), Lambda prefix " +
                 config.prefix());
    connect_to_redshift(console);
  }

 private:
  static bool is_partial(const Options& options) {
    return options.filters.diff || !options.filters.modules.empty() || !options.filters.functions.empty();
  }

  void connect_to_redshift(const Console& console) {
    const auto missing = missing_redshift_settings(config);
    if (missing.empty()) {
      database = connect(config, aws, console);
      context.database = database.get();
      return;
    }
    std::string names;
    for (const auto& name : missing) names += (names.empty() ? "" : ", ") + name;
    if (context.components == std::set{Component::sql})
      throw Failure("Missing required settings for Redshift: " + names);
    console.warn("Redshift is not configured (" + names + "): Lambdas only");
  }
};

// A deployment without a sandbox is production: taking it away needs more than a habit.
void confirm_removal(const Session& session, const Options& options, const Console& console) {
  if (!session.config.sandbox().empty()) {
    if (!console.confirm("Remove sandbox " + session.config.sandbox() + "?", false, "--yes")) {
      throw Cancelled("Nothing was removed.");
    }
    return;
  }
  if (options.yes) {
    if (!options.production) {
      throw Failure("This removes production (schema " + session.config.schema() + ", Lambda prefix " +
                    session.config.prefix() + "); with --yes give --production too, or --sandbox NAME");
    }
    return;
  }
  if (!console.can_ask()) {
    throw Failure("Nobody is there to confirm the removal of production; give --yes --production");
  }
  if (console.ask("This removes production. Type the schema's name to go on", "") !=
      session.config.schema()) {
    throw Cancelled("Nothing was removed.");
  }
}

// --version of another release: its program does what this one was asked for.
std::optional<int> by_release(const Options& options, const Console& console) {
  if (options.version.empty() || options.version == geocell::version()) return std::nullopt;
  if (!options.package.empty() || !options.roots.empty() || !options.include_roots.empty()) {
    throw Failure(
        "--version means the release's own signatures and package; leave out --package, --functions-root, "
        "--include-root");
  }
  std::vector<std::string> arguments;
  for (auto word = options.command_line.begin(); word != options.command_line.end(); ++word) {
    if (*word == "--version" || *word == "--releases") {
      ++word;  // its value
    } else if (!word->starts_with("--version=") && !word->starts_with("--releases=")) {
      arguments.push_back(*word);
    }
  }
  return run_release(options.version, arguments, load_config(options, console), console);
}

int carry_out(Session& session, Plan& plan, const Options& options, const Console& console) {
  if (!apply(session.context, plan, options.on_failure)) return 1;
  console.say("✓ Successful: " + std::to_string(plan.steps.size()) + "/" + std::to_string(plan.steps.size()));
  return 0;
}

}  // namespace

int plan_command(const Options& options, const Console& console) {
  if (const auto status = by_release(options, console)) return *status;
  Session session(options, console, /*dry_run*/ true);
  const Plan plan = plan_deployment(session.context, session.deployment);
  console.say(options.json ? to_json(plan).dump(2) : to_text(plan));
  return 0;
}

int deploy_command(const Options& options, const Console& console) {
  if (options.production && options.overrides.contains("GEOCELL_SANDBOX")) {
    throw Failure("--production and --sandbox exclude each other");
  }
  if (const auto status = by_release(options, console)) return *status;
  Session session(options, console, options.dry_run);
  Plan plan = plan_deployment(session.context, session.deployment);
  console.say(to_text(plan));
  if (plan.empty()) return 0;
  if (!options.dry_run && !console.confirm("Deploy?", true, "--yes"))
    throw Cancelled("Nothing was deployed.");
  if (const int status = carry_out(session, plan, options, console); status != 0) return status;
  if (options.dry_run) {
    console.say("dry run: nothing was sent");
    return 0;
  }
  if (session.database != nullptr && session.context.wants(Component::sql)) {
    if (const auto verified = verify(session.context, session.deployment)) console.say("✓ " + *verified);
  }
  return 0;
}

int remove_command(const Options& options, const Console& console) {
  if (options.production && options.overrides.contains("GEOCELL_SANDBOX")) {
    throw Failure("--production and --sandbox exclude each other");
  }
  if (options.filters.diff || !options.filters.modules.empty() || !options.filters.functions.empty()) {
    throw Failure(
        "remove takes everything that geocell made, and no filters; to leave out single functions take their "
        "files away and deploy");
  }
  Session session(options, console, options.dry_run);
  Plan plan = plan_removal(session.context, session.deployment, options.drop_schema);
  console.say(to_text(plan));
  if (plan.empty()) return 0;
  if (!options.dry_run) confirm_removal(session, options, console);
  return carry_out(session, plan, options, console);
}

int sandbox_list_command(const Options& options, const Console& console) {
  const Config config = load_config(options, console);
  Aws aws(config, console, true);
  std::set<std::string> bases;
  for (const auto& function : load_functions(roots_of(options))) bases.insert(function.config.lambda_name);
  json found = json::array();
  json input = json::object();
  for (;;) {
    const json page = aws.read("lambda", "list-functions", input);
    for (const json& function : page.at("Functions")) {
      const std::string name = function.at("FunctionName");
      // Only names that a sandbox of this prefix can have are asked for their tags.
      bool candidate = false;
      for (const auto& base : bases) candidate = candidate || name.ends_with("-" + config.prefix() + base);
      if (!candidate) continue;
      const json tags = aws.read("lambda", "list-tags", {{"Resource", function.at("FunctionArn")}})
                            .value("Tags", json::object());
      if (!tags.contains(kSandboxTag)) continue;
      found.push_back({{"sandbox", tags.at(kSandboxTag)},
                       {"lambda", name},
                       {"schema", tags.at(kSandboxTag).get<std::string>() + "_" + config.schema()},
                       {"modified", function.value("LastModified", "")}});
    }
    if (!page.contains("NextMarker") || page["NextMarker"].is_null()) break;
    input["Marker"] = page["NextMarker"];
  }
  if (options.json) {
    console.say(found.dump(2));
    return 0;
  }
  if (found.empty()) console.say("no sandboxes");
  for (const json& sandbox : found) {
    console.say(sandbox["sandbox"].get<std::string>() + "  schema " + sandbox["schema"].get<std::string>() +
                ", Lambda " + sandbox["lambda"].get<std::string>() + ", " +
                sandbox["modified"].get<std::string>());
  }
  return 0;
}

}  // namespace geocell::gateway
