// Where the checkout is: a function, so that only one object file depends on its path and a compiler cache
// serves all checkouts.
#pragma once

#include <string>

namespace geocell::test {

std::string source_dir();

}  // namespace geocell::test
