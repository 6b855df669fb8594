// What the fuzzers share: a broken promise ends the program, and libFuzzer keeps the input.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "tests/core/geometry_checks.hpp"

namespace geocell::tests {

inline void check(const Result<Geometry>& result) {
  const std::string broken = broken_promise(result);
  if (broken.empty()) return;
  std::fprintf(stderr, "broken promise: %s\n", broken.c_str());
  std::abort();
}

}  // namespace geocell::tests
