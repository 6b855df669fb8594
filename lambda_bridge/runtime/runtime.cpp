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

#include "geocell/status.hpp"
#include "lambda_bridge/json/json_escape.hpp"
#include "lambda_bridge/runtime/error_document.hpp"

namespace geocell::bridge {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr const char* kApi = "/2018-06-01/runtime/";
constexpr int kNextAttempts = 5;  // consecutive failures of /next before the process gives up
constexpr int kPostAttempts = 3;  // of one response
constexpr milliseconds kFirstPause{20};
// Lambda freezes the process between invocations, so /next must not time out. The largest that httplib takes,
// which counts milliseconds in an int.
constexpr time_t kNextTimeoutS = 2'000'000;
constexpr time_t kPostTimeoutS = 60;

// One structured line on standard output.
void log_line(const std::string& json) {
  // One write, so that lines of several threads do not mix.
  const std::string line = json + "\n";
  std::fwrite(line.data(), 1, line.size(), stdout);
  std::fflush(stdout);
}

std::string field(std::string_view name, std::string_view value) {
  std::string json = ",\"" + std::string(name) + "\":";
  append_json_string(json, value);
  return json;
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

std::string invocation_line(const Invocation& invocation, const Summary& summary, std::size_t request_bytes,
                            std::size_t response_bytes, double ms) {
  constexpr std::size_t kMaxKindBytes = 128;
  std::string line = summary.error.empty() ? R"({"level":"info","event":"invocation")"
                                           : R"({"level":"error","event":"invocation")";
  line += field("request_id", invocation.request_id) +
          field(summary.kind_key, std::string_view(summary.kind).substr(0, kMaxKindBytes)) + ",\"" +
          std::string(summary.items_key) + "\":" + std::to_string(summary.items) +
          ",\"request_bytes\":" + std::to_string(request_bytes) +
          ",\"response_bytes\":" + std::to_string(response_bytes) + ",\"ms\":" + to_text(ms);
  if (!invocation.trace_id.empty()) line += field("trace_id", invocation.trace_id);
  if (!summary.error.empty()) line += field("error", summary.error.substr(0, summary.error.find(':')));
  return line + "}";
}

// How the Runtime API took what was posted to it.
enum class Verdict : std::uint8_t { delivered, refused, too_large, gone };

// The invocations that one thread serves, one after the other.
class InvocationLoop {
 public:
  InvocationLoop(const std::string& runtime_api, std::unique_ptr<Handler> handler,
                 const std::atomic<bool>& stopping)
      : runtime_api_(runtime_api),
        handler_(std::move(handler)),
        stopping_(stopping),
        client_(connect(runtime_api)) {}

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
        client_ = connect(runtime_api_);
        continue;
      }
      failures = 0;
      if (!answer(*next)) return 1;
    }
    return 0;
  }

 private:
  // False: the Runtime API cannot go on.
  bool answer(httplib::Response& next) {
    const auto start = Clock::now();
    const Invocation invocation = {next.get_header_value("Lambda-Runtime-Aws-Request-Id"),
                                   next.get_header_value("Lambda-Runtime-Trace-Id"),
                                   parse_deadline(next.get_header_value("Lambda-Runtime-Deadline-Ms"))};
    if (invocation.request_id.empty()) {
      log_line(R"({"level":"error","event":"invocation without a request id"})");
      return true;
    }
    Summary summary;
    const std::size_t request_bytes = next.body.size();
    const Response response = handler_->answer(next.body, invocation, summary);
    const Verdict verdict = deliver(invocation, response, summary);
    const auto us = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start).count();
    log_line(invocation_line(invocation, summary, request_bytes, response.body.size(),
                             static_cast<double>(us) / 1e3));
    return verdict != Verdict::gone;
  }

  Verdict deliver(const Invocation& invocation, const Response& response, Summary& summary) {
    const std::string path = std::string(kApi) + "invocation/" + invocation.request_id;
    if (!response.error_type.empty()) {
      return post(path + "/error", response.body, std::string(response.error_type));
    }
    const Verdict verdict = post(path + "/response", response.body, "");
    if (verdict != Verdict::too_large) return verdict;
    summary.error = "the Runtime API refused the response as too large";
    constexpr const char* kTooLarge = "Function.ResponseTooLarge";
    return post(path + "/error", error_document(kTooLarge, summary.error), kTooLarge);
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
        // 403: this invocation is over, the next is not.
        return reply->status == 500 ? Verdict::gone : Verdict::refused;
      }
      log_line("{\"level\":\"error\",\"event\":\"response not delivered\"" +
               field("reason", httplib::to_string(reply.error())) + "}");
      if (attempt == kPostAttempts) return Verdict::refused;
      std::this_thread::sleep_for(kFirstPause * (1 << attempt));
      client_ = connect(runtime_api_);
    }
  }

  const std::string& runtime_api_;
  std::unique_ptr<Handler> handler_;
  const std::atomic<bool>& stopping_;
  std::unique_ptr<httplib::Client> client_;
};

}  // namespace

int serve(const ProcessSettings& settings, const HandlerMaker& make_handler) {
  std::atomic<bool> stopping = false;
  std::atomic<int> status = 0;
  const auto work = [&] {
    if (InvocationLoop(settings.runtime_api, make_handler(), stopping).run() != 0) {
      status = 1;
      stopping = true;
    }
  };
  std::vector<std::thread> threads;
  for (unsigned i = 1; i < settings.concurrency; ++i) threads.emplace_back(work);
  work();
  for (std::thread& thread : threads) thread.join();
  return status;
}

void report_init_error(const std::string& runtime_api, const Error& error) {
  constexpr const char* kType = "Runtime.InvalidConfiguration";
  const httplib::Headers headers = {{"Lambda-Runtime-Function-Error-Type", kType}};
  connect(runtime_api)
      ->Post(std::string(kApi) + "init/error", headers, error_document(kType, error.message),
             "application/json");
}

int run_program(const Environment& environment,
                const std::function<HandlerMaker(SettingsReader&)>& configure) {
  SettingsReader reader(environment);
  const ProcessSettings settings = read_process_settings(reader);
  const HandlerMaker make_handler = configure(reader);
  if (!reader.error()) return serve(settings, make_handler);
  std::fprintf(stderr, "%s\n", reader.error()->message.c_str());
  if (!settings.runtime_api.empty()) report_init_error(settings.runtime_api, *reader.error());
  return 1;
}

}  // namespace geocell::bridge
