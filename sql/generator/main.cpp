// geocell-sql: from the signature files to each engine's SQL, the reference and the example tests.
// Exit status: 0 done; 1 the catalogue or a snapshot is wrong (all issues on stderr); 2 wrong usage; 3 cannot
// write.
#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>

#include "geocell/functions.hpp"
#include "geocell/version.hpp"
#include "sql/generator/catalogue/catalogue.hpp"
#include "sql/generator/catalogue/drift.hpp"
#include "sql/generator/docs/examples.hpp"
#include "sql/generator/docs/markdown.hpp"
#include "sql/generator/engines/postgres/postgres_sql.hpp"
#include "sql/generator/engines/postgres/upgrade.hpp"
#include "sql/generator/engines/redshift/redshift_plain.hpp"
#include "sql/generator/engines/redshift/redshift_sql.hpp"

namespace {

using namespace geocell::sql;  // NOLINT: the program of this library

enum ExitStatus : int { kDone = 0, kWrongInput = 1, kWrongUsage = 2, kCannotWrite = 3 };

bool write_file(const std::filesystem::path& path, const std::string& text) {
  std::error_code ignored;
  if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path(), ignored);
  std::ofstream stream(path, std::ios::binary | std::ios::trunc);
  stream << text;
  stream.close();
  if (!stream) std::cerr << path.string() << ": cannot write\n";
  return static_cast<bool>(stream);
}

// The catalogue, held against the core; nothing, and all issues on stderr, when something is wrong.
std::optional<std::vector<Function>> load(const std::string& directory) {
  Catalogue catalogue = load_catalogue(directory);
  if (catalogue.issues.empty()) catalogue.issues = find_drift(catalogue.functions, geocell::functions());
  if (catalogue.issues.empty()) catalogue.issues = redshift::check_plain_sql(catalogue.functions);
  if (catalogue.issues.empty()) return std::move(catalogue.functions);
  std::cerr << to_text(catalogue.issues);
  return std::nullopt;
}

int write_postgres(const std::vector<Function>& functions, const std::filesystem::path& out) {
  const std::string version = geocell::version();
  for (const auto& extension :
       {postgres::geocell_extension(functions), postgres::geocell_postgis_extension(functions)}) {
    if (!write_file(out / (extension.name + "--" + version + ".sql"), postgres::install_script(extension))) {
      return kCannotWrite;
    }
  }
  return kDone;
}

int write_docs(const std::vector<Function>& functions, const std::filesystem::path& out) {
  for (const auto& [name, text] : markdown_reference(functions)) {
    if (!write_file(out / name, text)) return kCannotWrite;
  }
  return kDone;
}

int write_upgrade(const std::vector<Function>& functions, const std::string& snapshot,
                  const std::string& out) {
  std::ifstream stream(snapshot, std::ios::binary);
  const std::string script{std::istreambuf_iterator<char>(stream), {}};
  std::vector<Issue> issues;
  if (!stream) issues.push_back({snapshot, 0, 0, "cannot read"});
  const auto old_functions = postgres::parse_install_script(script, snapshot, issues);
  const std::string file_name = std::filesystem::path(snapshot).filename().string();
  const std::string name = file_name.substr(0, file_name.find("--"));
  const postgres::Extension extension = name == "geocell_postgis"
                                            ? postgres::geocell_postgis_extension(functions)
                                            : postgres::geocell_extension(functions);
  if (name != extension.name)
    issues.push_back({snapshot, 0, 0, "should be named <extension>--<version>.sql"});
  if (!issues.empty()) {
    std::cerr << to_text(issues);
    return kWrongInput;
  }
  return write_file(out, postgres::upgrade_script(old_functions, extension, geocell::version()))
             ? kDone
             : kCannotWrite;
}

// What `geocell-sql redshift` is asked on the command line.
struct RedshiftCommand {
  redshift::Options options;
  std::string lambda = "geocell";
  std::vector<std::string> grants;
  bool no_replace = false;
  bool drop = false;
  bool json = false;

  CLI::App* add_to(CLI::App& app) {
    using redshift::InvalidInput;
    using redshift::PolyfillMode;
    auto* command = app.add_subcommand("redshift", "Write the SQL for Amazon Redshift to stdout");
    command->add_option("--schema", options.schema, "The schema of the functions")->capture_default_str();
    command->add_option("--lambda", lambda, "The Lambda's name or ARN")->capture_default_str();
    command
        ->add_option("--iam-role", options.iam_role,
                     "The role with which Redshift calls it: default, or ARNs")
        ->capture_default_str();
    const std::map<std::string, PolyfillMode> modes{{"center", PolyfillMode::center},
                                                    {"intersects", PolyfillMode::intersects}};
    command->add_option("--polyfill-default", options.polyfill_default, "The mode where a call leaves it out")
        ->transform(CLI::CheckedTransformer(modes));
    const std::map<std::string, InvalidInput> inputs{{"lambda", InvalidInput::lambda},
                                                     {"null", InvalidInput::null}};
    command
        ->add_option("--invalid-input", options.invalid_input,
                     "What plain SQL functions do with it: lambda raises an error, null gives NULL")
        ->transform(CLI::CheckedTransformer(inputs));
    command->add_option("--retry-timeout", options.retry_timeout_ms, "RETRY_TIMEOUT in milliseconds");
    command->add_option("--grant", grants, "public, NAME, group:NAME or role:NAME; nobody else may call");
    command->add_option("--modules", options.modules, "Only these modules")->delimiter(',');
    command->add_option("--only", options.functions, "Only these functions, and what they need")
        ->delimiter(',');
    command->add_flag("--create-schema", options.create_schema, "Create the schema where there is none");
    command->add_flag("--no-replace", no_replace, "CREATE EXTERNAL FUNCTION without OR REPLACE");
    command->add_flag("--drop", drop, "Drop the functions instead");
    command->add_flag("--json", json,
                      "One JSON object a line for each statement: kind, function, signature, text");
    return command;
  }
};

int write_redshift(const std::vector<Function>& functions, RedshiftCommand command) {
  redshift::Options& options = command.options;
  options.replace_external = !command.no_replace;
  options.lambda = [&](std::string_view) { return command.lambda; };
  std::vector<std::string> issues;
  for (const std::string& text : command.grants) {
    if (const auto grantee = redshift::parse_grantee(text)) {
      options.grants.push_back(*grantee);
    } else {
      issues.push_back("Invalid grantee \"" + text + "\"; should be public, NAME, group:NAME or role:NAME");
    }
  }
  for (std::string& issue : redshift::check_options(functions, options)) issues.push_back(std::move(issue));
  for (const std::string& issue : issues) std::cerr << issue << '\n';
  if (!issues.empty()) return kWrongUsage;
  const auto statements = command.drop ? redshift::drop_statements(functions, options)
                                       : redshift::create_statements(functions, options);
  std::cout << (command.json ? redshift::json_lines(statements) : redshift::script(statements));
  return std::cout.flush() ? kDone : kCannotWrite;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Reads geocell's signature files and writes each engine's SQL.", "geocell-sql");
  app.require_subcommand(1);
  std::string directory;
  app.add_option("--functions", directory, "The folder sql/functions")->required();
  std::string out;
  std::string snapshot;
  const auto* validate = app.add_subcommand("validate", "Check all signature files");
  auto* scripts = app.add_subcommand("postgres", "Write the install scripts of both PostgreSQL extensions");
  scripts->add_option("--out", out, "The folder to write to")->required();
  auto* docs = app.add_subcommand("docs", "Write the function reference in Markdown");
  docs->add_option("--out", out, "The folder to write to")->required();
  auto* examples = app.add_subcommand("examples", "Write the examples as a test script for psql");
  examples->add_option("--out", out, "The file to write")->required();
  auto* upgrade =
      app.add_subcommand("upgrade", "Write the script from a released install script to this version");
  upgrade->add_option("--from-sql", snapshot, "The old install script, <extension>--<version>.sql")
      ->required();
  upgrade->add_option("--out", out, "The file to write")->required();
  RedshiftCommand redshift_command;
  const auto* redshift = redshift_command.add_to(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kDone : kWrongUsage;
  }
  const auto functions = load(directory);
  if (!functions) return kWrongInput;
  if (validate->parsed()) std::cout << functions->size() << " functions, no issue\n";
  if (scripts->parsed()) return write_postgres(*functions, out);
  if (redshift->parsed()) return write_redshift(*functions, redshift_command);
  if (docs->parsed()) return write_docs(*functions, out);
  if (examples->parsed()) return write_file(out, examples_script(*functions)) ? kDone : kCannotWrite;
  if (upgrade->parsed()) return write_upgrade(*functions, snapshot, out);
  return kDone;
}
