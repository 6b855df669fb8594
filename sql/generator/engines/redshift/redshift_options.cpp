// What a deployer chooses, checked before any of it becomes SQL.
#include <algorithm>
#include <set>

#include "geocell/text.hpp"
#include "sql/generator/catalogue/schema.hpp"
#include "sql/generator/engines/redshift/redshift_sql.hpp"
#include "sql/generator/engines/redshift/redshift_sql_limits.hpp"

namespace geocell::sql::redshift {

namespace {

bool consists_of(std::string_view text, std::string_view symbols) {
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           symbols.find(c) != std::string_view::npos;
  });
}

// arn:partition:service:region:account:resource
std::vector<std::string_view> arn_parts(std::string_view text) {
  std::vector<std::string_view> parts;
  for (int part = 0; part < 5; ++part) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) return {};
    parts.push_back(text.substr(0, colon));
    text.remove_prefix(colon + 1);
  }
  parts.push_back(text);
  return parts[0] == "arn" ? parts : std::vector<std::string_view>();
}

bool is_account(std::string_view text) {
  return text.size() == 12 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool is_lambda(std::string_view text) {
  if (!text.empty() && text.size() <= kMaxLambdaNameLength && consists_of(text, "-_")) return true;
  const auto parts = arn_parts(text);
  return !parts.empty() && text.size() <= kMaxLambdaArnLength && consists_of(text, "-_:$") &&
         parts[2] == "lambda" && is_account(parts[4]) && parts[5].starts_with("function:") &&
         parts[5].size() > 9;
}

bool is_role(std::string_view text) {
  const auto parts = arn_parts(text);
  return !parts.empty() && parts[2] == "iam" && parts[3].empty() && is_account(parts[4]) &&
         parts[5].starts_with("role/") && parts[5].size() > 5 && consists_of(parts[5], "-_/+=,.@");
}

bool is_role_chain(std::string_view text) {
  while (true) {
    const std::size_t next = text.find(",arn:");
    if (!is_role(text.substr(0, next))) return false;
    if (next == std::string_view::npos) return true;
    text.remove_prefix(next + 1);
  }
}

bool is_schema(std::string_view text) {
  return !text.empty() && text.size() <= kMaxIdentifierBytes && consists_of(text, "_") &&
         !(text.front() >= '0' && text.front() <= '9');
}

void check_filters(std::span<const Function> catalogue, const Options& options,
                   std::vector<std::string>& issues) {
  std::set<std::string> modules;
  std::set<std::string> names;
  for (const Function& function : catalogue) {
    if (!function.runs_in(kEngine)) continue;
    modules.insert(function.module);
    names.insert(function.name);
  }
  for (const std::string& module : options.modules) {
    if (!modules.contains(module)) {
      issues.push_back("Invalid module " + in_quotes(module) + "; should be one of " + join(modules));
    }
  }
  for (const std::string& name : options.functions) {
    if (names.contains(name)) continue;
    const bool elsewhere = std::any_of(catalogue.begin(), catalogue.end(),
                                       [&](const Function& function) { return function.name == name; });
    issues.push_back("Invalid function " + in_quotes(name) + "; " +
                     (elsewhere ? "it returns rows, which functions cannot do in Redshift"
                                : "should be the name of a file in sql/functions, without .yaml"));
  }
}

}  // namespace

std::optional<Grantee> parse_grantee(std::string_view text) {
  Grantee grantee;
  if (text == "public" || text == "PUBLIC") return Grantee{Grantee::Kind::everyone, ""};
  const std::pair<std::string_view, Grantee::Kind> kinds[] = {
      {"user:", Grantee::Kind::user}, {"group:", Grantee::Kind::group}, {"role:", Grantee::Kind::role}};
  for (const auto& [prefix, kind] : kinds) {
    if (!text.starts_with(prefix)) continue;
    grantee.kind = kind;
    text.remove_prefix(prefix.size());
    break;
  }
  if (text.empty() || text.size() > kMaxIdentifierBytes ||
      std::any_of(text.begin(), text.end(), is_control_character))
    return std::nullopt;
  grantee.name = text;
  return grantee;
}

std::vector<std::string> check_options(std::span<const Function> catalogue, const Options& options) {
  std::vector<std::string> issues;
  if (!is_schema(options.schema)) {
    issues.push_back("Invalid schema " + in_quotes(options.schema) +
                     "; should be letters, digits and _, not begin with a digit, and be at most " +
                     std::to_string(kMaxIdentifierBytes) + " bytes long");
  }
  if (options.iam_role != "default" && !is_role_chain(options.iam_role)) {
    issues.push_back(
        "Invalid IAM role " + in_quotes(options.iam_role) +
        "; should be default or arn:aws:iam::<12 digits>:role/<name>, several with commas between");
  }
  std::set<std::string> lambdas;
  for (const Function& function : catalogue) lambdas.insert(function.config.lambda_name);
  for (const std::string& name : lambdas) {
    const std::string lambda = options.lambda ? options.lambda(name) : "";
    if (!is_lambda(lambda)) {
      issues.push_back("Invalid Lambda " + in_quotes(lambda) + " for " + name +
                       "; should be a name of at most " + std::to_string(kMaxLambdaNameLength) +
                       " letters, digits, _ and -, or arn:aws:lambda:<region>:<12 digits>:function:<name>");
    }
  }
  if (options.retry_timeout_ms &&
      (*options.retry_timeout_ms < 0 || *options.retry_timeout_ms > kMaxRetryTimeoutMs)) {
    issues.push_back("Invalid retry timeout \"" + std::to_string(*options.retry_timeout_ms) +
                     "\"; should be between 0 and " + std::to_string(kMaxRetryTimeoutMs) + " milliseconds");
  }
  check_filters(catalogue, options, issues);
  return issues;
}

}  // namespace geocell::sql::redshift
