// show: one function, its signature, its Lambda, its SQL. Contacts neither AWS nor Redshift.
#include <nlohmann/json.hpp>

#include "gateway/engines/redshift/sql_objects.hpp"
#include "gateway/lambdas/lambda_spec.hpp"
#include "gateway/settings/names.hpp"
#include "gateway/verbs/verb.hpp"
#include "geocell/text.hpp"

namespace geocell::gateway {
namespace {

using nlohmann::json;

struct Options {
  std::string function;
};

void declare(OptionSet& set, Options& options) { set.required_text("function", options.function, ""); }

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

int run(const Options& options, const GlobalOptions& globals, const Console& console) {
  const Config config = load_config(globals.settings, console);
  SourceOptions one = globals.source;
  one.filters.functions = {options.function};
  const auto function = selected_functions(one, config).at(0);
  const json described = describe(function, config);
  if (globals.json) {
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

const RegisteredVerb kVerb({20, "show", "Show one function: its signature, its Lambda, its SQL"}, declare,
                           run);

}  // namespace
}  // namespace geocell::gateway
