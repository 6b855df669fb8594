// redshift: the SQL that creates or drops the functions.
#include <CLI/CLI.hpp>
#include <iostream>
#include <map>
#include <memory>

#include "sql/generator/engines/redshift/redshift_sql.hpp"
#include "sql/generator/verbs.hpp"

namespace geocell::sql {

namespace {

using namespace redshift;  // NOLINT: the verbs of this engine

// What `geocell-sql redshift` is asked on the command line.
struct RedshiftCommand {
  Options options;
  std::string lambda = "geocell";
  std::vector<std::string> grants;
  bool no_replace = false;
  bool drop = false;
  bool json = false;

  CLI::App* add_to(CLI::App& app) {
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
                     "What plain SQL functions do with it: lambda raises an error, null returns NULL")
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
  Options& options = command.options;
  options.replace_external = !command.no_replace;
  options.lambda = [&](std::string_view) { return command.lambda; };
  std::vector<std::string> issues;
  for (const std::string& text : command.grants) {
    if (const auto grantee = parse_grantee(text)) {
      options.grants.push_back(*grantee);
    } else {
      issues.push_back("Invalid grantee \"" + text + "\"; should be public, NAME, group:NAME or role:NAME");
    }
  }
  for (std::string& issue : check_options(functions, options)) issues.push_back(std::move(issue));
  for (const std::string& issue : issues) std::cerr << issue << '\n';
  if (!issues.empty()) return kWrongUsage;
  const auto statements =
      command.drop ? drop_statements(functions, options) : create_statements(functions, options);
  std::cout << (command.json ? json_lines(statements) : script(statements));
  return std::cout.flush() ? kDone : kCannotWrite;
}

}  // namespace

std::vector<Verb> add_redshift_verbs(CLI::App& app) {
  const auto command = std::make_shared<RedshiftCommand>();
  return {{command->add_to(app),
           [command](const auto& functions) { return write_redshift(functions, *command); }}};
}

}  // namespace geocell::sql
