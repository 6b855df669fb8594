// The zip for Lambda: what is in it, that the same input gives the same bytes, and that it runs where there
// is nothing else.
#include "lambda_bridge/package/lambda_package.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "lambda_bridge/package/elf_file.hpp"
#include "tests/emulators/runtime_api/fake_runtime_api.hpp"
#include "tests/lambda_bridge/package/packaged_bootstrap.hpp"
#include "tests/support/reading.hpp"
#include "tests/support/source_dir.hpp"

namespace geocell::package {
namespace {

namespace fs = std::filesystem;
using test::output_of;
using test::PackagedBootstrap;
using test::read_bytes;
using test::ScratchFolder;

const Programs kPrograms = test::built_programs();

class PackageTest : public ::testing::Test {
 protected:
  static Package build(const fs::path& out, const Programs& programs = kPrograms) {
    auto package = build_package(programs, out);
    EXPECT_TRUE(package.ok()) << package.error().message;
    return package.ok() ? *package : Package{};
  }
  // One for the tests that only look at it: zipping takes two seconds.
  static const Package& built() {
    static const ScratchFolder folder;
    static const Package package = build(folder.path() / "package.zip");
    return package;
  }
  std::string error(const Programs& programs) {
    const auto package = build_package(programs, folder_.path() / "error.zip");
    return package ? "no error" : package.error().message;
  }

  ScratchFolder folder_;
};

TEST_F(PackageTest, TheSameInputGivesTheSameBytes) {
  const Package& first = built();
  // Other names, other times, another time zone.
  fs::copy_file(kPrograms.bootstrap, folder_.path() / "program");
  fs::copy_file(kPrograms.launcher, folder_.path() / "starter");
  fs::last_write_time(folder_.path() / "program",
                      fs::file_time_type::clock::now() - std::chrono::hours(10'000));
  ::setenv("TZ", "Asia/Tokyo", 1);
  ::tzset();
  const Package second = build(folder_.path() / "a" / "b" / "second.zip",
                               {folder_.path() / "program", folder_.path() / "starter"});
  ::unsetenv("TZ");
  ::tzset();
  EXPECT_EQ(first.sha256, second.sha256);
  EXPECT_EQ(read_bytes(first.path), read_bytes(second.path));
}

TEST_F(PackageTest, SaysWhatItIs) {
  const Package& package = built();
  EXPECT_EQ(package.machine + "\n", output_of("uname -m"));
  EXPECT_EQ(package.bytes, fs::file_size(package.path));
  EXPECT_EQ(package.sha256, output_of("sha256sum " + package.path.string()).substr(0, 64));
  EXPECT_EQ(package.sha256_base64 + "\n",
            output_of("openssl dgst -sha256 -binary " + package.path.string() + " | base64"));
}

TEST_F(PackageTest, ModesAreInTheZipsExternalAttributes) {
  const Package& package = built();
  const std::unique_ptr<archive, int (*)(archive*)> zip(archive_read_new(), &archive_read_free);
  archive_read_support_format_zip_seekable(zip.get());  // reads the central directory, as Lambda does
  ASSERT_EQ(archive_read_open_filename(zip.get(), package.path.c_str(), 65536), ARCHIVE_OK);
  std::map<std::string, unsigned> modes;
  archive_entry* entry = nullptr;
  while (archive_read_next_header(zip.get(), &entry) == ARCHIVE_OK) {
    modes[archive_entry_pathname(entry)] = archive_entry_perm(entry);
  }
  EXPECT_EQ(modes.size(), package.entries.size());
  EXPECT_EQ(modes["bootstrap"], 0755u);
  EXPECT_EQ(modes["bin/bootstrap"], 0755u);
  EXPECT_EQ(modes["lib/libc.so.6"], 0644u);
}

// Whatever a file needs lies beside it; what Lambda starts needs nothing.
TEST_F(PackageTest, NothingComesFromTheHost) {
  const Package& package = built();
  const fs::path root = folder_.path() / "root";
  test::unpack(package.path, root);
  EXPECT_EQ(read_elf_file(root / "bootstrap")->loader, std::nullopt);
  EXPECT_TRUE(read_elf_file(root / "bootstrap")->needed.empty());
  for (const Entry& entry : package.entries) {
    const auto elf = read_elf_file(root / entry.name);
    ASSERT_TRUE(elf.ok()) << entry.name;
    EXPECT_EQ(elf->machine, package.machine) << entry.name;
    EXPECT_EQ(fs::file_size(root / entry.name), entry.bytes);
    for (const std::string& needed : elf->needed) {
      EXPECT_TRUE(fs::exists(root / "lib" / needed)) << entry.name << " needs " << needed;
    }
  }
  EXPECT_EQ(output_of("objdump -T " + (root / "bootstrap").string() + " 2>/dev/null | grep -c GLIBC_"),
            "0\n");
}

TEST_F(PackageTest, TellsNothingOfTheFolderItWasBuiltIn) {
  for (const fs::path& program : {kPrograms.bootstrap, kPrograms.launcher}) {
    EXPECT_EQ(read_bytes(program).find(test::source_dir()), std::string::npos) << program;
  }
}

TEST_F(PackageTest, ErrorsNameTheFile) {
  const fs::path text = folder_.path() / "text";
  std::ofstream(text) << "no program";
  EXPECT_EQ(error({folder_.path() / "missing", kPrograms.launcher}),
            "Cannot package " + (folder_.path() / "missing").string() + ": No such file or directory");
  EXPECT_EQ(error({text, kPrograms.launcher}), "Cannot package " + text.string() + ": it is not an ELF file");
  EXPECT_EQ(error({kPrograms.launcher, kPrograms.launcher}),
            "Cannot package " + kPrograms.launcher.string() +
                ": it names no loader; it should be a dynamically linked program");
  EXPECT_EQ(error({kPrograms.bootstrap, kPrograms.bootstrap}),
            "Cannot package " + kPrograms.bootstrap.string() +
                ": the launcher should be static, or it depends on the C library of the machine it runs on");
  EXPECT_FALSE(fs::exists(folder_.path() / "error.zip"));
  const auto nowhere = build_package(kPrograms, text / "package.zip");
  ASSERT_FALSE(nowhere.ok());
  EXPECT_NE(nowhere.error().message.find(text.string()), std::string::npos);
}

TEST_F(PackageTest, RunsInAnEmptyRoot) {
  const Package& package = built();
  std::printf("package: %.1f MB zipped, %.1f MB unpacked\n", static_cast<double>(package.bytes) / 1e6,
              static_cast<double>(package.unpacked_bytes) / 1e6);
  const fs::path root = folder_.path() / "root";
  test::unpack(package.path, root / "var" / "task");
  fs::create_directory(root / "var" / "empty");

  std::vector<test::Jail> jails = {test::Jail::user_namespace};
  if (::geteuid() == 0) jails.push_back(test::Jail::chroot);
  for (const test::Jail jail : jails) {
    SCOPED_TRACE(to_string(jail));
    const fs::path log = folder_.path() / to_string(jail);
    test::FakeRuntimeApi api;
    const auto start = std::chrono::steady_clock::now();
    PackagedBootstrap bootstrap(root, api.address(), jail, log);
    ASSERT_TRUE(api.wait_for_next(1)) << read_bytes(log);
    const std::chrono::duration<double, std::milli> ms = std::chrono::steady_clock::now() - start;
    std::printf("package: %.1f ms from start to the first next (%s)\n", ms.count(), to_string(jail));

    // A cell, a polygon through the core's S2 part, and an error: all of the bundle's libraries at work.
    EXPECT_EQ(
        api.invoke(
               R"({"external_function":"g.quadbin_fromlonglat","arguments":[["-3.7038","40.4168",4],null]})")
            .body,
        R"("{\"success\":true,\"num_records\":2,\"results\":[5207251884775047167,null]}")");
    EXPECT_EQ(api.invoke(R"({"external_function":"g.s2_fromtoken","arguments":[["89c25a3"]]})").body,
              R"("{\"success\":true,\"num_records\":1,\"results\":[-8520148382826627072]}")");
    EXPECT_NE(
        api.invoke(
               R"json({"external_function":"s2_polyfill","arguments":[["POLYGON((0 0,1 0,1 1,0 0))",4]]})json")
            .body.find(R"(\"success\":true)"),
        std::string::npos);
    EXPECT_EQ(api.invoke("{").body.find(R"("{\"success\":false)"), 0u);
    api.shut_down();
    EXPECT_EQ(bootstrap.wait(), 1);
    EXPECT_NE(read_bytes(log).find(R"("request_id":"request-1","function":"g.quadbin_fromlonglat","rows":2)"),
              std::string::npos)
        << read_bytes(log);
    EXPECT_EQ(read_bytes(log).find("40.4168"), std::string::npos);
  }
}

TEST_F(PackageTest, HalfAPackageSaysSo) {
  const Package& package = built();
  const fs::path root = folder_.path() / "root";
  test::unpack(package.path, root / "var" / "task");
  fs::remove_all(root / "var" / "task" / "lib");
  const fs::path log = folder_.path() / "log";
  EXPECT_EQ(PackagedBootstrap(root, "127.0.0.1:1", test::Jail::user_namespace, log).wait(), 1);
  EXPECT_NE(read_bytes(log).find("bootstrap: cannot start \"/var/task/lib/ld-linux-"), std::string::npos)
      << read_bytes(log);
  EXPECT_NE(read_bytes(log).find("No such file or directory; the package has to be unpacked whole"),
            std::string::npos);
}

}  // namespace
}  // namespace geocell::package
