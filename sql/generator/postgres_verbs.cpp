// postgres: the install scripts. upgrade: from an earlier release's script to this version.
#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>

#include "geocell/version.hpp"
#include "sql/generator/engines/postgres/postgres_sql.hpp"
#include "sql/generator/engines/postgres/upgrade.hpp"
#include "sql/generator/verbs.hpp"

namespace geocell::sql {

namespace {

using namespace postgres;  // NOLINT: the verbs of this engine

int write_postgres(const std::vector<Function>& functions, const std::filesystem::path& out) {
  const std::string version = geocell::version();
  for (const auto& extension : {geocell_extension(functions), geocell_postgis_extension(functions)}) {
    if (!write_file(out / (extension.name + "--" + version + ".sql"), install_script(extension))) {
      return kCannotWrite;
    }
  }
  return kDone;
}

int write_upgrade(const std::vector<Function>& functions, const std::string& snapshot,
                  const std::string& out) {
  std::ifstream stream(snapshot, std::ios::binary);
  const std::string script{std::istreambuf_iterator<char>(stream), {}};
  std::vector<Issue> issues;
  if (!stream) issues.push_back({snapshot, 0, 0, "cannot read"});
  const auto old_functions = parse_install_script(script, snapshot, issues);
  const std::string file_name = std::filesystem::path(snapshot).filename().string();
  const std::string name = file_name.substr(0, file_name.find("--"));
  const Extension extension =
      name == "geocell_postgis" ? geocell_postgis_extension(functions) : geocell_extension(functions);
  if (name != extension.name)
    issues.push_back({snapshot, 0, 0, "should be named <extension>--<version>.sql"});
  if (!issues.empty()) {
    std::cerr << to_text(issues);
    return kWrongInput;
  }
  return write_file(out, upgrade_script(old_functions, extension, geocell::version())) ? kDone : kCannotWrite;
}

}  // namespace

std::vector<Verb> add_postgres_verbs(CLI::App& app) {
  struct Arguments {
    std::string out;
    std::string snapshot;
  };
  const auto given = std::make_shared<Arguments>();
  auto* scripts = app.add_subcommand("postgres", "Write the install scripts of both PostgreSQL extensions");
  scripts->add_option("--out", given->out, "The folder to write to")->required();
  auto* upgrade =
      app.add_subcommand("upgrade", "Write the script from a released install script to this version");
  upgrade->add_option("--from-sql", given->snapshot, "The old install script, <extension>--<version>.sql")
      ->required();
  upgrade->add_option("--out", given->out, "The file to write")->required();
  return {{scripts, [given](const auto& functions) { return write_postgres(functions, given->out); }},
          {upgrade,
           [given](const auto& functions) { return write_upgrade(functions, given->snapshot, given->out); }}};
}

}  // namespace geocell::sql
