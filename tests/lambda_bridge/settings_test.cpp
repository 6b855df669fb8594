// The settings of the process and of Redshift's handler, from environment variables.
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "lambda_bridge/engines/redshift/redshift_options.hpp"
#include "lambda_bridge/runtime/process_settings.hpp"

namespace geocell::bridge {
namespace {

class Settings : public ::testing::Test {
 protected:
  SettingsReader reader() {
    return SettingsReader([this](const char* name) {
      const auto found = variables_.find(name);
      return found == variables_.end() ? nullptr : found->second.c_str();
    });
  }
  template <class Read>
  std::string error(Read read) {
    SettingsReader settings = reader();
    read(settings);
    return settings.error() ? settings.error()->message : "no error";
  }
  template <class Read>
  auto value(Read read) {
    SettingsReader settings = reader();
    auto result = read(settings);
    EXPECT_FALSE(settings.error().has_value()) << settings.error()->message;
    return result;
  }

  std::map<std::string, std::string> variables_;
};

TEST_F(Settings, OfTheProcess) {
  EXPECT_NE(error(read_process_settings).find("AWS_LAMBDA_RUNTIME_API is not set"), std::string::npos);
  variables_["AWS_LAMBDA_RUNTIME_API"] = "127.0.0.1:9001";
  EXPECT_EQ(value(read_process_settings).runtime_api, "127.0.0.1:9001");
  EXPECT_EQ(value(read_process_settings).concurrency, 1u);
  variables_["AWS_LAMBDA_MAX_CONCURRENCY"] = "1600";
  EXPECT_EQ(value(read_process_settings).concurrency, 1600u);
  variables_["AWS_LAMBDA_MAX_CONCURRENCY"] = "0";
  EXPECT_EQ(error(read_process_settings),
            "Invalid environment variable AWS_LAMBDA_MAX_CONCURRENCY \"0\"; should be a whole number between "
            "1 and 1600");
}

TEST_F(Settings, OfRedshift) {
  const RedshiftOptions defaults = value(read_redshift_options);
  EXPECT_TRUE(defaults.string_wrapped);
  EXPECT_EQ(defaults.batch.row_errors, RowErrors::fail);
  EXPECT_EQ(defaults.batch.limits.max_value_bytes, 65535u);
  EXPECT_EQ(defaults.batch.limits.max_response_bytes, 6291456u);
  EXPECT_EQ(defaults.batch.limits.deadline_margin.count(), 500);
  variables_ = {{"GEOCELL_RESPONSE", "object"},
                {"GEOCELL_ROW_ERRORS", "null"},
                {"GEOCELL_MAX_VALUE_BYTES", "16000000"},
                {"GEOCELL_MAX_RESPONSE_BYTES", "1024"},
                {"GEOCELL_DEADLINE_MARGIN_MS", "900000"}};
  const RedshiftOptions options = value(read_redshift_options);
  EXPECT_FALSE(options.string_wrapped);
  EXPECT_EQ(options.batch.row_errors, RowErrors::as_null);
  EXPECT_EQ(options.batch.limits.max_value_bytes, 16'000'000u);
  EXPECT_EQ(options.batch.limits.max_response_bytes, 1024u);
  EXPECT_EQ(options.batch.limits.deadline_margin.count(), 900'000);
}

TEST_F(Settings, ErrorsNameTheVariableItsValueAndWhatWouldBeRight) {
  for (const char* value : {"64k", "0", "16000001", "-1", " 1"}) {
    variables_["GEOCELL_MAX_VALUE_BYTES"] = value;
    EXPECT_EQ(error(read_redshift_options), "Invalid environment variable GEOCELL_MAX_VALUE_BYTES \"" +
                                                std::string(value) +
                                                "\"; should be a whole number between 1 and 16000000");
  }
  variables_ = {{"GEOCELL_ROW_ERRORS", "ignore"}, {"GEOCELL_RESPONSE", "text"}};
  EXPECT_EQ(error(read_redshift_options),
            "Invalid environment variable GEOCELL_ROW_ERRORS \"ignore\"; should be \"fail\", \"value\" or "
            "\"null\"");
  variables_.erase("GEOCELL_ROW_ERRORS");
  EXPECT_EQ(error(read_redshift_options),
            "Invalid environment variable GEOCELL_RESPONSE \"text\"; should be \"string\" or \"object\"");
}

}  // namespace
}  // namespace geocell::bridge
