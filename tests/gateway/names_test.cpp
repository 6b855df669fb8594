#include "gateway/settings/names.hpp"

#include <gtest/gtest.h>

#include "gateway/system/failure.hpp"

namespace geocell::gateway {
namespace {

// CARTO's rule and text (E4).
TEST(Names, IdentifiersAreLettersDigitsAndUnderscores) {
  for (const std::string& good :
       {std::string("carto"), std::string("_x"), std::string("A1_b"), std::string(127, 'x')}) {
    EXPECT_NO_THROW(check_identifier("schema name", good, "RS_SCHEMA")) << good;
  }
  const std::string long_name(128, 'x');
  for (const std::string& bad :
       {std::string("a;drop"), std::string(""), std::string("1a"), std::string("a-b"), std::string("a b"),
        std::string("a\"b"), std::string("é"), long_name}) {
    EXPECT_THROW(check_identifier("schema name", bad, "RS_SCHEMA"), Failure) << bad;
  }
  try {
    check_identifier("schema name", "a;drop", "RS_SCHEMA");
    FAIL();
  } catch (const Failure& failure) {
    EXPECT_STREQ(failure.what(),
                 "Invalid schema name 'a;drop'. Must start with letter/underscore, contain only "
                 "alphanumeric/underscores, max 127 chars.\nInvalid RS_SCHEMA value. Aborting for security.");
  }
}

// E8: one routine, and "at" is a word, not two letters of another one.
TEST(Names, RolesArePascalCase) {
  EXPECT_EQ(role_name("carto-at-", "LambdaExecutionRole"), "CartoATLambdaExecutionRole");
  EXPECT_EQ(role_name("dev-carto-at-", "RedshiftInvokeRole"), "DevCartoATRedshiftInvokeRole");
  EXPECT_EQ(role_name("atlas-", "LambdaExecutionRole"), "AtlasLambdaExecutionRole");
  EXPECT_EQ(role_name(std::string(45, 'x'), "LambdaExecutionRole").size(), 64U);
  EXPECT_THROW(role_name(std::string(46, 'x'), "LambdaExecutionRole"), Failure);
}

TEST(Names, LambdaNamesEndAtAwsLimit) {
  EXPECT_EQ(lambda_name("carto-at-", "geocell"), "carto-at-geocell");
  EXPECT_EQ(lambda_name(std::string(57, 'p'), "geocell").size(), 64U);
  EXPECT_THROW(lambda_name(std::string(58, 'p'), "geocell"), Failure);
  EXPECT_THROW(check_prefix("a b"), Failure);
  EXPECT_THROW(check_prefix("a/b"), Failure);
  EXPECT_THROW(check_prefix(""), Failure);
}

TEST(Names, SessionNameHasNoHyphensAndAtMost64Characters) {
  EXPECT_EQ(session_name("carto-at-"), "carto_at_deployer");
  EXPECT_EQ(session_name(std::string(80, '-')), std::string(64, '_'));
}

TEST(Names, SandboxNamesFitIntoEveryName) {
  EXPECT_NO_THROW(check_sandbox("ann"));
  EXPECT_NO_THROW(check_sandbox("a23456789012"));
  for (const char* bad : {"", "a234567890123", "Ann", "1a", "a-b", "a_b"})
    EXPECT_THROW(check_sandbox(bad), Failure);
}

}  // namespace
}  // namespace geocell::gateway
