// list, show, validate, sql: what the signature files say. Nothing here asks AWS or Redshift.
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "gateway/engines/redshift/sql_objects.hpp"
#include "gateway/plan/deployment.hpp"
#include "gateway/settings/names.hpp"
#include "gateway/system/failure.hpp"
#include "gateway/system/private_file.hpp"
#include "gateway/verbs/commands.hpp"
#include "geocell/version.hpp"
#include "sql/generator/engines/postgres/postgres_sql.hpp"

namespace geocell::gateway {
namespace {

using nlohmann::json;

std::string call_text(const sql::Function& function) {
  std::string text = function.name + "(";
  for (const auto& parameter : function.parameters) {
    if (text.back() != '(') text += ", ";
    text += parameter.name + " " + parameter.type;
    if (parameter.default_value) text += " = " + *parameter.default_value;
    if (parameter.optional) text += " (optional)";
  }
  if (function.redshift.procedure) return text + ") procedure";
  return text + ") " + (function.returns.set ? "set of " : "") + function.returns.type;
}

json lambda_of(const sql::Function& function, const Config& config) {
  const auto& lambda = function.config;
  json result{{"name", lambda_name(config.prefix(), lambda.lambda_name)},
              {"memory_mb", lambda.memory_mb.value_or(kDefaultMemoryMb)},
              {"timeout_s", lambda.timeout_s.value_or(kDefaultTimeoutS)}};
  const auto add = [&](const char* key, const std::optional<std::int64_t>& value) {
    result[key] = value ? json(*value) : json("Redshift's default");
  };
  add("max_batch_rows", lambda.max_batch_rows);
  add("max_batch_size_kb", lambda.max_batch_size_kb);
  add("retry_timeout_ms", lambda.retry_timeout_ms);
  return result;
}

json describe(const sql::Function& function, const Config& config) {
  json parameters = json::array();
  for (const auto& parameter : function.parameters) {
    json entry{{"name", parameter.name}, {"type", parameter.type}, {"description", parameter.description}};
    if (parameter.default_value) entry["default"] = *parameter.default_value;
    if (parameter.optional) entry["optional"] = true;
    parameters.push_back(entry);
  }
  json objects = json::array();
  const auto arn = [&](std::string_view base) { return lambda_name(config.prefix(), base); };
  for (const auto& object : sql_objects(config, {function}, "default", arn).objects) {
    objects.push_back(object.signature);
  }
  return {{"name", function.name},
          {"module", function.module},
          {"file", function.file},
          {"description", trim(function.description)},
          {"parameters", parameters},
          {"returns", {{"type", function.returns.type}, {"set", function.returns.set}}},
          {"lambda", lambda_of(function, config)},
          {"redshift", objects}};
}

// Script text of Redshift statements for people; the program itself never reads one back.
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

}  // namespace

std::vector<std::filesystem::path> roots_of(const Options& options) {
  std::vector<std::filesystem::path> roots = options.roots;
  if (roots.empty()) roots.push_back(find_catalogue());
  roots.insert(roots.end(), options.include_roots.begin(), options.include_roots.end());
  return roots;
}

Config load_config(const Options& options, const Console& console) {
  auto overrides = options.overrides;
  if (options.local_only) overrides["RS_HOST"] = overrides["RS_DATABASE"] = "";
  Config config = Config::load(options.env_files, overrides);
  for (const auto& warning : config.warnings()) console.warn(config.redact(warning));
  return config;
}

std::vector<sql::Function> selected_functions(const Options& options, const Config& config) {
  std::optional<std::string> changed;
  if (config.setting("GIT_DIFF").origin != "default") changed = config.get("GIT_DIFF");
  return select(load_functions(roots_of(options)), options.filters, changed);
}

int list_command(const Options& options, const Console& console) {
  const sql::Catalogue catalogue = read_functions(roots_of(options));
  for (const auto& issue : catalogue.issues) console.warn(sql::to_text(issue));
  const char* changed = std::getenv("GIT_DIFF");
  const auto functions = select(catalogue.functions, options.filters,
                                changed == nullptr ? std::nullopt : std::optional<std::string>(changed));
  if (options.json) {
    json list = json::array();
    for (const auto& function : functions)
      list.push_back({{"module", function.module}, {"name", function.name}});
    console.say(list.dump(2));
    return 0;
  }
  if (functions.empty()) console.warn("No functions found");
  std::string module;
  for (const auto& function : functions) {
    if (function.module != module) {
      module = function.module;
      console.say("[" + module + "]");
    }
    console.say("  " + function.name);
  }
  return 0;
}

int show_command(const Options& options, const Console& console) {
  const Config config = load_config(options, console);
  Options one = options;
  one.filters.functions = {options.name};
  const auto function = selected_functions(one, config).at(0);
  const json described = describe(function, config);
  if (options.json) {
    console.say(described.dump(2));
    return 0;
  }
  console.say(call_text(function) + "\n\n" + trim(function.description) + "\n\nfile     " + function.file);
  const json& lambda = described["lambda"];
  for (const auto& [key, value] : lambda.items()) {
    std::string label = "lambda " + key;
    label.resize(26, ' ');
    console.say(label + (value.is_string() ? value.get<std::string>() : value.dump()));
  }
  for (const json& signature : described["redshift"]) console.say("redshift " + signature.get<std::string>());
  return 0;
}

int validate_command(const Options& options, const Console& console) {
  const sql::Catalogue catalogue = read_functions(roots_of(options));
  if (!catalogue.issues.empty()) {
    std::set<std::string> files;
    for (const auto& issue : catalogue.issues) {
      files.insert(issue.file);
      console.say("✗ " + std::filesystem::path(issue.file).stem().string() + ": " + sql::to_text(issue));
    }
    console.say(std::to_string(files.size()) + " function(s) failed validation");
    return 1;
  }
  const auto functions = select(catalogue.functions, options.filters, std::nullopt);
  // The rules of Redshift itself: names, types, batch limits.
  const Config config = Config::load({"/dev/null"}, {{"RS_SCHEMA", "carto"}});
  sql_objects(config, functions, "default", [](std::string_view base) { return std::string(base); });
  console.say("✓ All " + std::to_string(functions.size()) + " functions valid");
  return 0;
}

int sql_command(const Options& options, const Console& console) {
  const Config config = load_config(options, console);
  const auto functions = selected_functions(options, config);
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

}  // namespace geocell::gateway
