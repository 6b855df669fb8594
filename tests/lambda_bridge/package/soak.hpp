// Many invocations, good and bad in turn, of a bootstrap that is looked at from outside.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "tests/emulators/runtime_api/fake_runtime_api.hpp"
#include "tests/lambda_bridge/package/packaged_bootstrap.hpp"

namespace geocell::test {

struct SoakReport {
  std::uint64_t invocations = 0;
  std::uint64_t answered_with_error = 0;  // success: false, as they should
  std::size_t early_bytes = 0;            // resident memory after the first tenth
  std::size_t late_bytes = 0;             // at the end
  std::string wrong;                      // the first answer that is not the expected one; empty: none
};

// Each kind of request again and again: AWS's sample, bare and null rows, 19-digit ids, 1,000-row batches,
// polygons, wrong arguments in row 3, an unknown function, malformed and truncated bodies. An answer is right
// when it is, byte for byte, the one that kind got the first time, and that one has the right success.
SoakReport soak(FakeRuntimeApi& api, const PackagedBootstrap& bootstrap, std::uint64_t invocations);

}  // namespace geocell::test
