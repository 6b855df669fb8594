// The verbs. Each returns the exit status (0 done or nothing to do, 1 not done) or throws Failure.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "gateway/artifacts/selection.hpp"
#include "gateway/plan/apply.hpp"
#include "gateway/settings/config.hpp"
#include "gateway/system/console.hpp"

namespace geocell::gateway {

// What the command line says, for all verbs.
struct Options {
  std::vector<std::filesystem::path> env_files;
  std::map<std::string, std::string> overrides;  // settings given as options
  std::vector<std::filesystem::path> roots;      // --functions-root, or empty: beside this program
  std::vector<std::filesystem::path> include_roots;
  Filters filters;
  bool verbose = false;
  bool yes = false;
  bool dry_run = false;
  bool json = false;
  bool production = false;
  bool adopt = false;
  bool drop_schema = false;
  bool local_only = false;  // ignore Redshift's settings: deploy-lambdas
  OnFailure on_failure = OnFailure::ask;
  std::set<Component> components;  // empty: all
  std::filesystem::path package;
  std::filesystem::path out;
  std::string name;  // of a function, sandbox, …
  std::string engine = "redshift";
  std::vector<std::string> arguments;
  std::filesystem::path payload;
  bool in_aws = false;
  int minutes = 10;
  std::string version;  // create-package: in its name; plan, deploy: the release that is meant
  std::vector<std::string> command_line;  // as it was given, without this program's name
  std::filesystem::path image;            // build: also an OCI image layout, in this folder
  std::filesystem::path thin;             // build: also the function for the zip as a layer
  std::filesystem::path hook;             // create-package: a program that completes it
  bool with_password = false;
};

std::vector<std::filesystem::path> roots_of(const Options& options);
std::vector<sql::Function> selected_functions(const Options& options, const Config& config);
Config load_config(const Options& options, const Console& console);

int list_command(const Options& options, const Console& console);
int show_command(const Options& options, const Console& console);
int validate_command(const Options& options, const Console& console);
int sql_command(const Options& options, const Console& console);
int config_command(const Options& options, const Console& console);
int check_command(const Options& options, const Console& console);
int plan_command(const Options& options, const Console& console);
int deploy_command(const Options& options, const Console& console);
int remove_command(const Options& options, const Console& console);
int invoke_command(const Options& options, const Console& console);
int logs_command(const Options& options, const Console& console);
int stats_command(const Options& options, const Console& console);
int template_command(const Options& options, const Console& console);
int build_command(const Options& options, const Console& console);
int create_package_command(const Options& options, const Console& console);
int install_command(const Options& options, const Console& console);
int sandbox_list_command(const Options& options, const Console& console);

}  // namespace geocell::gateway
