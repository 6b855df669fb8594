// The names of Redshift's external functions, as its requests carry them.
#pragma once

#include <string_view>

#include "lambda_bridge/rows/dispatch.hpp"

namespace geocell::bridge {

// The function that an external function calls, or null. The generator writes an overload as a view of SQL
// over "schema.__f_2" (two arguments) or "schema.__f"; "schema.f" and "f" name f too. Case does not matter,
// as Redshift folds it. The name in full is tried first: f may end in "_2" itself.
const Function* find_external_function(std::string_view name);

}  // namespace geocell::bridge
