// The section `config` and the key `handler`: the Lambda that serves a function, and what it runs.
#include <algorithm>
#include <limits>

#include "geocell/text.hpp"
#include "sql/generator/catalogue/sections.hpp"

namespace geocell::sql {

namespace {

std::string read_lambda_name(Checker& check, const YAML::Node& node) {
  const std::string name = check.line(node, "lambda_name");
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  };
  bool good = name.size() <= kMaxLambdaNameLength;
  for (const char c : name) good &= allowed(c);
  if (!good) {
    check.fail(node, "lambda_name is " + in_quotes(name) + "; it should be 1 to " +
                         std::to_string(kMaxLambdaNameLength) + " letters, digits, _ and -");
  }
  return name;
}

// A path downwards from the module's folder, of names that need no quotes anywhere.
bool is_handler_path(std::string_view path) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.' || c == '/';
  };
  return std::all_of(path.begin(), path.end(), allowed) && !path.starts_with("/") && !path.ends_with("/") &&
         ("/" + std::string(path)).find("/.") == std::string::npos && path.find("//") == std::string::npos &&
         (path.ends_with(".py") || path.ends_with(".cpp"));
}

}  // namespace

LambdaConfig read_config(Checker& check, const YAML::Node& node) {
  LambdaConfig config;
  if (!check.mapping(node, "config",
                     {"lambda_name", "memory_mb", "timeout_s", "max_batch_rows", "max_batch_size_kb",
                      "retry_timeout_ms"},
                     {})) {
    return config;
  }
  const auto number = [&](const char* key, std::int64_t min,
                          std::int64_t max) -> std::optional<std::int64_t> {
    const auto value = node[key];
    if (!value.IsDefined()) return std::nullopt;
    return check.integer(value, key, min, max);
  };
  if (const auto name = node["lambda_name"]) config.lambda_name = read_lambda_name(check, name);
  config.memory_mb = number("memory_mb", kMinMemoryMb, kMaxMemoryMb);
  config.timeout_s = number("timeout_s", kMinTimeoutS, kMaxTimeoutS);
  config.max_batch_rows = number("max_batch_rows", kMinBatchRows, kMaxBatchRows);
  config.max_batch_size_kb = number("max_batch_size_kb", kMinBatchSizeKb, kMaxBatchSizeKb);
  config.retry_timeout_ms = number("retry_timeout_ms", 0, std::numeric_limits<std::int64_t>::max());
  return config;
}

std::optional<Handler> read_handler(Checker& check, const YAML::Node& node) {
  const std::string path = check.line(node, "handler");
  if (!is_handler_path(path)) {
    check.fail(
        node, "handler is " + in_quotes(path) +
                  "; it should be a file below the module's folder, such as handler.py or fleet/handler.cpp, "
                  "in letters, digits, _, - and .");
    return std::nullopt;
  }
  return Handler{path, node.Mark().line + 1, node.Mark().column + 1};
}

void check_handler(Checker& check, const YAML::Node& root, const Function& function) {
  if (!function.handler) return;
  if (function.redshift.procedure || !function.redshift.plain_sql.empty()) {
    check.fail(root["redshift"], "redshift should have neither sql nor procedure beside a handler");
  }
  if (function.config.lambda_name == kSharedLambda) {
    check.fail(root["config"]["lambda_name"],
               "lambda_name " + in_quotes(kSharedLambda) +
                   " is the Lambda of geocell's own functions; a handler needs another");
  }
}

}  // namespace geocell::sql
