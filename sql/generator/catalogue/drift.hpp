// Holds the catalogue against the core: names, arity, types, NULL handling, optional arguments, results.
#pragma once

#include <span>
#include <vector>

#include "geocell/function_info.hpp"
#include "sql/generator/catalogue/catalogue.hpp"

namespace geocell::sql {

// Every difference between the signature files and `core` (geocell::functions()); none when they agree. Files
// that describe nothing of the core (needs_core() is false) are left out.
std::vector<Issue> find_drift(std::span<const Function> catalogue, std::span<const FunctionInfo> core);

}  // namespace geocell::sql
