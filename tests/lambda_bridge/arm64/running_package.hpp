// A package that runs in a root of its own, behind a Runtime API of its own: this machine's as Lambda starts
// it, the arm64 one under qemu's user-mode emulation.
#pragma once

#include <string>
#include <vector>

#include "tests/emulators/runtime_api/fake_runtime_api.hpp"
#include "tests/lambda_bridge/package/packaged_bootstrap.hpp"

namespace geocell::test {

// What `make test-arm64` cross-compiled: build/lambda-arm64, with the libraries of build/sysroot-arm64.
package::Programs arm64_programs();

// Unpacks the package of `programs` below `root`, with the emulator beside it where it is for arm64. Throws
// what is wrong.
package::Package install(const package::Programs& programs, const std::filesystem::path& root);

// How a process of that machine is started in such a root. The emulator of a process does not follow it
// through execve (where the kernel has not been told of it, which is the whole machine's setting): what the
// launcher replaces itself by is started by `real_program`.
std::vector<std::string> launcher(const package::Package& package);
std::vector<std::string> real_program(const package::Package& package);

class RunningPackage {
 public:
  explicit RunningPackage(const package::Programs& programs);
  // The body of the answer, as the bytes that it posts.
  std::string answer(const std::string& request) { return api_.invoke(request).body; }

 private:
  ScratchFolder folder_;
  package::Package package_;
  FakeRuntimeApi api_{std::chrono::minutes(3)};  // emulation is slow, and machines are busy
  PackagedBootstrap bootstrap_;
};

}  // namespace geocell::test
