// The one seam to AWS: the AWS CLI as a child process, JSON in (by a private file) and JSON out. Every way of
// signing in that the CLI supports therefore works here, and the gateway has no signing code of its own.
// Credentials from the configuration are passed in the environment, never on a command line.
#pragma once

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/settings/config.hpp"
#include "gateway/system/console.hpp"
#include "gateway/system/failure.hpp"

namespace geocell::gateway {

// AWS refused, or could not be reached.
class AwsFailure : public Failure {
 public:
  AwsFailure(std::string code, std::string detail, const std::string& text)
      : Failure(text), code_(std::move(code)), detail_(std::move(detail)) {}
  const std::string& code() const { return code_; }  // AWS's error code; "" when the CLI failed before asking
  const std::string& detail() const { return detail_; }  // AWS's message
  bool is_missing() const;    // the object does not exist: the one answer that means so
  bool is_existing() const;   // it exists already
  bool is_transient() const;  // throttled, busy, not yet propagated: worth another try

 private:
  std::string code_;
  std::string detail_;
};

// An input that is passed as a file, not in the JSON: {"--zip-file", "fileb://…"}.
struct FileOption {
  std::string name;
  std::string value;
};

struct Identity {
  std::string account;
  std::string arn;
  std::string partition;  // aws, aws-cn, aws-us-gov
};

class Aws {
 public:
  // `dry_run`: writes are shown and not sent.
  Aws(const Config& config, const Console& console, bool dry_run)
      : config_(config), console_(console), dry_run_(dry_run) {}
  Aws(const Aws&) = delete;
  Aws& operator=(const Aws&) = delete;
  virtual ~Aws() = default;

  // `operation` as the CLI names it. Throws AwsFailure. Transient failures are retried, at most 10 times,
  // after 1, 2, 3 … times GEOCELL_RETRY_DELAY_MS.
  nlohmann::json read(std::string_view service, std::string_view operation, const nlohmann::json& input);
  // The object, or nothing when AWS says that it does not exist. Every other failure is thrown.
  std::optional<nlohmann::json> find(std::string_view service, std::string_view operation,
                                     const nlohmann::json& input);
  // Null in a dry run.
  nlohmann::json write(std::string_view service, std::string_view operation, const nlohmann::json& input,
                       const std::vector<FileOption>& files = {});
  // S3's GetObject into a file.
  void fetch(const std::string& bucket, const std::string& key, const std::filesystem::path& to);
  // Lambda Invoke. Stores the answer's payload in `payload` and returns the metadata.
  nlohmann::json invoke(const std::string& function, const std::string& request, std::string& payload);

  // The caller's identity; also assumes AWS_ASSUME_ROLE_ARN, once. Throws when nobody is signed in.
  const Identity& identity();
  std::string lambda_arn(const std::string& name);
  std::string role_arn(const std::string& name);
  bool dry_run() const { return dry_run_; }
  const Config& config() const { return config_; }

 protected:
  // One operation, retried. Virtual for tests that answer without a child process.
  virtual nlohmann::json call(std::string_view service, std::string_view operation,
                              const nlohmann::json& input, const std::vector<FileOption>& files);

 private:
  nlohmann::json call_once(std::string_view service, std::string_view operation, const nlohmann::json& input,
                           const std::vector<FileOption>& files,
                           const std::vector<std::string>& positional = {});
  std::map<std::string, std::string> environment() const;
  void sign_in();
  [[noreturn]] void fail(const std::string& what, const std::string& error_output) const;

  const Config& config_;
  const Console& console_;
  bool dry_run_;
  bool signed_in_ = false;
  std::map<std::string, std::string> assumed_;  // credentials of the assumed role
  std::optional<Identity> identity_;
};

}  // namespace geocell::gateway
