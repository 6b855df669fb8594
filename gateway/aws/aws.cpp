#include "gateway/aws/aws.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <fstream>
#include <thread>

#include "gateway/settings/names.hpp"
#include "gateway/system/private_file.hpp"
#include "gateway/system/process.hpp"
#include "geocell/text.hpp"

namespace geocell::gateway {
namespace {

using nlohmann::json;

constexpr int kAttempts = 10;

bool is_one_of(std::string_view code, std::initializer_list<std::string_view> codes) {
  return std::ranges::find(codes, code) != codes.end();
}

bool says_existing(std::string_view code) {
  return is_one_of(code,
                   {"EntityAlreadyExists", "EntityAlreadyExistsException", "ResourceAlreadyExistsException"});
}

// What to do about the failures that operators meet most.
std::string remedy(std::string_view code, std::string_view text) {
  const auto says = [&](std::string_view part) { return text.find(part) != std::string_view::npos; };
  if (is_one_of(code, {"ExpiredToken", "ExpiredTokenException", "RequestExpired"}) || says("has expired")) {
    return "The credentials have expired: sign in again (aws sso login, or new keys).";
  }
  if (is_one_of(code, {"InvalidClientTokenId", "UnrecognizedClientException", "SignatureDoesNotMatch",
                       "InvalidSignatureException", "AuthFailure"})) {
    return "AWS does not know these credentials: check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or "
           "AWS_PROFILE.";
  }
  if (is_one_of(code, {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"})) {
    return "The credentials lack this permission; docs/redshift-admin.md lists what a deployment needs.";
  }
  if (says_existing(code) || (code == "ResourceConflictException" && says("already exist"))) {
    return "Somebody has made it since this run made its plan, perhaps another run at the same time: run the "
           "command again when that has ended.";
  }
  if (says("Unable to locate credentials")) {
    return "Nobody is signed in: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run aws "
           "configure.";
  }
  if (says("Could not connect") || says("Connect timeout") || says("Read timeout") ||
      says("Connection was closed") || says("connection") || says("Name or service not known")) {
    return "AWS cannot be reached: check the network, AWS_REGION and AWS_ENDPOINT_URL.";
  }
  return {};
}

}  // namespace

bool AwsFailure::is_missing() const {
  return is_one_of(code_, {"ResourceNotFoundException", "NoSuchEntity", "NoSuchEntityException", "NoSuchKey",
                           "RepositoryNotFoundException", "RepositoryPolicyNotFoundException", "404"});
}

bool AwsFailure::is_existing() const {
  return says_existing(code_) ||
         (code_ == "ResourceConflictException" && detail_.find("already exist") != std::string::npos);
}

bool AwsFailure::is_transient() const {
  if (is_existing()) return false;
  if (is_one_of(code_,
                {"ResourceConflictException", "TooManyRequestsException", "ThrottlingException", "Throttling",
                 "RequestLimitExceeded", "ServiceException", "ServiceUnavailable", "ConcurrentModification",
                 "ConcurrentModificationException", "InternalFailure", "503", "502"})) {
    return true;
  }
  return code_ == "InvalidParameterValueException" && detail_.find("cannot be assumed") != std::string::npos;
}

std::map<std::string, std::string> Aws::environment() const {
  std::map<std::string, std::string> environment{
      {"AWS_PAGER", ""},
      {"AWS_DEFAULT_OUTPUT", "json"},
      {"AWS_REGION", config_.get("AWS_REGION")},
      {"AWS_DEFAULT_REGION", config_.get("AWS_REGION")},
      {"AWS_MAX_ATTEMPTS", "1"},  // tries are ours, so that they are seen
      {"AWS_ENDPOINT_URL", config_.get("AWS_ENDPOINT_URL")},
      {"PYTHONWARNINGS", "ignore"}};
  if (!assumed_.empty()) {
    environment.insert(assumed_.begin(), assumed_.end());
    environment["AWS_PROFILE"] = "";
  } else if (config_.has("AWS_ACCESS_KEY_ID")) {
    for (const char* name : {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"}) {
      environment[name] = config_.get(name);
    }
    environment["AWS_PROFILE"] = "";
  } else {
    environment["AWS_PROFILE"] = config_.get("AWS_PROFILE");
  }
  return environment;
}

void Aws::fail(const std::string& what, const std::string& error_output) const {
  const std::string text = config_.redact(trim(error_output));
  // An error occurred (Code) when calling the Operation operation[ (reached max retries: n)]: detail
  constexpr std::string_view kBegin = "An error occurred (";
  std::string code;
  std::string detail = text;
  if (const auto begin = text.find(kBegin); begin != std::string::npos) {
    const auto first = begin + kBegin.size();
    const auto close = text.find(')', first);
    const auto colon = text.find(": ", text.find(" operation", std::min(close, text.size())));
    if (close != std::string::npos) code = text.substr(first, close - first);
    if (colon != std::string::npos) detail = text.substr(colon + 2);
  }
  std::string message = what + ": " + (code.empty() ? detail : code + ": " + detail);
  if (const std::string help = remedy(code, text); !help.empty()) message += "\n" + help;
  throw AwsFailure(code, detail, message);
}

json Aws::call_once(std::string_view service, std::string_view operation, const json& input,
                    const std::vector<FileOption>& files, const std::vector<std::string>& positional) {
  std::vector<std::string> arguments{config_.get("GEOCELL_AWS_CLI"), std::string(service),
                                     std::string(operation), "--output", "json"};
  // A file, not a pipe: the CLI reads it more than once.
  std::optional<PrivateFile> file;
  if (!input.empty()) {
    file.emplace("geocell-input", input.dump());
    arguments.insert(arguments.end(), {"--cli-input-json", "file://" + file->path().string()});
  }
  for (const auto& option : files) arguments.insert(arguments.end(), {option.name, option.value});
  arguments.insert(arguments.end(), positional.begin(), positional.end());
  const std::string what = "aws " + std::string(service) + " " + std::string(operation);
  const auto timeout = std::chrono::seconds(config_.number("GEOCELL_AWS_TIMEOUT", 1, 3600));
  const auto result = run_process(arguments, "", environment(), timeout);
  if (result.timed_out) {
    fail(what, "Connect timeout: no answer within " + std::to_string(timeout.count()) + " s");
  }
  if (result.exit_status == 127) {
    throw AwsFailure("", result.err,
                     config_.get("GEOCELL_AWS_CLI") +
                         ": the AWS CLI cannot be started; install it (apt-get install awscli, or "
                         "https://aws.amazon.com/cli/) or name it in GEOCELL_AWS_CLI");
  }
  if (result.exit_status != 0) {
    fail(what, result.err.empty() ? "exit status " + std::to_string(result.exit_status) : result.err);
  }
  if (trim(result.out).empty()) return json::object();
  json answer = json::parse(result.out, nullptr, false);
  if (answer.is_discarded()) fail(what, "the answer is not JSON: " + result.out.substr(0, 200));
  return answer;
}

json Aws::call(std::string_view service, std::string_view operation, const json& input,
               const std::vector<FileOption>& files) {
  sign_in();
  for (int attempt = 1;; ++attempt) {
    try {
      return call_once(service, operation, input, files);
    } catch (const AwsFailure& failure) {
      if (!failure.is_transient() || attempt > kAttempts) throw;
      const auto delay =
          std::chrono::milliseconds(config_.number("GEOCELL_RETRY_DELAY_MS", 0, 600000)) * attempt;
      console_.note("  … aws " + std::string(service) + " " + std::string(operation) + ": " + failure.code() +
                    "; trying again in " + std::to_string(delay.count()) + " ms");
      std::this_thread::sleep_for(delay);
    }
  }
}

json Aws::read(std::string_view service, std::string_view operation, const json& input) {
  console_.verbose("aws " + std::string(service) + " " + std::string(operation) + " " + input.dump());
  return call(service, operation, input, {});
}

std::optional<json> Aws::find(std::string_view service, std::string_view operation, const json& input) {
  try {
    return read(service, operation, input);
  } catch (const AwsFailure& failure) {
    if (failure.is_missing()) return std::nullopt;
    throw;
  }
}

json Aws::write(std::string_view service, std::string_view operation, const json& input,
                const std::vector<FileOption>& files) {
  std::string shown = "aws " + std::string(service) + " " + std::string(operation) + " " + input.dump();
  for (const auto& option : files) shown += " " + option.name + " " + option.value;
  if (dry_run_) {
    console_.say("would call: " + config_.redact(shown));
    return nullptr;
  }
  console_.verbose(config_.redact(shown));
  return call(service, operation, input, files);
}

void Aws::fetch(const std::string& bucket, const std::string& key, const std::filesystem::path& to) {
  sign_in();
  console_.verbose("aws s3api get-object --bucket " + bucket + " --key " + key);
  // With a file to write to, the CLI wants these as options.
  call_once("s3api", "get-object", json::object(), {{"--bucket", bucket}, {"--key", key}}, {to.string()});
}

json Aws::invoke(const std::string& function, const std::string& request, std::string& payload) {
  sign_in();
  const PrivateFile question("geocell-question", request);
  const PrivateFile answer("geocell-answer", "");
  const std::vector<std::string> arguments{config_.get("GEOCELL_AWS_CLI"),
                                           "lambda",
                                           "invoke",
                                           "--output",
                                           "json",
                                           "--function-name",
                                           function,
                                           "--log-type",
                                           "Tail",
                                           "--payload",
                                           "fileb://" + question.path().string(),
                                           answer.path().string()};
  console_.verbose("aws lambda invoke --function-name " + function);
  const auto timeout = std::chrono::seconds(config_.number("GEOCELL_AWS_TIMEOUT", 1, 3600));
  const auto result = run_process(arguments, "", environment(), timeout);
  if (result.exit_status != 0) fail("aws lambda invoke", result.err);
  std::ifstream stream(answer.path(), std::ios::binary);
  payload.assign(std::istreambuf_iterator<char>(stream), {});
  return json::parse(result.out, nullptr, false);
}

void Aws::sign_in() {
  if (signed_in_) return;
  signed_in_ = true;
  if (!config_.has("AWS_ASSUME_ROLE_ARN")) return;
  const json answer = call_once(
      "sts", "assume-role",
      {{"RoleArn", config_.get("AWS_ASSUME_ROLE_ARN")}, {"RoleSessionName", session_name(config_.prefix())}},
      {});
  const json& credentials = answer.at("Credentials");
  assumed_ = {{"AWS_ACCESS_KEY_ID", credentials.at("AccessKeyId")},
              {"AWS_SECRET_ACCESS_KEY", credentials.at("SecretAccessKey")},
              {"AWS_SESSION_TOKEN", credentials.at("SessionToken")}};
}

const Identity& Aws::identity() {
  if (!identity_) {
    const json answer = read("sts", "get-caller-identity", json::object());
    const std::string arn = answer.at("Arn");
    const auto begin = arn.find(':') + 1;
    identity_ = Identity{answer.at("Account"), arn, arn.substr(begin, arn.find(':', begin) - begin)};
  }
  return *identity_;
}

std::string Aws::lambda_arn(const std::string& name) {
  return "arn:" + identity().partition + ":lambda:" + config_.get("AWS_REGION") + ":" + identity().account +
         ":function:" + name;
}

std::string Aws::role_arn(const std::string& name) {
  return "arn:" + identity().partition + ":iam::" + identity().account + ":role/" + name;
}

}  // namespace geocell::gateway
