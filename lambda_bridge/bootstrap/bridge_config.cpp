#include "lambda_bridge/bootstrap/bridge_config.hpp"

#include <charconv>

namespace geocell::bridge {
namespace {

Error invalid_setting(std::string_view variable, std::string_view value, std::string_view should_be) {
  return invalid_value("environment variable " + std::string(variable), value, should_be);
}

}  // namespace

Result<Config> read_config(const std::function<const char*(const char*)>& environment) {
  const auto text = [&](const char* variable) -> std::string_view {
    const char* value = environment(variable);
    return value == nullptr ? std::string_view{} : value;
  };
  std::optional<Error> error;
  const auto number = [&](const char* variable, std::uint64_t otherwise, std::uint64_t min,
                          std::uint64_t max) {
    const std::string_view value = text(variable);
    if (value.empty()) return otherwise;
    std::uint64_t parsed = 0;
    const auto [end, failure] = std::from_chars(value.data(), value.data() + value.size(), parsed);
    if (failure != std::errc{} || end != value.data() + value.size() || parsed < min || parsed > max) {
      error = invalid_setting(
          variable, value, "a whole number between " + std::to_string(min) + " and " + std::to_string(max));
      return otherwise;
    }
    return parsed;
  };

  Config config;
  config.runtime_api = text("AWS_LAMBDA_RUNTIME_API");
  if (config.runtime_api.empty()) {
    return Error{
        ErrorCode::invalid_parameter,
        "The environment variable AWS_LAMBDA_RUNTIME_API is not set; this program is a Lambda bootstrap and "
        "is started by Lambda or by an emulator of it"};
  }
  config.concurrency = static_cast<unsigned>(number("AWS_LAMBDA_MAX_CONCURRENCY", 1, 1, 1600));

  BatchOptions& batch = config.redshift.batch;
  const std::string_view row_errors = text("GEOCELL_ROW_ERRORS");
  if (row_errors == "value") {
    batch.row_errors = RowErrors::as_value;
  } else if (row_errors == "null") {
    batch.row_errors = RowErrors::as_null;
  } else if (!row_errors.empty() && row_errors != "fail") {
    return invalid_setting("GEOCELL_ROW_ERRORS", row_errors, "\"fail\", \"value\" or \"null\"");
  }
  const std::string_view response = text("GEOCELL_RESPONSE");
  if (!response.empty() && response != "string" && response != "object") {
    return invalid_setting("GEOCELL_RESPONSE", response, "\"string\" or \"object\"");
  }
  config.redshift.string_wrapped = response != "object";

  Limits& limits = batch.limits;
  limits.max_value_bytes = number("GEOCELL_MAX_VALUE_BYTES", limits.max_value_bytes, 1, 16'000'000);
  limits.max_response_bytes =
      number("GEOCELL_MAX_RESPONSE_BYTES", limits.max_response_bytes, 1024, 1'000'000'000);
  limits.deadline_margin = std::chrono::milliseconds(number(
      "GEOCELL_DEADLINE_MARGIN_MS", static_cast<std::uint64_t>(limits.deadline_margin.count()), 0, 900'000));
  if (error) return *error;
  return config;
}

}  // namespace geocell::bridge
