#include "gateway/settings/config.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>

#include "gateway/settings/env_file.hpp"
#include "gateway/settings/names.hpp"
#include "gateway/system/failure.hpp"
#include "geocell/text.hpp"

namespace geocell::gateway {
namespace {

constexpr std::array kVariables = {
    Variable{"AWS_REGION", "us-east-1", false, "AWS region"},
    Variable{"AWS_PROFILE", "", false, "Profile of the AWS CLI"},
    Variable{"AWS_ACCESS_KEY_ID", "", false, "Access key; beats the profile"},
    Variable{"AWS_SECRET_ACCESS_KEY", "", true, "Secret of the access key"},
    Variable{"AWS_SESSION_TOKEN", "", true, "Session token of a temporary key"},
    Variable{"AWS_ASSUME_ROLE_ARN", "", false, "Role to assume before anything else"},
    Variable{"AWS_ENDPOINT_URL", "", false, "Where AWS is, when it is an emulator"},
    Variable{"RS_LAMBDA_PREFIX", "carto-at-", false, "First part of the names of Lambdas and roles"},
    Variable{"RS_LAMBDA_EXECUTION_ROLE", "", false, "ARN of the Lambda's role; made when not given"},
    Variable{"RS_LAMBDA_OVERRIDE", "1", false, "0 leaves Lambdas alone that exist"},
    Variable{"RS_LAMBDA_INVOKE_ROLE", "", false,
             "ARN of the role by which Redshift invokes (comma-separated when chained, or 'default'); made "
             "when not given"},
    Variable{"RS_HOST", "", false, "Redshift's host"},
    Variable{"RS_PORT", "5439", false, "Redshift's port"},
    Variable{"RS_SSL", "1", false, "0 allows a connection without TLS"},
    Variable{"RS_USER", "", false, "Redshift's user"},
    Variable{"RS_PASSWORD", "", true, "Redshift's password"},
    Variable{"RS_DATABASE", "", false, "Redshift's database"},
    Variable{"RS_SCHEMA", "", false, "Schema of the functions"},
    Variable{"RS_PREFIX", "", false, "Without RS_SCHEMA the schema is this and 'carto'"},
    Variable{"RS_CLUSTER_ID", "", false,
             "Cluster, for the Data API and for attaching the role; else from RS_HOST"},
    Variable{"RS_WORKGROUP", "", false, "Serverless workgroup, for the same; else from RS_HOST"},
    Variable{"RS_SECRET_ARN", "", false,
             "Secrets Manager's secret with Redshift's password, for the Data API"},
    Variable{"GIT_DIFF", "", false, "Changed files, space-separated, for --diff"},
    Variable{"GEOCELL_VIA", "libpq", false, "How SQL is sent: libpq or data-api"},
    Variable{"GEOCELL_SANDBOX", "", false, "Name of a sandbox; empty is production"},
    Variable{"GEOCELL_GRANT_TO", "", false,
             "Who may use the schema and call the functions: public, NAME, group:NAME, role:NAME, "
             "comma-separated; empty leaves privileges as Redshift sets them"},
    Variable{"GEOCELL_POLYFILL_DEFAULT", "center", false,
             "Mode of polyfill with two arguments: center or intersects"},
    Variable{"GEOCELL_RETRY_TIMEOUT_MS", "", false,
             "How long Redshift retries a throttled Lambda; else what the function's YAML says"},
    Variable{"GEOCELL_LAMBDA_ARCHITECTURE", "", false,
             "Machines that run the Lambda: x86_64 or arm64; else as the package is, x86_64 before arm64"},
    Variable{"GEOCELL_LAMBDA_REFERENCE", "name", false, "What the SQL calls the Lambda by: name or arn"},
    Variable{"GEOCELL_PACKAGING", "zip", false,
             "How the Lambda's code is packed: zip, layer (all of it in a layer, the function only a name) "
             "or image (in ECR)"},
    Variable{"GEOCELL_BUCKET", "", false, "S3 bucket over which a zip goes to Lambda; needed above 50 MB"},
    Variable{"GEOCELL_RELEASES", "", false,
             "Where deploy --version finds releases: a folder, or s3://BUCKET/PREFIX; else dist/"},
    Variable{"GEOCELL_LOG_RETENTION_DAYS", "30", false, "How long CloudWatch keeps the Lambda's log"},
    Variable{"GEOCELL_LAMBDA_NAME_WARNING", "17", false, "A longer Lambda name is warned of"},
    Variable{"GEOCELL_AWS_CLI", "aws", false, "The AWS CLI"},
    Variable{"GEOCELL_AWS_TIMEOUT", "300", false, "Seconds an AWS call may take"},
    Variable{"GEOCELL_CONNECT_TIMEOUT", "30", false, "Seconds to connect to Redshift"},
    Variable{"GEOCELL_RETRY_DELAY_MS", "3000", false, "First delay before an AWS call is tried again"},
    Variable{
        "GEOCELL_RUN_SILENCE", "15", false,
        "Seconds without a sign of life after which another run in the same schema counts as interrupted"},
    Variable{"GEOCELL_WAIT_TIMEOUT", "60", false, "Seconds to wait for a Lambda or a Data API statement"},
};

const Variable* find_variable(std::string_view name) {
  const auto found = std::ranges::find(kVariables, name, &Variable::name);
  return found == kVariables.end() ? nullptr : &*found;
}

bool readable_by_others(const std::filesystem::path& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && (status.st_mode & 077U) != 0;
}

std::string mask(std::string_view value) { return value.empty() ? "" : "****"; }

}  // namespace

std::span<const Variable> variables() { return kVariables; }

Config Config::load(const std::vector<std::filesystem::path>& env_files,
                    const std::map<std::string, std::string>& overrides) {
  Config config;
  for (const auto& variable : kVariables) {
    config.settings_[std::string(variable.name)] = {std::string(variable.default_value), "default"};
  }
  std::vector<std::filesystem::path> files = env_files;
  if (files.empty()) {
    for (const char* name : {".env", "gateway/.env"}) {
      if (std::filesystem::exists(name)) files.emplace_back(name);
    }
  }
  for (const auto& path : files) {
    bool holds_secret = false;
    for (auto& [name, entry] : read_env_file(path)) {
      const std::string origin = path.string() + ":" + std::to_string(entry.line);
      const Variable* variable = find_variable(name);
      if (variable != nullptr) {
        holds_secret = holds_secret || (variable->secret && !entry.value.empty());
        config.settings_[name] = {entry.value, origin};
      } else if (name.starts_with("RS_") || name.starts_with("GEOCELL_")) {
        config.warnings_.push_back(origin + ": unknown setting " + name +
                                   " is not used; `geocell config` lists the known ones");
      }
    }
    if (holds_secret && readable_by_others(path)) {
      config.warnings_.push_back(path.string() + " holds a secret and other users may read it; chmod 600 it");
    }
  }
  for (const auto& variable : kVariables) {
    const std::string name(variable.name);
    if (const char* value = std::getenv(name.c_str())) config.settings_[name] = {value, "environment"};
  }
  for (const auto& [name, value] : overrides) config.settings_[name] = {value, "command line"};

  if (!config.has("AWS_ACCESS_KEY_ID") && !config.has("AWS_PROFILE")) {
    config.warnings_.emplace_back("Using default AWS credentials from environment");
  }
  config.derive();
  return config;
}

void Config::derive() {
  if (!sandbox().empty()) check_sandbox(sandbox());
  if (has("RS_SCHEMA")) {
    schema_ = get("RS_SCHEMA");
    schema_origin_ = "RS_SCHEMA";
  } else if (has("RS_PREFIX")) {
    schema_ = get("RS_PREFIX") + "carto";
    schema_origin_ = "RS_PREFIX";
  } else {
    schema_ = "carto";
    schema_origin_ = "default";
  }
  check_identifier("schema name", schema_, has("RS_SCHEMA") ? "RS_SCHEMA" : "RS_PREFIX");
  schema_ = lower_case(schema_);  // as Redshift folds it
  prefix_ = get("RS_LAMBDA_PREFIX");
  check_prefix(prefix_);
  if (!sandbox().empty()) {
    schema_ = sandbox() + "_" + schema_;
    prefix_ = sandbox() + "-" + prefix_;
    schema_origin_ += ", sandbox " + sandbox();
    check_identifier("schema name", schema_, "RS_SCHEMA");
  }
  lambda_name(prefix_, "geocell");
  role_name(prefix_, "LambdaExecutionRole");
  if (get("RS_LAMBDA_PREFIX").size() > kPrefixLimit) {
    warnings_.push_back("Lambda prefix '" + get("RS_LAMBDA_PREFIX") + "' has " +
                        std::to_string(get("RS_LAMBDA_PREFIX").size()) +
                        " characters; CARTO's gateway would refuse more than 10");
  }
  if (has("AWS_ACCESS_KEY_ID") != has("AWS_SECRET_ACCESS_KEY")) {
    throw Failure("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY belong together; one of them is missing");
  }
  one_of("GEOCELL_VIA", {"libpq", "data-api"});
  one_of("GEOCELL_POLYFILL_DEFAULT", {"center", "intersects"});
  one_of("GEOCELL_LAMBDA_REFERENCE", {"name", "arn"});
  one_of("GEOCELL_PACKAGING", {"zip", "layer", "image"});
  if (has("GEOCELL_LAMBDA_ARCHITECTURE")) one_of("GEOCELL_LAMBDA_ARCHITECTURE", {"x86_64", "arm64"});
  flag("RS_SSL");
  flag("RS_LAMBDA_OVERRIDE");
  number("RS_PORT", 1, 65535);
  number("GEOCELL_LAMBDA_NAME_WARNING", 1, 64);
  number("GEOCELL_LOG_RETENTION_DAYS", 1, 3653);
  number("GEOCELL_AWS_TIMEOUT", 1, 3600);
  number("GEOCELL_CONNECT_TIMEOUT", 1, 3600);
  number("GEOCELL_RETRY_DELAY_MS", 0, 600000);
  number("GEOCELL_WAIT_TIMEOUT", 1, 3600);
  number("GEOCELL_RUN_SILENCE", 1, 3600);
  if (has("GEOCELL_RETRY_TIMEOUT_MS")) number("GEOCELL_RETRY_TIMEOUT_MS", 0, 2147483647);
}

void Config::one_of(std::string_view name, std::initializer_list<std::string_view> values) const {
  if (std::ranges::find(values, get(name)) != values.end()) return;
  std::string list;
  for (const auto* value = values.begin(); value != values.end(); ++value) {
    list += (list.empty() ? "" : value + 1 == values.end() ? " or " : ", ") + std::string(*value);
  }
  throw Failure("Invalid " + std::string(name) + " '" + get(name) + "' (" + setting(name).origin +
                "); should be " + list);
}

const Setting& Config::setting(std::string_view name) const {
  const auto found = settings_.find(name);
  if (found == settings_.end()) throw Failure("unknown setting " + std::string(name));
  return found->second;
}

const std::string& Config::get(std::string_view name) const { return setting(name).value; }

bool Config::flag(std::string_view name) const {
  const std::string value = lower_case(get(name));
  if (value == "1" || value == "true" || value == "yes" || value == "on") return true;
  if (value.empty() || value == "0" || value == "false" || value == "no" || value == "off") return false;
  throw Failure("Invalid " + std::string(name) + " '" + get(name) + "' (" + setting(name).origin +
                "); should be 1 or 0");
}

long Config::number(std::string_view name, long least, long most) const {
  const std::string& text = get(name);
  long value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < least || value > most) {
    throw Failure("Invalid " + std::string(name) + " '" + text + "' (" + setting(name).origin +
                  "); should be " + std::to_string(least) + " to " + std::to_string(most));
  }
  return value;
}

std::vector<std::string> Config::list(std::string_view name) const {
  std::vector<std::string> items;
  std::string_view rest = get(name);
  while (!rest.empty()) {
    const auto comma = std::min(rest.find(','), rest.size());
    if (std::string item = trim(rest.substr(0, comma)); !item.empty()) items.push_back(std::move(item));
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  return items;
}

std::string Config::redact(std::string text) const {
  for (const auto& variable : kVariables) {
    const std::string& secret = get(variable.name);
    if (!variable.secret || secret.size() < 3) continue;
    for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at)) {
      text.replace(at, secret.size(), "****");
      at += 4;
    }
  }
  return text;
}

std::string Config::shown(std::string_view name) const {
  const Variable* variable = find_variable(name);
  if (variable != nullptr && variable->secret) return mask(get(name));
  return get(name);
}

}  // namespace geocell::gateway
