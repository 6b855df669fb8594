#include "tests/lambda_bridge/arm64/running_package.hpp"

#include <stdexcept>

#include "tests/support/source_dir.hpp"

namespace geocell::test {
namespace {

namespace fs = std::filesystem;

constexpr const char* kEmulator = "/usr/bin/qemu-aarch64-static";
constexpr const char* kEmulatorInRoot = "/qemu-aarch64-static";

std::vector<std::string> run(const package::Package& package, std::vector<std::string> command) {
  if (package.machine == "aarch64") command.insert(command.begin(), kEmulatorInRoot);
  return command;
}

}  // namespace

package::Programs arm64_programs() {
  const fs::path build = fs::path(source_dir()) / "build";
  const fs::path folder = build / "lambda-arm64/lambda_bridge/package";
  return {folder / "bootstrap.stripped", folder / "launcher", build / "sysroot-arm64"};
}

package::Package install(const package::Programs& programs, const fs::path& root) {
  const ScratchFolder folder;
  const auto package = package::build_package(programs, folder.path() / "package.zip");
  if (!package) throw std::runtime_error(package.error().message);
  unpack(package->path, root / "var/task");
  if (package->machine == "aarch64") fs::copy_file(kEmulator, root / fs::path(kEmulatorInRoot).filename());
  return *package;
}

std::vector<std::string> launcher(const package::Package& package) {
  return run(package, {"/var/task/bootstrap"});
}

std::vector<std::string> real_program(const package::Package& package) {
  const std::string loader = package.machine == "aarch64" ? "ld-linux-aarch64.so.1" : "ld-linux-x86-64.so.2";
  return run(package, {"/var/task/lib/" + loader, "--inhibit-cache", "--library-path", "/var/task/lib",
                       "/var/task/bin/bootstrap"});
}

RunningPackage::RunningPackage(const package::Programs& programs)
    : package_(install(programs, folder_.path() / "root")),
      bootstrap_(folder_.path() / "root", api_.address(), Jail::user_namespace, folder_.path() / "log",
                 real_program(package_),
                 // Large results are compared too, not only the error that they are too large.
                 {"GEOCELL_MAX_VALUE_BYTES=16000000"}) {
  if (!api_.wait_for_next(1)) throw std::runtime_error("the " + package_.machine + " package does not start");
}

}  // namespace geocell::test
