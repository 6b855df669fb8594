// The core functions by their SQL names, callable with a row of JSON values.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "geocell/call_context.hpp"
#include "lambda_bridge/rows/json_values.hpp"

namespace geocell::bridge {

struct Function {
  std::string_view name;
  std::size_t min_arguments;
  std::size_t max_arguments;
  unsigned double_arguments;  // bit i: argument i is a double
  bool repeats_pay;  // a call costs so much more than comparing rows that equal rows are computed once
  std::string_view smaller_form;  // what to call when the value is too large; empty: nothing to advise
  // Appends the value of one row. REQUIRES: min_arguments <= arguments.size() <= max_arguments
  Result<void> (*call)(const CallContext& context, std::span<const Element> arguments, TextBuffer& out);
};

// The functions of each module, each in a unit of its own (module_calls.cpp.in).
#define GEOCELL_MODULE(module) std::span<const Function> module##_functions();
#include "geocell/modules.def"
#undef GEOCELL_MODULE

// The function of this SQL name in lower case ("quadbin_kring"), or null. What an engine makes of the name is
// its own matter (engines/redshift/function_names.hpp).
const Function* find_function(std::string_view name);

}  // namespace geocell::bridge
