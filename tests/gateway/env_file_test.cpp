#include "gateway/settings/env_file.hpp"

#include <gtest/gtest.h>

#include "gateway/system/failure.hpp"

namespace geocell::gateway {
namespace {

std::string value_of(std::string_view text) { return parse_env(text, ".env").at("X").value; }

std::string message_of(std::string_view text) {
  try {
    parse_env(text, ".env");
  } catch (const Failure& failure) {
    return failure.what();
  }
  return "no error";
}

TEST(EnvFile, ReadsBareAndQuotedValues) {
  EXPECT_EQ(value_of("X=a"), "a");
  EXPECT_EQ(value_of("export X = a b \n"), "a b");
  EXPECT_EQ(value_of("X=a#b # comment"), "a#b");
  EXPECT_EQ(value_of("X=#nothing"), "");
  EXPECT_EQ(value_of("X="), "");
  EXPECT_EQ(value_of("X=a=b"), "a=b");
  EXPECT_EQ(value_of("X='a \"b\" $c ${d} \\n'  # comment"), "a \"b\" $c ${d} \\n");
  EXPECT_EQ(value_of(R"(X="a\"b\\c\n\$d$e")"), "a\"b\\c\n$d$e");
  EXPECT_EQ(value_of("\xEF\xBB\xBFX=a\r\n"), "a");
  EXPECT_EQ(value_of("X='two\nlines'\nY=1"), "two\nlines");
  EXPECT_EQ(value_of("X=1\nX=2"), "2");
}

TEST(EnvFile, KnowsTheLine) {
  const EnvFile file = parse_env("# c\n\nX='a\nb'\nY=1\n", ".env");
  EXPECT_EQ(file.at("X").line, 3);
  EXPECT_EQ(file.at("Y").line, 5);
}

TEST(EnvFile, ErrorsNameTheLineAndNeverTheValue) {
  EXPECT_EQ(message_of("X=1\nrubbish"), ".env:2: should be NAME=value");
  EXPECT_EQ(message_of("X='hunter2"), ".env:1: the value of X lacks its closing '");
  EXPECT_EQ(message_of("X='hunter2' y"), ".env:1: text after the closing quote of X's value");
  EXPECT_EQ(message_of("1X=2"), ".env:1: should be NAME=value, the name of letters, digits and underscores");
  for (const char* bad : {"X=hunter2${HOME}", "X=\"hunter2${HOME}\"", "X=\"hunter2\\q\"", "X='hunter2"}) {
    EXPECT_NE(message_of(bad), "no error");
    EXPECT_EQ(message_of(bad).find("hunter2"), std::string::npos) << bad;
  }
}

TEST(EnvFile, QuotedValuesComeBack) {
  for (const std::string& value :
       {std::string("plain"), std::string("a b"), std::string("it's"), std::string("\"$x\\"),
        std::string("${x}"), std::string("it's ${x} \"y\"\n"), std::string()}) {
    EXPECT_EQ(value_of("X=" + quote_env(value) + "\n"), value) << value;
  }
}

}  // namespace
}  // namespace geocell::gateway
