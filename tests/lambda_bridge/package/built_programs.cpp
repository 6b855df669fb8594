#include "tests/lambda_bridge/package/packaged_bootstrap.hpp"

namespace geocell::test {

namespace {

package::Programs built(const char* program) {
  const std::filesystem::path folder = GEOCELL_BUILD_DIR "/lambda_bridge/package";
  return {folder / program, folder / "launcher"};
}

}  // namespace

package::Programs built_programs() { return built("bootstrap.stripped"); }

package::Programs built_worker() { return built("worker.stripped"); }

}  // namespace geocell::test
