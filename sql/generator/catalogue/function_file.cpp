// One signature file: its keys, in the order of the documentation.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <set>

#include "sql/generator/catalogue/catalogue.hpp"
#include "sql/generator/catalogue/schema.hpp"

namespace geocell::sql {

namespace {

Volatility read_volatility(Checker& check, const YAML::Node& node) {
  return static_cast<Volatility>(check.one_of(node, "volatility", {"immutable", "stable", "volatile"}));
}

Parallel read_parallel(Checker& check, const YAML::Node& node) {
  return static_cast<Parallel>(check.one_of(node, "parallel", {"safe", "restricted", "unsafe"}));
}

template <class Number>
bool reads_as(const std::string& text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  bool finite = true;
  if constexpr (std::is_floating_point_v<Number>) finite = std::isfinite(number);
  return error == std::errc() && end == text.data() + text.size() && finite;
}

std::string read_default(Checker& check, const YAML::Node& node, const std::string& type) {
  const std::string value = check.line(node, "default");
  const std::string wrong = "default \"" + value + "\" is no literal of type " + type;
  if (type == "integer"  ? !reads_as<std::int32_t>(value)
      : type == "bigint" ? !reads_as<std::int64_t>(value)
                         : type == "double precision" && !reads_as<double>(value)) {
    check.fail(node, wrong);
  } else if (type == "boolean" && value != "true" && value != "false") {
    check.fail(node, wrong + "; should be true or false");
  } else if (type != "integer" && type != "bigint" && type != "double precision" && type != "boolean" &&
             type != "text") {
    check.fail(node, "a parameter of type " + type + " cannot have a default; use optional: true");
  }
  // CREATE EXTENSION replaces these in the script's text, inside literals too.
  if (value.find("MODULE_PATHNAME") != std::string::npos || value.find("@ext") != std::string::npos) {
    check.fail(node, "default should not contain MODULE_PATHNAME or @ext…@");
  }
  return value;
}

Parameter read_parameter(Checker& check, const YAML::Node& node) {
  Parameter parameter;
  if (!check.mapping(node, "a parameter", {"name", "type", "description", "default", "optional"},
                     {"name", "type", "description"})) {
    return parameter;
  }
  if (const auto name = node["name"]) parameter.name = check.identifier(name, "a parameter's name");
  if (const auto type = node["type"]) parameter.type = check.sql_type(type, "a parameter's type");
  if (const auto text = node["description"])
    parameter.description = check.text(text, "a parameter's description");
  if (const auto value = node["default"])
    parameter.default_value = read_default(check, value, parameter.type);
  if (const auto optional = node["optional"]) {
    parameter.optional = check.boolean(optional, "optional");
    if (parameter.default_value) {
      check.fail(optional, "a parameter should have default or optional, not both");
      parameter.optional = false;
    }
  }
  return parameter;
}

std::vector<Parameter> read_parameters(Checker& check, const YAML::Node& node) {
  std::vector<Parameter> parameters;
  if (!check.sequence(node, "parameters")) return parameters;
  std::set<std::string> names;
  bool any_default = false;
  bool any_optional = false;
  for (const auto& entry : node) {
    const Parameter& parameter = parameters.emplace_back(read_parameter(check, entry));
    if (!parameter.name.empty() && !names.insert(parameter.name).second) {
      check.fail(entry, "parameter \"" + parameter.name + "\" stands twice");
    }
    if ((any_default || any_optional) && !parameter.default_value && !parameter.optional) {
      check.fail(entry, "parameter \"" + parameter.name +
                            "\" follows one that may be left out, so it needs default or optional too");
    }
    any_default |= parameter.default_value.has_value();
    any_optional |= parameter.optional;
  }
  if (any_default && any_optional) {
    check.fail(node, "default and optional should not be mixed in one function: calls would be ambiguous");
  }
  return parameters;
}

Returns read_returns(Checker& check, const YAML::Node& node) {
  Returns returns;
  if (!check.mapping(node, "returns", {"type", "description", "set"}, {"type", "description"}))
    return returns;
  if (const auto type = node["type"]) {
    const bool is_range = type.IsScalar() && type.Scalar() == kCellRange;  // no parameter can be one
    returns.type = is_range ? std::string(kCellRange) : check.sql_type(type, "the type of returns");
  }
  if (const auto text = node["description"])
    returns.description = check.text(text, "the description of returns");
  if (const auto set = node["set"]) {
    returns.set = check.boolean(set, "set");
    if (returns.set && returns.type != "bigint" && returns.type != kCellRange) {
      check.fail(set, "set: true needs type bigint or cell_range, not \"" + returns.type + "\"");
    }
  }
  return returns;
}

Example read_example(Checker& check, const YAML::Node& node) {
  Example example;
  if (!check.mapping(node, "an example", {"description", "call", "result", "error"}, {"call"}))
    return example;
  const auto result = node["result"];
  const auto error = node["error"];
  if (const auto text = node["description"])
    example.description = check.line(text, "an example's description");
  if (const auto call = node["call"]) {
    example.call = check.line(call, "call");
    if (example.call.find("```") != std::string::npos) check.fail(call, "call should not contain ```");
  }
  if (result.IsDefined() == error.IsDefined())
    check.fail(node, "an example should have result or error, one of them");
  if (result.IsDefined()) {
    example.is_null = result.IsNull();
    // The empty text is a result too.
    if (!example.is_null) {
      example.result = result.IsScalar() && result.Scalar().empty() ? "" : check.line(result, "result");
    }
  }
  if (error.IsDefined()) example.error = check.line(error, "error");
  return example;
}

PostgresOptions read_postgres(Checker& check, const YAML::Node& node, const Returns& returns) {
  PostgresOptions options;
  if (!check.mapping(node, "postgres", {"cost", "rows", "volatility", "parallel"}, {})) return options;
  if (const auto cost = node["cost"]) options.cost = check.positive(cost, "cost");
  if (const auto rows = node["rows"]) {
    options.rows = check.positive(rows, "rows");
    if (!returns.set) check.fail(rows, "rows needs a function that returns a set");
  }
  if (const auto volatility = node["volatility"]) options.volatility = read_volatility(check, volatility);
  if (const auto parallel = node["parallel"]) options.parallel = read_parallel(check, parallel);
  return options;
}

// A scalar expression. What it names is checked when the whole catalogue is there (redshift_plain.hpp).
std::string read_expression(Checker& check, const YAML::Node& node, std::string_view what) {
  const std::string sql = check.text(node, what);
  for (const char* forbidden : {";", "$$", "--", "/*"}) {
    if (sql.find(forbidden) != std::string::npos) {
      check.fail(node, std::string(what) + " should be one expression, without " + forbidden);
    }
  }
  return sql;
}

PlainSql read_plain_sql(Checker& check, const YAML::Node& node, const Function& function) {
  PlainSql plain;
  const std::size_t parameters = function.parameters.size();
  plain.arguments = parameters;
  if (!check.mapping(node, "sql", {"arguments", "when", "value"}, {"value"})) return plain;
  if (const auto arguments = node["arguments"]) {
    const auto required = static_cast<std::int64_t>(overload_arities(function).front());
    plain.arguments = static_cast<std::size_t>(
        check.integer(arguments, "arguments", required, static_cast<std::int64_t>(parameters)));
  }
  if (const auto when = node["when"]) plain.when = read_expression(check, when, "when");
  if (const auto value = node["value"]) plain.value = read_expression(check, value, "value");
  const auto has_default = [](const Parameter& parameter) { return parameter.default_value.has_value(); };
  if (std::any_of(function.parameters.begin(), function.parameters.end(), has_default)) {
    check.fail(node, "sql needs a function whose parameters have no default");
  }
  return plain;
}

std::vector<PlainSql> read_plain_sqls(Checker& check, const YAML::Node& node, const Function& function) {
  if (!node.IsSequence()) return {read_plain_sql(check, node, function)};
  std::vector<PlainSql> all;
  std::set<std::size_t> arities;
  for (const auto& entry : node) {
    const PlainSql& plain = all.emplace_back(read_plain_sql(check, entry, function));
    if (!arities.insert(plain.arguments).second) {
      check.fail(entry, "sql for " + std::to_string(plain.arguments) + " arguments stands twice");
    }
  }
  return all;
}

RedshiftOptions read_redshift(Checker& check, const YAML::Node& node, const Function& function) {
  RedshiftOptions options;
  if (!check.mapping(node, "redshift", {"volatility", "parameters", "returns", "sql", "procedure"}, {}))
    return options;
  if (!function.in_redshift) check.fail(node, "redshift needs engines with redshift in it");
  if (const auto procedure = node["procedure"]) {
    options.procedure = check.text(procedure, "procedure");
    if (options.procedure->find("$$") != std::string::npos) {
      check.fail(procedure, "procedure should not contain $$, which ends its body");
    }
    if (node.size() > 1) check.fail(node, "procedure should stand alone in redshift");
    if (function.in_postgres) check.fail(node, "procedure needs engines: [redshift]");
    for (const Parameter& parameter : function.parameters) {
      if (parameter.default_value || parameter.optional) {
        check.fail(procedure, "the parameters of a procedure cannot be left out in Redshift");
      }
    }
  }
  if (const auto sql = node["sql"]) options.plain_sql = read_plain_sqls(check, sql, function);
  if (const auto volatility = node["volatility"]) options.volatility = read_volatility(check, volatility);
  if (const auto returns = node["returns"]) options.returns = check.sql_type(returns, "returns");
  const auto types = node["parameters"];
  if (!types.IsDefined()) return options;
  if (!types.IsMap()) {
    check.fail(types, "parameters of redshift should be a mapping from a parameter's name to its type");
    return options;
  }
  for (const auto& entry : types) {
    const std::string name = check.identifier(entry.first, "a parameter's name");
    bool known = false;
    for (const Parameter& parameter : function.parameters) known |= parameter.name == name;
    if (!known) check.fail(entry.first, "the function has no parameter \"" + name + "\"");
    options.parameters.push_back({name, check.sql_type(entry.second, "a parameter's type")});
  }
  return options;
}

std::string read_lambda_name(Checker& check, const YAML::Node& node) {
  const std::string name = check.line(node, "lambda_name");
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  };
  bool good = name.size() <= kMaxLambdaNameLength;
  for (const char c : name) good &= allowed(c);
  if (!good) {
    check.fail(node, "lambda_name is \"" + name + "\"; it should be 1 to " +
                         std::to_string(kMaxLambdaNameLength) + " letters, digits, _ and -");
  }
  return name;
}

LambdaConfig read_config(Checker& check, const YAML::Node& node) {
  LambdaConfig config;
  if (!check.mapping(node, "config",
                     {"lambda_name", "memory_mb", "timeout_s", "max_batch_rows", "max_batch_size_kb",
                      "retry_timeout_ms"},
                     {})) {
    return config;
  }
  const auto number = [&](const char* key, std::int64_t min,
                          std::int64_t max) -> std::optional<std::int64_t> {
    const auto value = node[key];
    if (!value.IsDefined()) return std::nullopt;
    return check.integer(value, key, min, max);
  };
  if (const auto name = node["lambda_name"]) config.lambda_name = read_lambda_name(check, name);
  config.memory_mb = number("memory_mb", kMinMemoryMb, kMaxMemoryMb);
  config.timeout_s = number("timeout_s", kMinTimeoutS, kMaxTimeoutS);
  config.max_batch_rows = number("max_batch_rows", kMinBatchRows, kMaxBatchRows);
  config.max_batch_size_kb = number("max_batch_size_kb", kMinBatchSizeKb, kMaxBatchSizeKb);
  config.retry_timeout_ms = number("retry_timeout_ms", 0, std::numeric_limits<std::int64_t>::max());
  return config;
}

std::string read_since(Checker& check, const YAML::Node& node) {
  const std::string since = check.line(node, "since");
  int numbers = 0;
  bool good = true;
  std::size_t begin = 0;
  while (good && begin <= since.size()) {
    const std::size_t end = std::min(since.find('.', begin), since.size());
    const std::string part = since.substr(begin, end - begin);
    good = reads_as<std::int32_t>(part) && part.front() != '-' && (part.front() != '0' || part.size() == 1);
    ++numbers;
    begin = end + 1;
  }
  if (!good || numbers != 3)
    check.fail(node, "since is \"" + since + "\"; it should be a version such as 0.1.0");
  return since;
}

void read_engines(Checker& check, const YAML::Node& node, Function& function) {
  if (!check.sequence(node, "engines")) return;
  function.in_postgres = function.in_redshift = false;
  for (const auto& entry : node) {
    check.one_of(entry, "an engine", {"postgres", "redshift"});
    const std::string name = entry.IsScalar() ? entry.Scalar() : "";
    for (const auto& [known, engine] : {std::pair<const char*, bool*>{"postgres", &function.in_postgres},
                                        {"redshift", &function.in_redshift}}) {
      if (name != known) continue;
      if (*engine) check.fail(entry, "engine \"" + name + "\" stands twice");
      *engine = true;
    }
  }
  if (node.size() == 0) check.fail(node, "engines should name postgres, redshift or both");
}

void check_engines(Checker& check, const YAML::Node& root, const Function& function) {
  // Ranges go to Redshift as one SUPER value.
  if (function.returns.set && function.returns.type == "bigint" && function.in_redshift) {
    check.fail(root["returns"],
               "set: true needs engines: [postgres]; Redshift has no functions that return a set");
  }
  const auto& plain = function.redshift.plain_sql;
  const bool covered = plain.size() == overload_arities(function).size() &&
                       std::all_of(plain.begin(), plain.end(), [](const PlainSql& sql) { return !sql.when; });
  if (!function.in_postgres && function.in_redshift && !covered && !function.redshift.procedure) {
    check.fail(root,
               "engines: [redshift] needs sql without when, for every number of arguments, or a procedure");
  }
  if (function.redshift.procedure && function.returns != Returns()) {
    check.fail(root["returns"], "a procedure should have no returns");
  }
}

bool is_procedure(const YAML::Node& root) {
  if (!root.IsMap()) return false;
  const YAML::Node redshift = root["redshift"];
  return redshift && redshift.IsMap() && redshift["procedure"];
}

void read_function(Checker& check, const YAML::Node& root, Function& function) {
  const bool procedure = is_procedure(root);
  const std::initializer_list<std::string_view> keys = {
      "description", "parameters", "returns",  "null_rule", "volatility", "parallel", "engines",
      "since",       "internal",   "examples", "postgres",  "redshift",   "config"};
  if (!(procedure ? check.mapping(root, "the file", keys, {"description", "since"})
                  : check.mapping(root, "the file", keys, {"description", "returns", "since"}))) {
    return;
  }
  if (const auto node = root["description"]) function.description = check.text(node, "description");
  if (const auto node = root["parameters"]) function.parameters = read_parameters(check, node);
  if (const auto node = root["returns"]) function.returns = read_returns(check, node);
  if (const auto node = root["null_rule"]) {
    function.null_rule = static_cast<NullRule>(check.one_of(node, "null_rule", {"strict", "handled"}));
  }
  if (const auto node = root["volatility"]) function.volatility = read_volatility(check, node);
  if (const auto node = root["parallel"]) function.parallel = read_parallel(check, node);
  if (const auto node = root["engines"]) read_engines(check, node, function);
  if (const auto node = root["since"]) function.since = read_since(check, node);
  if (const auto node = root["internal"]) function.internal = check.boolean(node, "internal");
  const auto examples = root["examples"];
  if (examples && check.sequence(examples, "examples")) {
    for (const auto& node : examples) function.examples.push_back(read_example(check, node));
  }
  if (function.examples.empty() && !function.internal && !procedure) {
    check.fail(examples ? examples : root,
               "the file should have at least one example, unless internal: true");
  }
  if (const auto node = root["postgres"]) function.postgres = read_postgres(check, node, function.returns);
  if (const auto node = root["redshift"]) function.redshift = read_redshift(check, node, function);
  if (const auto node = root["config"]) function.config = read_config(check, node);
  check_engines(check, root, function);
}

}  // namespace

Function parse_function(std::string_view yaml, const std::string& file, std::vector<Issue>& issues) {
  const std::filesystem::path path(file);
  Function function;
  function.name = path.stem().string();
  function.module = path.parent_path().filename().string();
  function.file = file;
  Checker check(file, issues);
  const YAML::Mark start = YAML::Mark();
  if (!is_identifier(function.name)) {
    check.fail(start, "the file's name \"" + function.name + "\" should be an SQL name in lower case");
  }
  if (!is_identifier(function.module)) {
    check.fail(start, "the folder's name \"" + function.module + "\" should be a module in lower case");
  }
  try {
    const std::vector<YAML::Node> documents = YAML::LoadAll(std::string(yaml));
    if (documents.size() == 1) {
      read_function(check, documents.front(), function);
    } else {
      check.fail(start, "the file should hold one YAML document, not " + std::to_string(documents.size()));
    }
  } catch (const YAML::Exception& exception) {
    check.fail(exception.mark.is_null() ? start : exception.mark, "no valid YAML: " + exception.msg);
  }
  return function;
}

}  // namespace geocell::sql
