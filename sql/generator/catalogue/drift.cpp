#include "sql/generator/catalogue/drift.hpp"

#include <map>
#include <string>

namespace geocell::sql {

namespace {

const char kCoreTable[] = "core/src/functions/<module>.def";

void compare_parameter(const Function& function, std::size_t index, const ArgumentInfo& argument,
                       std::vector<Issue>& issues) {
  const Parameter& parameter = function.parameters[index];
  const std::string name = "parameter \"" + parameter.name + "\"";
  const auto add = [&](const std::string& message) {
    issues.push_back({function.file, 0, 0, name + message});
  };
  if (parameter.type != argument.type) {
    add(" has type " + parameter.type + ", but its C++ type is " + std::string(argument.type));
  }
  const bool may_be_left_out = parameter.optional || parameter.default_value.has_value();
  if (may_be_left_out && !argument.optional) add(" may be left out, but is not std::optional in C++");
  if (!may_be_left_out && argument.optional)
    add(" is std::optional in C++, but has neither default nor optional");
}

void compare_result(const Function& function, const FunctionInfo& info, std::vector<Issue>& issues) {
  const auto add = [&](const std::string& message) { issues.push_back({function.file, 0, 0, message}); };
  if (function.returns.set) {
    if (info.set_of.empty()) {
      add("returns a set, but its C++ result is not a set");
    } else if (function.returns.type != info.set_of) {
      add("returns a set of " + function.returns.type + ", but its C++ result is a set of " +
          std::string(info.set_of));
    }
  } else if (function.returns.type != info.result_type) {
    add("returns " + function.returns.type + ", but its C++ result is " + std::string(info.result_type));
  }
}

void compare(const Function& function, const FunctionInfo& info, std::vector<Issue>& issues) {
  if (function.parameters.size() != info.arguments.size()) {
    issues.push_back({function.file, 0, 0,
                      "has " + std::to_string(function.parameters.size()) +
                          " parameters, but its C++ function takes " +
                          std::to_string(info.arguments.size())});
    return;
  }
  if (!info.set_of.empty() && function.returns.set != info.facts.is_set) {
    issues.push_back({function.file, 0, 0,
                      function.returns.set
                          ? "returns a set, but its row in the core's table does not say facts::rows"
                          : "returns one value, but its row in the core's table says facts::rows"});
  }
  bool takes_null = false;
  for (std::size_t i = 0; i < info.arguments.size(); ++i) {
    compare_parameter(function, i, info.arguments[i], issues);
    takes_null |= info.arguments[i].nullable && !info.arguments[i].optional;
  }
  if (takes_null != (function.null_rule == NullRule::handled)) {
    issues.push_back({function.file, 0, 0,
                      takes_null ? "null_rule is strict, but an argument is Nullable in C++"
                                 : "null_rule is handled, but no argument is Nullable in C++"});
  }
  compare_result(function, info, issues);
}

}  // namespace

std::vector<Issue> find_drift(std::span<const Function> catalogue, std::span<const FunctionInfo> core) {
  std::vector<Issue> issues;
  std::map<std::string_view, const Function*> described;
  for (const Function& function : catalogue) described.emplace(function.name, &function);
  std::map<std::string_view, const FunctionInfo*> bound;
  for (const FunctionInfo& info : core) {
    const std::string name(info.name);
    if (!bound.emplace(info.name, &info).second)
      issues.push_back({kCoreTable, 0, 0, "binds " + name + " twice"});
    if (!described.contains(info.name)) {
      issues.push_back({kCoreTable, 0, 0,
                        "binds " + name + ", which sql/functions/<module>/" + name +
                            ".yaml should describe; there is no such file"});
    }
  }
  for (const Function& function : catalogue) {
    const auto found = bound.find(function.name);
    if (found != bound.end() && function.handler) {
      issues.push_back({function.file, function.handler->line, function.handler->column,
                        "names a handler for " + function.name + ", which " + kCoreTable + " binds"});
    } else if (found != bound.end()) {
      compare(function, *found->second, issues);
    } else if (needs_core(function)) {
      issues.push_back(
          {function.file, 0, 0, "describes " + function.name + ", which " + kCoreTable + " does not bind"});
    }
  }
  return issues;
}

}  // namespace geocell::sql
