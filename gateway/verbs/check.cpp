// check: whether a deployment could succeed, a line for each thing with its remedy.
#include <functional>
#include <nlohmann/json.hpp>

#include "gateway/engines/redshift/database.hpp"
#include "gateway/engines/redshift/redshift_quotes.hpp"
#include "gateway/lambdas/architecture.hpp"
#include "gateway/system/process.hpp"
#include "gateway/system/text.hpp"
#include "gateway/verbs/verb.hpp"

namespace geocell::gateway {
namespace {

using nlohmann::json;

// run() throws Failure when the check fails; a text that begins with "○ " says that it does not apply.
struct Check {
  std::string name;
  std::function<std::string()> run;
  bool fatal = true;
};

std::string large_strings(Database& database) {
  if (is_large_string_enabled(database)) return "on: results of 16,000,000 bytes";
  throw Failure(
      "off: a result may have 65,535 bytes (about 3,000 cells). "
      "Set the parameter enable_large_strings_opt_in to Yes for 16,000,000");
}

std::string privileges(const Config& config, Database& database) {
  const std::string exists =
      database.value("SELECT COUNT(*) FROM pg_namespace WHERE nspname = " + quote_literal(config.schema()));
  const std::string question =
      exists == "0"
          ? "SELECT has_database_privilege(current_user, current_database(), 'create')"
          : "SELECT has_schema_privilege(current_user, " + quote_literal(config.schema()) + ", 'create')";
  if (database.value(question).starts_with("t")) return "may create in " + config.schema();
  throw Failure(exists == "0"
                    ? "may not create schema " + config.schema() + ": GRANT CREATE ON DATABASE to the user"
                    : "may not create in schema " + config.schema() + ": GRANT CREATE ON SCHEMA to the user");
}

std::string cluster_state(const Config& config, Aws& aws) {
  const RedshiftTarget target = redshift_target(config);
  if (!target.cluster.empty()) {
    const json found = aws.read("redshift", "describe-clusters", {{"ClusterIdentifier", target.cluster}});
    const std::string status = found.at("Clusters").at(0).value("ClusterStatus", "");
    if (status != "available")
      throw Failure("cluster " + target.cluster + " is " + status + ", should be available");
    return "cluster " + target.cluster + " is available";
  }
  if (!target.workgroup.empty()) {
    const json found =
        aws.read("redshift-serverless", "get-workgroup", {{"workgroupName", target.workgroup}});
    const std::string status = found.at("workgroup").value("status", "");
    if (status != "AVAILABLE") throw Failure("workgroup " + target.workgroup + " is " + status);
    return "workgroup " + target.workgroup + " is available";
  }
  return "○ neither RS_HOST nor RS_CLUSTER_ID nor RS_WORKGROUP names one";
}

int run(const GlobalOptions& globals, const Console& console) {
  const Config config = load_config(globals.settings, console);
  Aws aws(config, console, true);
  std::unique_ptr<Database> database;
  const bool with_redshift = missing_redshift_settings(config).empty();
  const std::string no_redshift = "○ not checked: Redshift is not configured or not reachable";
  const auto with_database = [&](const std::function<std::string()>& run) {
    return [&, run] { return database == nullptr ? no_redshift : run(); };
  };
  const std::vector<Check> checks = {
      {"signature files",
       [&] { return std::to_string(load_functions(roots_of(globals.source)).size()) + " functions"; }},
      {"AWS CLI",
       [&] {
         const auto result =
             run_process({config.get("GEOCELL_AWS_CLI"), "--version"}, "", {}, std::chrono::seconds(5));
         if (result.exit_status != 0) {
           throw Failure(config.get("GEOCELL_AWS_CLI") +
                         " does not start; install the AWS CLI or set GEOCELL_AWS_CLI");
         }
         return trim(result.out + result.err);
       }},
      {"AWS identity", [&] { return aws.identity().arn + ", account " + aws.identity().account; }},
      {"region",
       [&] {
         const std::string region = config.get("AWS_REGION");
         const json found = aws.read("ec2", "describe-regions", {{"RegionNames", json::array({region})}});
         if (found.at("Regions").empty()) throw Failure("AWS knows no region " + region + "; set AWS_REGION");
         return region;
       },
       false},
      {"Lambda package",
       [&] {
         const LambdaPackage package = choose_package(config, globals.source.package);
         if (package.zip.empty())
           throw Failure("not built; `make build cloud=redshift arch=" + package.architecture + "`");
         return package.zip.string() + ", for " + package.architecture;
       }},
      {"Redshift's state", [&] { return cluster_state(config, aws); }, false},
      {"Redshift",
       [&] {
         if (!with_redshift) return no_redshift;
         database = connect(config, aws, console);
         return "answers: SELECT 1 = " + database->value("SELECT 1");
       }},
      {"privileges", with_database([&] { return privileges(config, *database); })},
      {"large strings", with_database([&] { return large_strings(*database); }), false},
  };
  int failures = 0;
  console.say(std::string(70, '-'));
  for (const auto& check : checks) {
    std::string name = check.name;
    name.resize(18, ' ');
    try {
      const std::string text = check.run();
      const bool skipped = text.starts_with("○ ");
      console.say(skipped ? "○ " + name + text.substr(std::string("○ ").size()) : "✓ " + name + text);
    } catch (const Failure& failure) {
      failures += check.fatal ? 1 : 0;
      console.say(std::string(check.fatal ? "✗ " : "⚠ ") + name + failure.what());
    }
  }
  console.say(std::string(70, '-'));
  return failures == 0 ? 0 : 1;
}

const RegisteredVerb kVerb({60, "check", "Check what a deployment needs"}, run);

}  // namespace
}  // namespace geocell::gateway
