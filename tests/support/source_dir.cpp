#include "tests/support/source_dir.hpp"

namespace geocell::test {

std::string source_dir() { return GEOCELL_SOURCE_DIR; }

}  // namespace geocell::test
