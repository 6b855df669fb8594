// The program geocell-sql as make and CMake call it: exit status, what goes to stderr, what it writes.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "geocell/version.hpp"
#include "tests/support/source_dir.hpp"

namespace {

const std::string kFunctions = geocell::test::source_dir() + "/sql/functions";

struct Outcome {
  int status = -1;
  std::string out;
  std::string err;
};

std::string read(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

class Program : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "geocell_sql_XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    root_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(root_); }

  Outcome run(const std::string& arguments) const {
    const auto out = root_ / "stdout";
    const auto err = root_ / "stderr";
    const std::string command =
        std::string(GEOCELL_SQL_PROGRAM) + " " + arguments + " >" + out.string() + " 2>" + err.string();
    const int status = std::system(command.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read(out), read(err)};
  }
  std::filesystem::path root_;
};

TEST_F(Program, ValidatesTheCatalogue) {
  const Outcome result = run("--functions " + kFunctions + " validate");
  EXPECT_EQ(result.status, 0);
  EXPECT_EQ(result.err, "");
  EXPECT_TRUE(result.out.ends_with(" functions, no issue\n")) << result.out;
}

TEST_F(Program, WritesTheSameFilesEachTime) {
  const std::string version = geocell::version();
  for (const std::string folder : {"/a", "/b"}) {
    const std::string out = root_.string() + folder;
    EXPECT_EQ(run("--functions " + kFunctions + " postgres --out " + out).status, 0);
    EXPECT_EQ(run("--functions " + kFunctions + " docs --out " + out + "/docs").status, 0);
    EXPECT_EQ(run("--functions " + kFunctions + " examples --out " + out + "/examples.sql").status, 0);
    EXPECT_EQ(run("--functions " + kFunctions + " upgrade --from-sql " + geocell::test::source_dir() +
                  "/sql/updates/geocell--0.0.9.sql --out " + out + "/upgrade.sql")
                  .status,
              0);
  }
  for (const std::string& file :
       {"geocell--" + version + ".sql", "geocell_postgis--" + version + ".sql", std::string("docs/README.md"),
        std::string("docs/quadbin.md"), std::string("examples.sql"), std::string("upgrade.sql")}) {
    EXPECT_NE(read(root_ / "a" / file), "") << file;
    EXPECT_TRUE(read(root_ / "a" / file) == read(root_ / "b" / file)) << file;
  }
}

TEST_F(Program, SaysEverythingThatIsWrongAndWritesNothing) {
  std::filesystem::create_directories(root_ / "functions/m");
  std::ofstream(root_ / "functions/m/x.yaml") << "foo: 1\n";
  std::ofstream(root_ / "functions/m/y.yaml") << "[]\n";
  const Outcome result =
      run("--functions " + (root_ / "functions").string() + " postgres --out " + (root_ / "out").string());
  EXPECT_EQ(result.status, 1);
  EXPECT_EQ(result.out, "");
  EXPECT_NE(result.err.find("m/x.yaml:1:1: unknown key \"foo\" in the file"), std::string::npos)
      << result.err;
  EXPECT_NE(result.err.find("m/y.yaml:1:1: the file should be a mapping"), std::string::npos) << result.err;
  EXPECT_FALSE(std::filesystem::exists(root_ / "out"));
}

TEST_F(Program, RefusesACatalogueThatIsNotTheCores) {
  std::filesystem::create_directories(root_ / "functions/m");
  std::ofstream(root_ / "functions/m/x.yaml")
      << "description: X.\nreturns: {type: text, description: X.}\nsince: 0.1.0\ninternal: true\n";
  const Outcome result = run("--functions " + (root_ / "functions").string() + " validate");
  EXPECT_EQ(result.status, 1);
  EXPECT_NE(result.err.find("m/x.yaml: describes x, which core/src/functions/<module>.def does not bind\n"),
            std::string::npos);
  EXPECT_NE(result.err.find(".def: binds quadbin_kring, which sql/functions/<module>/quadbin_kring.yaml "
                            "should describe; there is no such file\n"),
            std::string::npos);
}

TEST_F(Program, WrongUsage) {
  for (const std::string& arguments :
       {std::string(""), "--functions " + kFunctions, std::string("validate"),
        "--functions " + kFunctions + " postgres", "--functions " + kFunctions + " paint",
        "--functions " + kFunctions + " validate --hard"}) {
    const Outcome result = run(arguments);
    EXPECT_EQ(result.status, 2) << arguments;
    EXPECT_NE(result.err, "") << arguments;
    EXPECT_EQ(result.out, "") << arguments;
  }
  EXPECT_EQ(run("--help").status, 0);
}

TEST_F(Program, CannotWrite) {
  const std::string file = (root_ / "file").string();
  std::ofstream(file) << "x";
  const Outcome result = run("--functions " + kFunctions + " postgres --out " + file + "/out");
  EXPECT_EQ(result.status, 3);
  EXPECT_NE(result.err.find(": cannot write\n"), std::string::npos);
}

TEST_F(Program, WrongSnapshots) {
  const std::string out = " --out " + (root_ / "out.sql").string();
  const auto upgrade_from = [&](const std::string& snapshot) {
    return run("--functions " + kFunctions + " upgrade --from-sql " + snapshot + out);
  };
  EXPECT_EQ(upgrade_from((root_ / "geocell--0.0.1.sql").string()).err,
            (root_ / "geocell--0.0.1.sql").string() + ": cannot read\n");
  std::ofstream(root_ / "other--0.0.1.sql") << "";
  EXPECT_EQ(upgrade_from((root_ / "other--0.0.1.sql").string()).err,
            (root_ / "other--0.0.1.sql").string() + ": should be named <extension>--<version>.sql\n");
  std::ofstream(root_ / "geocell--0.0.1.sql") << "SELECT 1;\n";
  const Outcome result = upgrade_from((root_ / "geocell--0.0.1.sql").string());
  EXPECT_EQ(result.status, 1);
  EXPECT_EQ(result.err, (root_ / "geocell--0.0.1.sql").string() +
                            ":1:1: should be a CREATE FUNCTION as geocell-sql writes it\n");
  EXPECT_FALSE(std::filesystem::exists(root_ / "out.sql"));
}

}  // namespace
