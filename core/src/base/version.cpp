#include "geocell/version.hpp"

namespace geocell {

std::string version() { return GEOCELL_VERSION; }

}  // namespace geocell
