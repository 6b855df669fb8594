// geocell: the operator's program. Exit status: 0 done or nothing to do, 1 anything else.
#include <CLI/CLI.hpp>
#include <csignal>
#include <iostream>

#include "gateway/settings/names.hpp"
#include "gateway/system/failure.hpp"
#include "gateway/verbs/commands.hpp"
#include "geocell/version.hpp"

namespace {

using namespace geocell::gateway;  // NOLINT: the program of this library

// RS_HOST is --rs-host, GEOCELL_VIA is --via.
std::string option_of(std::string_view variable) {
  if (variable.starts_with("GEOCELL_")) variable.remove_prefix(std::string_view("GEOCELL_").size());
  std::string name = "--" + lower(variable);
  std::ranges::replace(name, '_', '-');
  return name;
}

void add_settings(CLI::App& app, Options& options) {
  for (const auto& variable : variables()) {
    if (variable.name == "GIT_DIFF") continue;
    const std::string name(variable.name);
    std::string flags = option_of(name);
    if (name == "AWS_REGION") flags += ",--region";
    if (variable.secret) {
      app.add_option_function<std::string>(
             flags,
             [flags, name](const std::string&) {
               throw CLI::ValidationError(flags,
                                          "a secret does not belong on a command line, where everyone on the "
                                          "machine can read it; put it into .env or the environment as " +
                                              name);
             },
             "Refused: give " + name + " in .env or the environment")
          ->group("");
      continue;
    }
    if (name == "RS_SSL" || name == "RS_LAMBDA_OVERRIDE") {
      app.add_flag_function(
             flags + ",!--no-" + flags.substr(2),
             [&options, name](std::int64_t count) { options.overrides[name] = count > 0 ? "1" : "0"; },
             std::string(variable.meaning))
          ->group("Settings (each also in .env and the environment)");
      continue;
    }
    app.add_option_function<std::string>(
           flags, [&options, name](const std::string& value) { options.overrides[name] = value; },
           std::string(variable.meaning))
        ->group("Settings (each also in .env and the environment)");
  }
}

void add_common(CLI::App& app, Options& options) {
  app.add_option("--env-file", options.env_files,
                 "Settings to read; else .env and gateway/.env where they exist");
  app.add_option("--functions-root", options.roots, "The signature files; else those beside this program");
  app.add_option("--include-root", options.include_roots, "More signature files");
  app.add_option("--modules", options.filters.modules, "Only these modules, comma-separated")->delimiter(',');
  app.add_option("--functions", options.filters.functions, "Only these functions, comma-separated")
      ->delimiter(',');
  app.add_flag("--diff", options.filters.diff, "Only what the files in GIT_DIFF touch");
  app.add_option("--package", options.package, "The Lambda's zip");
  app.add_flag("-v,--verbose", options.verbose, "Show every call to AWS and Redshift");
  app.add_flag("-y,--yes,--non-interactive", options.yes, "Do not ask");
  app.add_flag("--dry-run", options.dry_run, "Show what would be sent, send nothing");
  app.add_flag("--json", options.json, "Answer in JSON");
  app.add_flag("--production", options.production, "Production is meant");
  app.add_flag("--adopt", options.adopt, "Take over objects that exist and that geocell did not make");
  static const std::map<std::string, OnFailure> kOnFailure{
      {"ask", OnFailure::ask}, {"keep", OnFailure::keep}, {"undo", OnFailure::undo}};
  app.add_option("--on-failure", options.on_failure,
                 "What becomes of the steps before a failed one: ask, keep, undo")
      ->transform(CLI::CheckedTransformer(kOnFailure));
}

using Command = int (*)(const Options&, const Console&);

class Verbs {
 public:
  explicit Verbs(CLI::App& app) : app_(app) {}
  CLI::App* add(const std::string& name, const std::string& description, Command command) {
    CLI::App* verb = app_.add_subcommand(name, description);
    verb->fallthrough();
    commands_[verb] = command;
    return verb;
  }
  Command chosen() const {
    for (const auto& [verb, command] : commands_) {
      if (verb->parsed() && verb->get_subcommands().empty()) return command;
    }
    return nullptr;
  }
  std::map<CLI::App*, Command>& all() { return commands_; }

 private:
  CLI::App& app_;
  std::map<CLI::App*, Command> commands_;
};

void add_verbs(Verbs& verbs, Options& options) {
  verbs.add("list", "List the functions", list_command)->alias("list-functions");
  auto* show = verbs.add("show", "Show one function: its signature, its Lambda, its SQL", show_command);
  show->add_option("function", options.name)->required();
  verbs.add("validate", "Check the signature files: schema, limits, the core", validate_command);
  auto* sql = verbs.add("sql", "Write an engine's SQL", sql_command);
  sql->add_option("engine", options.engine, "redshift or postgres")
      ->check(CLI::IsMember({"redshift", "postgres"}));
  sql->add_option("--out", options.out, "A folder to write to; else stdout");
  verbs.add("config", "Show every setting and where it comes from", config_command);
  verbs.add("check", "Check what a deployment needs", check_command);

  static const std::map<std::string, Component> kComponents{{"roles", Component::roles},
                                                            {"lambda", Component::lambda},
                                                            {"config", Component::config},
                                                            {"sql", Component::sql}};
  static std::vector<Component> chosen;
  const auto with_components = [&](CLI::App* verb) {
    return verb->add_option("-c,--component", chosen, "Only these: roles, lambda, config, sql")
        ->delimiter(',')
        ->transform(CLI::CheckedTransformer(kComponents))
        ->each([&options](const std::string&) {});
  };
  auto* plan = verbs.add("plan", "Show what deploy would do", plan_command);
  auto* deploy = verbs.add("deploy", "Plan, confirm, apply, verify", deploy_command)->alias("deploy-all");
  for (auto* verb : {plan, deploy}) {
    with_components(verb);
    verb->add_option("--version", options.version,
                     "The release that is meant, by its own program; else this one");
  }
  with_components(verbs.add("update", "Deploy only some components", deploy_command))->required();
  verbs.add("deploy-lambdas", "Deploy roles and Lambdas, no SQL", deploy_command)->callback([&options] {
    options.local_only = true;
  });
  verbs.add("deploy-functions", "Deploy the SQL functions", deploy_command)->callback([&options] {
    options.components = {Component::sql};
  });
  auto* one = verbs.add("deploy-lambda", "Deploy the Lambda of one function", deploy_command);
  one->add_option("function", options.name)->required();
  one->callback([&options] {
    options.filters.functions = {options.name};
    options.local_only = true;
  });
  auto* remove =
      verbs.add("remove", "Remove what geocell made, and nothing else", remove_command)->alias("remove-all");
  remove->add_flag("--drop-schema", options.drop_schema, "Drop the schema too, when nothing else is in it");
  auto* sandbox =
      verbs.add("sandbox", "List or delete sandboxes", sandbox_list_command)->require_subcommand(1);
  auto* list = sandbox->add_subcommand("list", "List the sandboxes")->fallthrough();
  auto* del = sandbox->add_subcommand("delete", "Remove exactly one sandbox")->fallthrough();
  del->add_option("name", options.name)->required();
  del->callback([&options] {
    options.overrides["GEOCELL_SANDBOX"] = options.name;
    options.drop_schema = true;
  });
  verbs.all()[list] = sandbox_list_command;
  verbs.all()[del] = remove_command;
  auto* invoke =
      verbs.add("invoke", "Call a function: in this program, or in AWS with --aws", invoke_command);
  invoke->add_option("--function", options.name, "The function's name");
  invoke->add_option("--args", options.arguments, "Its arguments, each JSON or text");
  invoke->add_option("--payload", options.payload, "A request as Redshift sends it");
  invoke->add_flag("--aws", options.in_aws, "Call the deployed Lambda");
  auto* logs = verbs.add("logs", "Show the Lambda's log", logs_command);
  logs->add_option("--minutes", options.minutes, "How far back")->check(CLI::Range(1, 100000));
  logs->add_option("--function", options.name, "The Lambda that serves this function");
  verbs.add("stats", "Show what Redshift has recorded of our Lambda calls (for superusers)", stats_command);
  verbs.add("template", "Write a CloudFormation template of the same deployment", template_command)
      ->add_option("--out", options.out, "A file; else stdout");
  auto* build = verbs.add("build", "Build the Lambda's package", build_command);
  build->add_option("--out", options.out, "The zip; else dist/geocell-lambda-ARCHITECTURE.zip");
  build->add_option("--image", options.image, "Also a container image, as an OCI layout in this folder");
  build->add_option("--thin", options.thin,
                    "Also the function that stands above the zip as a layer, into this file");
  auto* package = verbs.add("create-package", "Write the distribution zip", create_package_command);
  package->add_option("out", options.out, "A folder or a .zip; else dist/");
  package->add_option("--version", options.version, "Version in its name; else this program's");
  package->add_option("--hook", options.hook,
                      "A program that may change the package: it gets its folder before it is zipped");
  auto* install = verbs.add("install", "Ask, write .env, deploy", install_command);
  install->add_flag("--with-secrets", options.with_password, "Write the secrets into .env, too");
  // The callbacks above run after parsing; components that were given on the command line count then.
  for (auto& [verb, command] : verbs.all()) {
    verb->parse_complete_callback([&options] { options.components.insert(chosen.begin(), chosen.end()); });
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  CLI::App app("Deploys geocell's functions to Amazon Redshift over AWS Lambda.", "geocell");
  app.set_version_flag("--version", geocell::version());
  app.require_subcommand(1);
  Options options;
  options.command_line.assign(argv + 1, argv + argc);
  add_common(app, options);
  add_settings(app, options);
  Verbs verbs(app);
  add_verbs(verbs, options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 1;
  }
  const Console console({options.verbose, options.yes});
  try {
    return verbs.chosen()(options, console);
  } catch (const Cancelled& reason) {
    console.note(reason.what());
    return 0;
  } catch (const std::exception& failure) {
    console.note(std::string("✗ ") + failure.what());
    return 1;
  }
}
