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

}  // namespace

const Function* find_function(std::string_view name) {
  const auto found = table().find(name);
  return found == table().end() ? nullptr : found->second;
}

}  // namespace geocell::bridge
