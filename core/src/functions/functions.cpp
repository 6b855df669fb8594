#include "geocell/functions.hpp"

namespace geocell {

std::vector<FunctionInfo> functions() {
#define GEOCELL_INFO(sql_name, callable) function_info<&callable>(#sql_name),
  return {GEOCELL_FUNCTIONS(GEOCELL_INFO)};
#undef GEOCELL_INFO
}

}  // namespace geocell
