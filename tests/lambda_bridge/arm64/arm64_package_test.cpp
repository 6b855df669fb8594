// The arm64 zip: what is in it, and that it answers in a root where there is nothing else but the emulator.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "lambda_bridge/package/elf_file.hpp"
#include "tests/lambda_bridge/arm64/running_package.hpp"
#include "tests/support/reading.hpp"
#include "tests/support/source_dir.hpp"

namespace geocell::test {
namespace {

namespace fs = std::filesystem;

class Arm64Package : public ::testing::Test {
 protected:
  ScratchFolder folder_;
  fs::path root_ = folder_.path() / "root";
  package::Package package_ = install(arm64_programs(), root_);
};

TEST_F(Arm64Package, TheSameInputGivesTheSameBytes) {
  EXPECT_EQ(install(arm64_programs(), folder_.path() / "second").sha256, package_.sha256);
}

TEST_F(Arm64Package, EverythingIsForArm64AndLiesBesideWhatNeedsIt) {
  EXPECT_EQ(package_.machine, "aarch64");
  EXPECT_TRUE(package::read_elf_file(root_ / "var/task/bootstrap")->needed.empty());
  for (const package::Entry& entry : package_.entries) {
    const auto elf = package::read_elf_file(root_ / "var/task" / entry.name);
    ASSERT_TRUE(elf.ok()) << entry.name;
    EXPECT_EQ(elf->machine, "aarch64") << entry.name;
    for (const std::string& needed : elf->needed) {
      EXPECT_TRUE(fs::exists(root_ / "var/task/lib" / needed)) << entry.name << " needs " << needed;
    }
  }
}

TEST_F(Arm64Package, TellsNothingOfTheFolderItWasBuiltIn) {
  const package::Programs programs = arm64_programs();
  for (const fs::path& program : {programs.bootstrap, programs.launcher}) {
    EXPECT_EQ(read_bytes(program).find(source_dir()), std::string::npos) << program;
  }
}

// The operator's program builds the same zip, and says in an image's index what it is for.
TEST_F(Arm64Package, TheGatewayBuildsTheSame) {
  const fs::path zip = folder_.path() / "gateway.zip";
  const std::string command = GEOCELL_PROGRAM " build --lambda-architecture arm64 --out " + zip.string() +
                              " --image " + (folder_.path() / "image").string() + " >/dev/null";
  ASSERT_EQ(std::system(command.c_str()), 0) << command;
  EXPECT_EQ(output_of("sha256sum " + zip.string()).substr(0, 64), package_.sha256);
  EXPECT_NE(read_bytes(folder_.path() / "image/index.json")
                .find(R"("platform":{"architecture":"arm64","os":"linux"})"),
            std::string::npos);
}

// The emulator shows the system calls: the launcher gets as far as replacing itself, by what `real_program`
// starts in the other tests.
TEST_F(Arm64Package, TheLauncherStartsTheRealProgram) {
  std::vector<std::string> command = launcher(package_);
  command.insert(command.begin() + 1, "-strace");
  const fs::path log = folder_.path() / "log";
  PackagedBootstrap(root_, "127.0.0.1:1", Jail::user_namespace, log, command).wait();
  std::string wanted;
  const std::vector<std::string> program = real_program(package_);
  for (std::size_t i = 1; i < program.size(); ++i) wanted += "\"" + program[i] + "\",";
  EXPECT_NE(read_bytes(log).find("execve(\"" + program[1] + "\",{" + wanted + "NULL})"), std::string::npos)
      << read_bytes(log);
}

// The values are those of tests/lambda_bridge/package/package_test.cpp.
TEST_F(Arm64Package, AnswersInAnEmptyRoot) {
  const fs::path log = folder_.path() / "log";
  FakeRuntimeApi api;
  PackagedBootstrap bootstrap(root_, api.address(), Jail::user_namespace, log, real_program(package_));
  ASSERT_TRUE(api.wait_for_next(1)) << read_bytes(log);
  EXPECT_EQ(
      api.invoke(
             R"({"external_function":"g.quadbin_fromlonglat","arguments":[["-3.7038","40.4168",4],null]})")
          .body,
      R"("{\"success\":true,\"num_records\":2,\"results\":[5207251884775047167,null]}")");
  EXPECT_EQ(api.invoke(R"({"external_function":"g.s2_fromtoken","arguments":[["89c25a3"]]})").body,
            R"("{\"success\":true,\"num_records\":1,\"results\":[-8520148382826627072]}")");
  EXPECT_EQ(api.invoke("{").body.find(R"("{\"success\":false)"), 0u);
  api.shut_down();
  EXPECT_EQ(bootstrap.wait(), 1);
  EXPECT_NE(read_bytes(log).find(R"("request_id":"request-1","function":"g.quadbin_fromlonglat","rows":2)"),
            std::string::npos)
      << read_bytes(log);
}

}  // namespace
}  // namespace geocell::test
