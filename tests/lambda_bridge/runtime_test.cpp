// The Runtime API loop against a Runtime API that misbehaves, with Redshift's handler behind it; and the
// seam, with handlers of the tests' own.
#include "lambda_bridge/runtime/runtime.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <map>
#include <memory>
#include <string>

#include "lambda_bridge/engines/redshift/redshift_handler.hpp"
#include "lambda_bridge/runtime/error_document.hpp"
#include "tests/emulators/runtime_api/fake_runtime_api.hpp"

namespace geocell::bridge {
namespace {

using test::FakeRuntimeApi;

constexpr const char* kGood =
    R"({"external_function":"quadbin_resolution","arguments":[[5207251884775047167]]})";
constexpr const char* kGoodAnswer = R"("{\"success\":true,\"num_records\":1,\"results\":[4]}")";

class Runtime : public ::testing::Test {
 protected:
  void start(unsigned concurrency = 1) {
    start(concurrency, [] { return std::make_unique<RedshiftHandler>(RedshiftOptions{}); });
  }
  void start(unsigned concurrency, const HandlerMaker& make_handler) {
    settings_ = {api_.address(), concurrency};
    served_ = std::async(std::launch::async, [this, make_handler] { return serve(settings_, make_handler); });
  }
  int stop() {
    api_.shut_down();
    return served_.get();
  }

  FakeRuntimeApi api_;
  ProcessSettings settings_;
  std::future<int> served_;
};

TEST_F(Runtime, AnswersOneAfterTheOther) {
  start();
  for (int i = 0; i < 3; ++i) {
    const auto answer = api_.invoke(kGood);
    EXPECT_EQ(answer.body, kGoodAnswer);
    EXPECT_FALSE(answer.is_error);
    EXPECT_EQ(answer.content_type, "application/json");
  }
  EXPECT_EQ(stop(), 1);
}

TEST_F(Runtime, LivesOnAfterBadRequests) {
  start();
  const std::string truncated = std::string(kGood).substr(0, 40);
  for (const std::string& bad :
       {std::string(), truncated, std::string(1000, '['), std::string("\0\xff", 2)}) {
    EXPECT_NE(api_.invoke(bad).body.find(R"(\"success\":false)"), std::string::npos);
    EXPECT_EQ(api_.invoke(kGood).body, kGoodAnswer);
  }
  stop();
}

TEST_F(Runtime, TakesABatchOfFiveMegabytes) {
  start();
  std::string rows;
  while (rows.size() < std::size_t{5} * 1024 * 1024) rows += "[5207251884775047167],";
  rows.pop_back();
  const auto count = static_cast<std::size_t>(std::ranges::count(rows, '['));
  const auto answer = api_.invoke(R"({"external_function":"quadbin_resolution","arguments":[)" + rows + "]}");
  EXPECT_TRUE(
      answer.body.starts_with(R"("{\"success\":true,\"num_records\":)" + std::to_string(count) + ","));
  EXPECT_TRUE(answer.body.ends_with(R"(,4,4,4]}")"));
  stop();
}

TEST_F(Runtime, AResponseRefusedAsTooLargeBecomesAnError) {
  start();
  api_.refuse_response(413);
  const auto answer = api_.invoke(kGood);
  EXPECT_TRUE(answer.is_error);
  EXPECT_EQ(answer.error_type, "Function.ResponseTooLarge");
  EXPECT_EQ(api_.invoke(kGood).body, kGoodAnswer);
  stop();
}

TEST_F(Runtime, GoesOnAfterAResponseRefusedForItsState) {
  start();
  api_.refuse_response(403);
  api_.queue(kGood);
  EXPECT_EQ(api_.invoke(kGood).body, kGoodAnswer);
  stop();
}

TEST_F(Runtime, ExitsWhenTheRuntimeApiCannotGoOn) {
  start();
  api_.refuse_response(500);
  api_.queue(kGood);
  EXPECT_EQ(served_.get(), 1);
}

TEST_F(Runtime, GivesUpAfterRepeatedFailuresOfNext) {
  start();
  EXPECT_EQ(api_.invoke(kGood).body, kGoodAnswer);
  api_.fail_next(503);
  EXPECT_EQ(served_.get(), 1);
  EXPECT_GE(api_.next_calls(), 5);
}

TEST_F(Runtime, ComesBackWhenNextFailsForAMoment) {
  start();
  EXPECT_EQ(api_.invoke(kGood).body, kGoodAnswer);
  api_.fail_next(503);
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  api_.fail_next(0);
  EXPECT_EQ(api_.invoke(kGood).body, kGoodAnswer);
  stop();
}

TEST_F(Runtime, GivesUpWhenNobodyListens) {
  EXPECT_EQ(serve({"127.0.0.1:1"}, [] { return std::make_unique<RedshiftHandler>(RedshiftOptions{}); }), 1);
}

TEST_F(Runtime, FailsABatchBeforeItsDeadlineKillsIt) {
  start();
  // A zigzag that has a border of billions of cells.
  std::string ring;
  for (int i = 0; i <= 400; ++i) ring += std::to_string(i * 0.25) + (i % 2 == 0 ? " 10," : " 60,");
  const std::string request = R"({"external_function":"quadbin_polyfill","arguments":[["POLYGON((0 -20,)" +
                              ring + R"json(100 -20,0 -20))",26,"contains"]]})json";
  const auto start_time = std::chrono::steady_clock::now();
  const auto answer = api_.invoke(request, std::chrono::milliseconds(1500));
  EXPECT_LT(std::chrono::steady_clock::now() - start_time, std::chrono::milliseconds(1500));
  EXPECT_NE(answer.body.find("Error processing row 0: "), std::string::npos) << answer.body.substr(0, 300);
  stop();
}

TEST_F(Runtime, ServesSeveralAtOnce) {
  start(4);
  std::map<std::string, std::string> expected;
  for (int i = 0; i < 200; ++i) {
    const std::string level = std::to_string(i % 20);
    expected[api_.queue(R"({"external_function":"s2_resolution","arguments":[]})")] =
        R"("{\"success\":true,\"num_records\":0,\"results\":[]}")";
    expected[api_.queue(R"({"external_function":"quadbin_fromlonglat","arguments":[[0,0,)" + level + "]]}")] =
        "";
    expected[api_.queue(kGood)] = kGoodAnswer;
  }
  for (const auto& [id, body] : expected) {
    const auto answer = api_.wait_for(id);
    if (!body.empty()) {
      EXPECT_EQ(answer.body, body);
    }
  }
  stop();
}

TEST_F(Runtime, InitErrorsReachTheRuntimeApi) {
  report_init_error(api_.address(), {ErrorCode::invalid_parameter, "Invalid é"});
  const auto error = api_.init_error();
  EXPECT_EQ(
      error.body,
      "{\"errorType\":\"Runtime.InvalidConfiguration\",\"errorMessage\":\"Invalid é\",\"stackTrace\":[]}");
  EXPECT_EQ(error.error_type, "Runtime.InvalidConfiguration");
}

// Says what it was told; fails on request.
class Echo final : public Handler {
 public:
  Response answer(std::string& event, const Invocation& invocation, Summary& summary) override {
    summary.kind = "echo of " + event;
    summary.items = event.size();
    if (event == "fail") {
      summary.error = "refused: fail";
      body_ = error_document("Test.Refused", "fail");
      return {body_, "Test.Refused"};
    }
    body_ = "\"" + invocation.request_id + (invocation.deadline ? " has" : " lacks") + " a deadline\"";
    return {body_, {}};
  }

 private:
  std::string body_;
};

TEST_F(Runtime, AnyHandlerIsServed) {
  ::testing::internal::CaptureStdout();
  start(1, [] { return std::make_unique<Echo>(); });
  EXPECT_EQ(api_.invoke("hello").body, "\"request-1 has a deadline\"");
  const auto failed = api_.invoke("fail");
  EXPECT_TRUE(failed.is_error);
  EXPECT_EQ(failed.error_type, "Test.Refused");
  EXPECT_EQ(failed.body, R"({"errorType":"Test.Refused","errorMessage":"fail","stackTrace":[]})");
  stop();
  const std::string log = ::testing::internal::GetCapturedStdout();
  EXPECT_NE(
      log.find(R"({"level":"info","event":"invocation","request_id":"request-1","kind":"echo of hello",)"
               R"("items":5,"request_bytes":5,"response_bytes":26,"ms":)"),
      std::string::npos)
      << log;
  EXPECT_NE(log.find(R"({"level":"error","event":"invocation","request_id":"request-2")"), std::string::npos);
  EXPECT_NE(log.find(R"("error":"refused"})"), std::string::npos) << log;
}

TEST_F(Runtime, EveryThreadHasAHandlerOfItsOwn) {
  std::atomic<int> made = 0;
  start(4, [&] {
    ++made;
    return std::make_unique<Echo>();
  });
  EXPECT_TRUE(api_.wait_for_next(4));
  EXPECT_EQ(made, 4);
  stop();
}

TEST_F(Runtime, ProgramsWithWrongSettingsDoNotStart) {
  const std::string address = api_.address();
  const auto environment = [&](const char* name) {
    return std::string_view(name) == "AWS_LAMBDA_RUNTIME_API" ? address.c_str() : "x";
  };
  ::testing::internal::CaptureStderr();
  EXPECT_EQ(run_program(environment, [](SettingsReader&) { return HandlerMaker(); }), 1);
  const std::string error = "Invalid environment variable AWS_LAMBDA_MAX_CONCURRENCY";
  EXPECT_NE(::testing::internal::GetCapturedStderr().find(error), std::string::npos);
  EXPECT_NE(api_.init_error().body.find(error), std::string::npos);
}

}  // namespace
}  // namespace geocell::bridge
