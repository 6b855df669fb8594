#include "tests/lambda_bridge/package/packaged_bootstrap.hpp"

namespace geocell::test {

package::Programs built_programs() {
  const std::filesystem::path folder = GEOCELL_BUILD_DIR "/lambda_bridge/package";
  return {folder / "bootstrap.stripped", folder / "launcher"};
}

}  // namespace geocell::test
