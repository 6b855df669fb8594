// The worker's router, with types of the test's own: which handler gets an event, and what becomes of events
// that none wants.
#include "lambda_bridge/worker/event_router.hpp"

#include <gtest/gtest.h>

#include <array>
#include <new>
#include <nlohmann/json.hpp>
#include <string>

namespace geocell::bridge {
namespace {

using nlohmann::json;

class Counting final : public Handler {
 public:
  Response answer(std::string& event, const Invocation&, Summary& summary) override {
    if (event.find("exhaust") != std::string::npos) throw std::bad_alloc();
    summary.items = ++answered_;
    return {"\"counted\"", {}};
  }

 private:
  std::size_t answered_ = 0;
};

bool has_key(simdjson::dom::object event, const char* key) { return event[key].error() == simdjson::SUCCESS; }

constexpr std::array kTypes = {
    EventType{
        "apples", [](simdjson::dom::object event) { return has_key(event, "apples"); },
        [](std::span<const EventType>) -> std::unique_ptr<Handler> { return std::make_unique<Counting>(); }},
    EventType{
        "pears", [](simdjson::dom::object event) { return has_key(event, "pears"); },
        [](std::span<const EventType>) -> std::unique_ptr<Handler> { return std::make_unique<Counting>(); }},
};

class Router : public ::testing::Test {
 protected:
  std::string answer(std::string event) {
    summary_ = {};
    const Response response = router_.answer(event, {}, summary_);
    error_type_ = response.error_type;
    return std::string(response.body);
  }
  // The message of a refusal.
  std::string refusal(const std::string& event) {
    const std::string body = answer(event);
    EXPECT_FALSE(error_type_.empty()) << body;
    const json document = json::parse(body);
    EXPECT_EQ(document.at("errorType"), error_type_);
    EXPECT_EQ(summary_.error, document.at("errorMessage"));
    return document.at("errorMessage");
  }

  EventRouter router_{kTypes};
  Summary summary_;
  std::string error_type_;
};

TEST_F(Router, TheFirstTypeThatRecognizesAnEventAnswersIt) {
  EXPECT_EQ(answer(R"({"apples":1})"), "\"counted\"");
  EXPECT_EQ(summary_.kind, "apples");
  EXPECT_EQ(answer(R"({"pears":1})"), "\"counted\"");
  EXPECT_EQ(summary_.kind, "pears");
  EXPECT_EQ(summary_.items, 1U);
  EXPECT_EQ(answer(R"({"pears":1,"apples":1})"), "\"counted\"");
  EXPECT_EQ(summary_.kind, "apples");
  EXPECT_EQ(summary_.items, 2U);
  EXPECT_EQ(error_type_, "");
}

TEST_F(Router, ForeignEventsAreNamed) {
  const auto expect_named = [this](const std::string& event, const std::string& name) {
    EXPECT_EQ(refusal(event), "Unknown event: this is " + name + "; this worker serves apples, pears");
    EXPECT_EQ(error_type_, "Geocell.UnknownEvent");
  };
  expect_named(R"({"Records":[{"messageId":"1","eventSource":"aws:sqs"}]})", "an Amazon SQS event");
  EXPECT_EQ(summary_.kind, "an Amazon SQS event");
  expect_named(R"({"Records":[{"EventSource":"aws:sns"}]})", "an Amazon SNS event");
  expect_named(R"({"Records":[{"eventSource":"aws:s3"}]})", "an Amazon S3 event");
  expect_named(R"({"Records":[{"eventSource":"aws:kinesis"}]})", "an Amazon Kinesis event");
  expect_named(R"({"Records":[{"eventSource":"aws:dynamodb"}]})", "an Amazon DynamoDB Streams event");
  expect_named(R"({"external_function":"quadbin_kring","arguments":[[1]]})",
               "a request of Amazon Redshift's external functions");
  expect_named(R"({"version":"0","detail-type":"x","source":"aws.ec2"})", "an Amazon EventBridge event");
  expect_named(R"({"awslogs":{"data":""}})", "an Amazon CloudWatch Logs event");
  expect_named(R"({"version":"2.0","requestContext":{}})",
               "an HTTP request of Amazon API Gateway or a function URL");
  expect_named(R"({"eventSource":"aws:kafka","bootstrapServers":"b","records":{}})", "an Apache Kafka event");
}

TEST_F(Router, UnknownEventsAreDescribedByTheirKeysAndNeverByValues) {
  const auto expect_described = [this](const std::string& event, const std::string& description) {
    EXPECT_EQ(refusal(event), "Unknown event: this is " + description + "; this worker serves apples, pears");
    EXPECT_EQ(summary_.kind, "");
  };
  expect_described("{}", "an empty JSON object");
  expect_described(R"({"user":"secret"})", R"(a JSON object with the key "user")");
  expect_described(R"({"a":1,"b":"secret","c":{}})", R"(a JSON object with the keys "a", "b", "c")");
  expect_described(R"({"a":1,"é\n":2,"c":3,"d":4})",
                   R"(a JSON object with the keys "a", "\xc3\xa9\x0a", "c", …)");
  expect_described(R"({"Records":[]})", R"(a JSON object with the key "Records")");
  expect_described(R"({"Records":[7]})", R"(a JSON object with the key "Records")");
  expect_described(R"({"Records":[{"eventSource":"aws:other"}]})", R"(a JSON object with the key "Records")");
  expect_described(R"({"Records":[{"eventSource":7}]})", R"(a JSON object with the key "Records")");
  expect_described("[]", "a JSON array");
  expect_described("\"secret\"", "a JSON string");
  expect_described("18446744073709551615", "a JSON number");
  expect_described("-1.5", "a JSON number");
  expect_described("true", "a JSON boolean");
  expect_described("null", "null");
  EXPECT_LT(refusal("{\"" + std::string(5000, 'k') + "\":1}").size(), 200U);
}

TEST_F(Router, WhatIsNotJsonIsRefused) {
  const std::string good = R"({"apples":"é","more":[1,2.5e3,null,{"x":true}]})";
  for (const std::string& event :
       {std::string(), std::string("\0\xff", 2), std::string("{\"apples\":1"), std::string(100'000, '['),
        std::string(R"({"apples":"\ud800"})"), std::string("{\"apples\":\"\xff\"}"), good + "x"}) {
    EXPECT_TRUE(refusal(event).starts_with("Invalid event: ")) << event.substr(0, 50);
    EXPECT_EQ(error_type_, "Geocell.InvalidEvent");
  }
  for (std::size_t length = 0; length < good.size(); ++length) {
    EXPECT_TRUE(refusal(good.substr(0, length)).starts_with("Invalid event: ")) << length;
  }
  EXPECT_EQ(answer(good), "\"counted\"");
}

TEST_F(Router, OutOfMemoryFailsOneInvocation) {
  EXPECT_TRUE(refusal(R"({"apples":"exhaust"})").starts_with("Out of memory: "));
  EXPECT_EQ(error_type_, "Geocell.OutOfMemory");
  EXPECT_EQ(answer(R"({"apples":1})"), "\"counted\"");
}

TEST(ServedTypes, AreChosenByTheEnvironment) {
  const auto served = [](const char* setting, std::optional<Error>& error) {
    SettingsReader reader([&](const char*) { return setting; });
    std::string names;
    for (const EventType& type : read_served_types(reader, kTypes)) names += std::string(type.name) + " ";
    error = reader.error();
    return names;
  };
  std::optional<Error> error;
  EXPECT_EQ(served(nullptr, error), "apples pears ");
  EXPECT_EQ(served("", error), "apples pears ");
  EXPECT_EQ(served("pears", error), "pears ");
  EXPECT_EQ(served("pears , apples", error), "pears apples ");
  EXPECT_EQ(error, std::nullopt);
  for (const char* wrong : {"plums", "pears,", ",", " "}) {
    served(wrong, error);
    ASSERT_TRUE(error.has_value()) << wrong;
    EXPECT_TRUE(error->message.ends_with("; should be \"apples\" or \"pears\"")) << error->message;
  }
  served("pears,plums", error);
  EXPECT_EQ(error->message,
            "Invalid environment variable GEOCELL_SERVE \"plums\"; should be \"apples\" or \"pears\"");
}

}  // namespace
}  // namespace geocell::bridge
