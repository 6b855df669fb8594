// The version of the core: the project version of CMakeLists.txt, its one home.
#pragma once

#include <string>

namespace geocell {

std::string version();  // "0.1.0"

}  // namespace geocell
