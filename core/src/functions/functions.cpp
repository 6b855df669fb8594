#include "geocell/functions.hpp"

#include <iterator>

namespace geocell {

// One a module, each in a unit of its own (module_functions.cpp.in).
#define GEOCELL_MODULE(module) std::vector<FunctionInfo> module##_functions();
#include "geocell/modules.def"
#undef GEOCELL_MODULE

std::vector<FunctionInfo> functions() {
  std::vector<FunctionInfo> all;
  for (const auto module_functions : {
#define GEOCELL_MODULE(module) &module##_functions,
#include "geocell/modules.def"
#undef GEOCELL_MODULE
       }) {
    std::vector<FunctionInfo> some = module_functions();
    all.insert(all.end(), std::move_iterator(some.begin()), std::move_iterator(some.end()));
  }
  return all;
}

}  // namespace geocell
