#include "gateway/verbs/lambda_programs.hpp"

#include "gateway/lambdas/architecture.hpp"
#include "gateway/system/failure.hpp"
#include "gateway/system/product_file.hpp"

namespace geocell::gateway {
namespace {

// A file of this program's build, or of the cross build beside it.
std::filesystem::path build_file(const std::filesystem::path& name, const std::string& architecture) {
  const auto found = find_product_file({}, name);
  if (found.empty()) {
    throw Failure(name.string() + " is not built; `make build cloud=redshift arch=" + architecture +
                  "` makes it");
  }
  return found;
}

}  // namespace

package::Programs built_programs(const std::string& architecture) {
  const std::filesystem::path folder = "lambda_bridge/package";
  if (architecture == this_architecture()) {
    return {build_file(folder / "bootstrap.stripped", architecture),
            build_file(folder / "launcher", architecture),
            {}};
  }
  const std::filesystem::path cross = ("lambda-" + architecture) / folder;
  return {build_file(cross / "bootstrap.stripped", architecture),
          build_file(cross / "launcher", architecture), build_file("sysroot-" + architecture, architecture)};
}

package::Package build_zip(const package::Programs& programs, const std::filesystem::path& out) {
  auto built = package::build_package(programs, out);
  if (!built) throw Failure(built.error().message);
  return *built;
}

}  // namespace geocell::gateway
