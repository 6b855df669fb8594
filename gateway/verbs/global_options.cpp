#include "gateway/verbs/global_options.hpp"

#include <algorithm>
#include <optional>

#include "gateway/settings/names.hpp"
#include "gateway/system/failure.hpp"
#include "geocell/text.hpp"

namespace geocell::gateway {
namespace {

constexpr const char* kSettingsGroup = "Settings (each also in .env and the environment)";

// RS_HOST is --rs-host, GEOCELL_VIA is --via.
std::string option_of(std::string_view variable) {
  if (variable.starts_with("GEOCELL_")) variable.remove_prefix(std::string_view("GEOCELL_").size());
  std::string name = "--" + lower_case(variable);
  std::ranges::replace(name, '_', '-');
  return name;
}

void declare_settings(OptionSet& set, SettingsOptions& options) {
  set.paths("--env-file", options.env_files, "Settings to read; else .env and gateway/.env where they exist");
  for (const auto& variable : variables()) {
    if (variable.name == "GIT_DIFF") continue;
    const std::string name(variable.name);
    const std::string help(variable.meaning);
    std::string flags = option_of(name);
    if (name == "AWS_REGION") flags += ",--region";
    if (variable.secret) {
      set.refused(flags,
                  "a secret does not belong on a command line, where everyone on the machine can read it; "
                  "put it into .env or the environment as " +
                      name);
    } else if (name == "RS_SSL" || name == "RS_LAMBDA_OVERRIDE") {
      set.switch_in(kSettingsGroup, flags, help,
                    [&options, name](bool on) { options.overrides[name] = on ? "1" : "0"; });
    } else {
      set.text_in(kSettingsGroup, flags, help,
                  [&options, name](const std::string& value) { options.overrides[name] = value; });
    }
  }
}

void declare_source(OptionSet& set, SourceOptions& options) {
  set.paths("--functions-root", options.roots, "The signature files; else those beside this program");
  set.paths("--include-root", options.include_roots, "More signature files");
  set.list("--modules", options.filters.modules, "Only these modules, comma-separated");
  set.list("--functions", options.filters.functions, "Only these functions, comma-separated");
  set.flag("--diff", options.filters.diff, "Only what the files in GIT_DIFF touch");
  set.path("--package", options.package, "The Lambda's zip");
}

void declare_console(OptionSet& set, ConsoleOptions& options) {
  set.flag("-v,--verbose", options.verbose, "Show every call to AWS and Redshift");
  set.flag("-y,--yes,--non-interactive", options.yes, "Do not ask");
}

void declare_change(OptionSet& set, ChangeOptions& options) {
  set.flag("--production", options.production, "Production is meant");
  set.flag("--adopt", options.adopt, "Take over objects that exist and that geocell did not make");
  set.choice("--on-failure", {"ask", "keep", "undo"},
             "What becomes of the steps before a failed one: ask, keep, undo",
             [&options](const std::string& word) {
               options.on_failure = word == "keep"   ? OnFailure::keep
                                    : word == "undo" ? OnFailure::undo
                                                     : OnFailure::ask;
             });
}

}  // namespace

void declare_global_options(OptionSet& set, GlobalOptions& options) {
  declare_settings(set, options.settings);
  declare_source(set, options.source);
  declare_console(set, options.console);
  set.flag("--dry-run", options.change.dry_run, "Show what would be sent, send nothing");
  set.flag("--json", options.json, "Answer in JSON");
  declare_change(set, options.change);
}

Config load_config(const SettingsOptions& options, const Console& console) {
  Config config = Config::load(options.env_files, options.overrides);
  for (const auto& warning : config.warnings()) console.warn(config.redact(warning));
  return config;
}

std::vector<std::filesystem::path> roots_of(const SourceOptions& options) {
  std::vector<std::filesystem::path> roots = options.roots;
  if (roots.empty()) roots.push_back(find_catalogue());
  roots.insert(roots.end(), options.include_roots.begin(), options.include_roots.end());
  return roots;
}

std::vector<sql::Function> selected_functions(const SourceOptions& options, const Config& config) {
  std::optional<std::string> changed;
  if (config.setting("GIT_DIFF").origin != "default") changed = config.get("GIT_DIFF");
  return select(load_functions(roots_of(options)), options.filters, changed);
}

std::string lambda_serving(const std::string& function, const SourceOptions& options, const Config& config) {
  for (const auto& candidate : load_functions(roots_of(options))) {
    if (function.empty() || candidate.name == lower_case(function)) {
      return lambda_name(config.prefix(), candidate.config.lambda_name);
    }
  }
  throw Failure("No function '" + function + "'; `geocell list` names them all");
}

}  // namespace geocell::gateway
