// Every function of the tables core/src/functions/<module>.def, without a word about their C++ types.
#pragma once

#include <vector>

#include "geocell/function_info.hpp"

namespace geocell {

// In alphabetical order of the modules, and within each in the order of its table.
std::vector<FunctionInfo> functions();

}  // namespace geocell
