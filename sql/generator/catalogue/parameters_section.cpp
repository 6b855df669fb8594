// Parameters, result and examples: what a signature file says for every engine.
#include <set>

#include "geocell/text.hpp"
#include "sql/generator/catalogue/sections.hpp"

namespace geocell::sql {

namespace {

std::string read_default(Checker& check, const YAML::Node& node, const std::string& type) {
  const std::string value = check.line(node, "default");
  const std::string wrong = "default " + in_quotes(value) + " is not a valid " + type + " literal";
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

}  // namespace

std::vector<Parameter> read_parameters(Checker& check, const YAML::Node& node) {
  std::vector<Parameter> parameters;
  if (!check.sequence(node, "parameters")) return parameters;
  std::set<std::string> names;
  bool any_default = false;
  bool any_optional = false;
  for (const auto& entry : node) {
    const Parameter& parameter = parameters.emplace_back(read_parameter(check, entry));
    if (!parameter.name.empty() && !names.insert(parameter.name).second) {
      check.fail(entry, "duplicate parameter " + in_quotes(parameter.name));
    }
    if ((any_default || any_optional) && !parameter.default_value && !parameter.optional) {
      check.fail(entry, "parameter " + in_quotes(parameter.name) +
                            " follows one that may be left out, so it needs default or optional too");
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
    const bool is_record =
        type.IsScalar() && find_record(type.Scalar()) != nullptr;  // no parameter can be one
    returns.type = is_record ? type.Scalar() : check.sql_type(type, "the type of returns");
  }
  if (const auto text = node["description"])
    returns.description = check.text(text, "the description of returns");
  if (const auto set = node["set"]) {
    returns.set = check.boolean(set, "set");
    if (returns.set && returns.type != "bigint" && find_record(returns.type) == nullptr) {
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

Volatility read_volatility(Checker& check, const YAML::Node& node) {
  return static_cast<Volatility>(check.one_of(node, "volatility", {"immutable", "stable", "volatile"}));
}

Parallel read_parallel(Checker& check, const YAML::Node& node) {
  return static_cast<Parallel>(check.one_of(node, "parallel", {"safe", "restricted", "unsafe"}));
}

}  // namespace geocell::sql
