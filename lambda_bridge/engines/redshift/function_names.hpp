// The names of Redshift's external functions, as its requests carry them.
#pragma once

#include <string_view>

#include "lambda_bridge/rows/dispatch.hpp"

namespace geocell::bridge {

// Returns the function that an external function calls, or null. The generator names the external function of
// f "schema.__f", and that of an overload with two arguments "schema.__f_2"; "schema.f" and "f" name f too.
// Case does not matter, as Redshift folds it. The whole name is tried first, since f itself may end in "_2".
const Function* find_external_function(std::string_view name);

}  // namespace geocell::bridge
