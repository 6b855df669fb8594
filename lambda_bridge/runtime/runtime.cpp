#include "lambda_bridge/runtime/runtime.hpp"

#include <httplib.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <memory>
#include <thread>
#include <vector>

#include "lambda_bridge/json/json_escape.hpp"

namespace geocell::bridge {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr const char* kApi = "/2018-06-01/runtime/";
constexpr int kNextAttempts = 5;  // consecutive failures of /next before the process gives up
constexpr int kPostAttempts = 3;  // of one response
constexpr milliseconds kFirstPause{20};
// The process is frozen between invocations, so /next has no timeout worth the name (httplib counts in
// milliseconds in an int).
constexpr time_t kNextTimeoutS = 2'000'000;
constexpr time_t kPostTimeoutS = 60;

std::string field(std::string_view name, std::string_view value) {
  std::string json = ",\"" + std::string(name) + "\":";
  append_json_string(json, value);
  return json;
}

std::string error_document(std::string_view type, std::string_view message) {
  std::string json = "{\"errorType\":";
  append_json_string(json, type);
  json += ",\"errorMessage\":";
  append_json_string(json, message);
  return json + ",\"stackTrace\":[]}";
}

std::optional<std::chrono::system_clock::time_point> parse_deadline(const std::string& unix_ms) {
  std::int64_t ms = 0;
  const auto [end, error] = std::from_chars(unix_ms.data(), unix_ms.data() + unix_ms.size(), ms);
  if (error != std::errc{} || end != unix_ms.data() + unix_ms.size() || ms <= 0) return std::nullopt;
  return std::chrono::system_clock::time_point(milliseconds(ms));
}

std::unique_ptr<httplib::Client> connect(const std::string& runtime_api) {
  auto client = std::make_unique<httplib::Client>("http://" + runtime_api);
  client->set_keep_alive(true);
  client->set_tcp_nodelay(true);
  client->set_connection_timeout(1);
  client->set_write_timeout(kPostTimeoutS);
  return client;
}

// What to do after an answer of the Runtime API.
enum class Verdict : std::uint8_t { delivered, refused, too_large, gone };

class Worker {
 public:
  Worker(const Config& config, std::atomic<bool>& stopping)
      : config_(config), stopping_(stopping), client_(connect(config.runtime_api)) {}

  // 0 after an orderly end, 1 when the Runtime API is gone.
  int run() {
    int failures = 0;
    while (!stopping_) {
      client_->set_read_timeout(kNextTimeoutS);
      auto next = client_->Get(std::string(kApi) + "invocation/next");
      if (!next || next->status != 200) {
        const std::string reason =
            next ? "status " + std::to_string(next->status) : httplib::to_string(next.error());
        log_line("{\"level\":\"error\",\"event\":\"next failed\"" + field("reason", reason) + "}");
        if (next && next->status == 500) return 1;  // "non-recoverable: exit promptly"
        if (++failures == kNextAttempts) return 1;
        std::this_thread::sleep_for(kFirstPause * (1 << failures));
        client_ = connect(config_.runtime_api);
        continue;
      }
      failures = 0;
      if (!answer(*next)) return 1;
    }
    return 0;
  }

 private:
  bool answer(httplib::Response& invocation) {
    const auto start = Clock::now();
    const std::string id = invocation.get_header_value("Lambda-Runtime-Aws-Request-Id");
    const std::string trace_id = invocation.get_header_value("Lambda-Runtime-Trace-Id");
    if (id.empty()) {
      log_line(R"({"level":"error","event":"invocation without a request id"})");
      return true;
    }
    RedshiftOptions options = config_.redshift;
    options.batch.deadline = parse_deadline(invocation.get_header_value("Lambda-Runtime-Deadline-Ms"));
    InvocationSummary summary;
    const std::size_t request_bytes = invocation.body.size();
    const std::string_view response = codec_.answer(invocation.body, options, summary);

    const std::string path = std::string(kApi) + "invocation/" + id;
    Verdict verdict = post(path + "/response", response, "");
    if (verdict == Verdict::too_large) {
      summary.error = "the Runtime API refused the response as too large";
      verdict = post(path + "/error", error_document("Function.ResponseTooLarge", summary.error),
                     "Function.ResponseTooLarge");
    }
    const auto ms = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start).count();
    std::string line = summary.error.empty() ? R"({"level":"info","event":"invocation")"
                                             : R"({"level":"error","event":"invocation")";
    line += field("request_id", id) + field("function", summary.function.substr(0, 128)) +
            ",\"rows\":" + std::to_string(summary.rows) +
            ",\"request_bytes\":" + std::to_string(request_bytes) +
            ",\"response_bytes\":" + std::to_string(response.size()) +
            ",\"ms\":" + to_text(static_cast<double>(ms) / 1e3);
    if (!trace_id.empty()) line += field("trace_id", trace_id);
    // Row errors may quote the caller's values: the log gets only their kind, before the first colon.
    if (!summary.error.empty()) line += field("error", summary.error.substr(0, summary.error.find(':')));
    log_line(line + "}");
    return verdict != Verdict::gone;
  }

  Verdict post(const std::string& path, std::string_view body, const std::string& error_type) {
    httplib::Headers headers;
    if (!error_type.empty()) headers.emplace("Lambda-Runtime-Function-Error-Type", error_type);
    client_->set_read_timeout(kPostTimeoutS);
    for (int attempt = 1;; ++attempt) {
      const auto reply = client_->Post(path, headers, body.data(), body.size(), "application/json");
      if (reply) {
        if (reply->status == 202 || reply->status == 200) return Verdict::delivered;
        log_line("{\"level\":\"error\",\"event\":\"response refused\",\"status\":" +
                 std::to_string(reply->status) + "}");
        if (reply->status == 413) return Verdict::too_large;
        return reply->status == 500 ? Verdict::gone
                                    : Verdict::refused;  // 403: this invocation is over, the next is not
      }
      log_line("{\"level\":\"error\",\"event\":\"response not delivered\"" +
               field("reason", httplib::to_string(reply.error())) + "}");
      if (attempt == kPostAttempts) return Verdict::refused;
      std::this_thread::sleep_for(kFirstPause * (1 << attempt));
      client_ = connect(config_.runtime_api);
    }
  }

  const Config& config_;
  std::atomic<bool>& stopping_;
  std::unique_ptr<httplib::Client> client_;
  RedshiftCodec codec_;
};

}  // namespace

void log_line(const std::string& json) {
  // One write, so that lines of several threads do not mix.
  const std::string line = json + "\n";
  std::fwrite(line.data(), 1, line.size(), stdout);
  std::fflush(stdout);
}

int serve(const Config& config) {
  std::atomic<bool> stopping = false;
  std::atomic<int> status = 0;
  const auto work = [&] {
    if (Worker(config, stopping).run() != 0) {
      status = 1;
      stopping = true;
    }
  };
  std::vector<std::thread> threads;
  for (unsigned i = 1; i < config.concurrency; ++i) threads.emplace_back(work);
  work();
  for (std::thread& thread : threads) thread.join();
  return status;
}

void report_init_error(const std::string& runtime_api, const Error& error) {
  const httplib::Headers headers = {{"Lambda-Runtime-Function-Error-Type", "Runtime.InvalidConfiguration"}};
  connect(runtime_api)
      ->Post(std::string(kApi) + "init/error", headers,
             error_document("Runtime.InvalidConfiguration", error.message), "application/json");
}

}  // namespace geocell::bridge
