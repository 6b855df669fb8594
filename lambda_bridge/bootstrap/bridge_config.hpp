// The bridge's settings, from the Lambda's environment variables.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "geocell/status.hpp"
#include "lambda_bridge/engines/redshift/redshift_codec.hpp"

namespace geocell::bridge {

struct Config {
  std::string runtime_api;   // AWS_LAMBDA_RUNTIME_API: host:port
  unsigned concurrency = 1;  // AWS_LAMBDA_MAX_CONCURRENCY: invocations at once (Lambda Managed Instances)
  // GEOCELL_ROW_ERRORS        fail (default) | value | null
  // GEOCELL_RESPONSE          string (default) | object
  // GEOCELL_MAX_VALUE_BYTES   65535; 16000000 where Redshift's large strings are on
  // GEOCELL_MAX_RESPONSE_BYTES  6291456
  // GEOCELL_DEADLINE_MARGIN_MS  500
  RedshiftOptions redshift;
};

// Errors name the variable, its value and what would be right.
Result<Config> read_config(const std::function<const char*(const char*)>& environment);

}  // namespace geocell::bridge
