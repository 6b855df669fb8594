// sql: an engine's SQL, as text for people; the program itself never reads it back.
#include "gateway/engines/redshift/redshift_quotes.hpp"
#include "gateway/engines/redshift/sql_objects.hpp"
#include "gateway/settings/names.hpp"
#include "gateway/system/private_file.hpp"
#include "gateway/verbs/verb.hpp"
#include "geocell/version.hpp"
#include "sql/generator/engines/postgres/postgres_sql.hpp"

namespace geocell::gateway {
namespace {

struct Options {
  std::string engine = "redshift";
  std::filesystem::path out;
};

void declare(OptionSet& set, Options& options) {
  set.choice("engine", {"redshift", "postgres"}, "redshift or postgres",
             [&options](const std::string& word) { options.engine = word; });
  set.path("--out", options.out, "A folder to write to; else stdout");
}

std::string redshift_script(const Config& config, const std::vector<sql::Function>& functions) {
  const std::string role =
      config.has("RS_LAMBDA_INVOKE_ROLE") ? config.get("RS_LAMBDA_INVOKE_ROLE") : "default";
  const auto name = [&](std::string_view base) { return lambda_name(config.prefix(), base); };
  const SqlPlan plan = sql_objects(config, functions, role, name);
  std::string text = "CREATE SCHEMA IF NOT EXISTS " + quote_identifier(config.schema()) + ";\n";
  for (const auto& statement : plan.schema_grants) text += statement + ";\n";
  for (const auto& object : plan.objects) {
    for (const auto& statement : object.create) text += "\n" + statement + ";\n";
  }
  return text;
}

int run(const Options& options, const GlobalOptions& globals, const Console& console) {
  const Config config = load_config(globals.settings, console);
  const auto functions = selected_functions(globals.source, config);
  std::vector<std::pair<std::string, std::string>> files;
  if (options.engine == "redshift") {
    files.emplace_back("redshift.sql", redshift_script(config, functions));
  } else {
    for (const auto& extension :
         {sql::postgres::geocell_extension(functions), sql::postgres::geocell_postgis_extension(functions)}) {
      files.emplace_back(extension.name + "--" + geocell::version() + ".sql",
                         sql::postgres::install_script(extension));
    }
  }
  for (const auto& [name, text] : files) {
    if (options.out.empty()) {
      console.say(text);
    } else {
      write_file(options.out / name, text);
      console.note("wrote " + (options.out / name).string());
    }
  }
  return 0;
}

const RegisteredVerb kVerb({40, "sql", "Write an engine's SQL"}, declare, run);

}  // namespace
}  // namespace geocell::gateway
