#include "lambda_bridge/rows/dispatch.hpp"

#include <string>
#include <unordered_map>

namespace geocell::bridge {
namespace {

using Table = std::unordered_map<std::string_view, const Function*>;

const Table& table() {
  static const Table functions = [] {
    Table map;
    for (const auto module_functions : {
#define GEOCELL_MODULE(module) &module##_functions,
#include "geocell/modules.def"
#undef GEOCELL_MODULE
         }) {
      for (const Function& function : module_functions()) map.emplace(function.name, &function);
    }
    return map;
  }();
  return functions;
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

}  // namespace

const Function* find_function(std::string_view name) {
  const std::string lower = lower_case(name.substr(name.rfind('.') + 1));
  std::string_view rest = lower;
  const auto find = [](std::string_view candidate) -> const Function* {
    const auto found = table().find(candidate);
    return found == table().end() ? nullptr : found->second;
  };
  if (const Function* function = find(rest)) return function;
  if (rest.starts_with("__")) rest.remove_prefix(2);
  if (const Function* function = find(rest)) return function;
  const std::size_t suffix = rest.find_last_not_of("0123456789");
  if (suffix != std::string_view::npos && suffix + 1 < rest.size() && rest[suffix] == '_') {
    return find(rest.substr(0, suffix));
  }
  return nullptr;
}

}  // namespace geocell::bridge
