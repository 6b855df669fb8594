// The options that every verb knows, in groups, and what verbs make of them.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "gateway/artifacts/selection.hpp"
#include "gateway/plan/apply.hpp"
#include "gateway/settings/config.hpp"
#include "gateway/system/console.hpp"
#include "gateway/verbs/option_set.hpp"

namespace geocell::gateway {

// Where settings come from, besides the environment.
struct SettingsOptions {
  std::vector<std::filesystem::path> env_files;
  std::map<std::string, std::string> overrides;  // settings given as options, by their variable's name
};

// What is deployed.
struct SourceOptions {
  std::vector<std::filesystem::path> roots;  // --functions-root, or empty: beside this program
  std::vector<std::filesystem::path> include_roots;
  Filters filters;
  std::filesystem::path package;

  bool is_filtered() const { return filters.diff || !filters.modules.empty() || !filters.functions.empty(); }
};

// How changes are made.
struct ChangeOptions {
  bool dry_run = false;
  bool production = false;
  bool adopt = false;
  OnFailure on_failure = OnFailure::ask;
};

struct GlobalOptions {
  SettingsOptions settings;
  SourceOptions source;
  ConsoleOptions console;
  ChangeOptions change;
  bool json = false;
  std::vector<std::string> command_line;  // as it was given, without this program's name
};

// `options` has to live until the command line has been parsed.
void declare_global_options(OptionSet& set, GlobalOptions& options);

// Throws Failure; warns of what the settings deserve.
Config load_config(const SettingsOptions& options, const Console& console);
// The folders of signature files.
std::vector<std::filesystem::path> roots_of(const SourceOptions& options);
// The functions that the filters leave. Throws Failure.
std::vector<sql::Function> selected_functions(const SourceOptions& options, const Config& config);
// Name of the Lambda that serves a function; of the first Lambda where no function is named. Throws Failure.
std::string lambda_serving(const std::string& function, const SourceOptions& options, const Config& config);

}  // namespace geocell::gateway
