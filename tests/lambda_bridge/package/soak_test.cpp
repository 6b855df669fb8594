// Twenty thousand invocations of the packaged bootstrap: every one answered, no restart, no growth. `make
// soak` makes it a million.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "tests/lambda_bridge/package/soak.hpp"

namespace geocell::test {
namespace {

TEST(Soak, ManyInvocationsWithoutGrowth) {
  const char* wanted = std::getenv("GEOCELL_SOAK_INVOCATIONS");
  const std::uint64_t invocations = wanted == nullptr ? 20'000 : std::stoull(wanted);
  // Of an allocator's wandering; a leak of eight bytes an invocation would be 8 MB in a million.
  constexpr std::size_t kGrowthBytes = std::size_t{512} * 1024;

  const ScratchFolder folder;
  const auto package = package::build_package(built_programs(), folder.path() / "package.zip");
  ASSERT_TRUE(package.ok()) << package.error().message;
  const std::filesystem::path root = folder.path() / "root";
  unpack(package->path, root / "var" / "task");
  FakeRuntimeApi api;
  PackagedBootstrap bootstrap(root, api.address(), Jail::user_namespace, "/dev/null");
  const auto start = std::chrono::steady_clock::now();
  const SoakReport report = soak(api, bootstrap, invocations);
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
  std::printf(
      "soak: %llu invocations in %.1f s, %llu of them answered with an error; resident %.2f MB after a "
      "tenth, %.2f MB at the end, %.2f MB at most\n",
      static_cast<unsigned long long>(report.invocations), elapsed.count(),
      static_cast<unsigned long long>(report.answered_with_error),
      static_cast<double>(report.early_bytes) / 1e6, static_cast<double>(report.late_bytes) / 1e6,
      static_cast<double>(bootstrap.peak_resident_bytes()) / 1e6);
  EXPECT_EQ(report.invocations, invocations);
  EXPECT_EQ(report.wrong, "");
  EXPECT_LE(report.late_bytes, report.early_bytes + kGrowthBytes);
  // The same process to the end: it exits when it is told to, not before.
  api.shut_down();
  EXPECT_EQ(bootstrap.wait(), 1);
}

}  // namespace
}  // namespace geocell::test
