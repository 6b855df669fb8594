#include "lambda_bridge/engines/redshift/function_names.hpp"

#include <string>

namespace geocell::bridge {
namespace {

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

}  // namespace

const Function* find_external_function(std::string_view name) {
  const std::string lower = lower_case(name.substr(name.rfind('.') + 1));
  std::string_view rest = lower;
  if (const Function* function = find_function(rest)) return function;
  if (rest.starts_with("__")) rest.remove_prefix(2);
  if (const Function* function = find_function(rest)) return function;
  const std::size_t last_letter = rest.find_last_not_of("0123456789");
  if (last_letter != std::string_view::npos && last_letter + 1 < rest.size() && rest[last_letter] == '_') {
    return find_function(rest.substr(0, last_letter));
  }
  return nullptr;
}

}  // namespace geocell::bridge
