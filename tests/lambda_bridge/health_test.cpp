// The health event, through the worker's router.
#include "lambda_bridge/handlers/health/health.hpp"

#include <gtest/gtest.h>

#include <array>
#include <nlohmann/json.hpp>
#include <string>

#include "geocell/version.hpp"
#include "lambda_bridge/worker/event_router.hpp"

namespace geocell::bridge {
namespace {

using nlohmann::json;

class Health : public ::testing::Test {
 protected:
  std::string answer(std::string event) {
    summary_ = {};
    const Response response = router_.answer(event, {}, summary_);
    failed_ = !response.error_type.empty();
    return std::string(response.body);
  }

  const std::array<EventType, 1> types_ = {kHealthEvent};
  EventRouter router_{types_};
  Summary summary_;
  bool failed_ = false;
};

TEST_F(Health, SaysVersionAndWhatIsServed) {
  const json expected = {{"status", "ok"}, {"version", version()}, {"serves", {"health"}}};
  EXPECT_EQ(json::parse(answer(R"({"geocell":"health"})")), expected);
  EXPECT_FALSE(failed_);
  EXPECT_EQ(summary_.kind, "health");
  EXPECT_EQ(summary_.items, 1U);
  EXPECT_EQ(summary_.error, "");
  EXPECT_EQ(json::parse(answer(R"( {"probe":[1,{"deep":null}],"geocell":"health"} )")), expected);
}

TEST_F(Health, EveryTypeThatIsServedIsListed) {
  EventType other = kHealthEvent;
  other.name = "another \"type\"";
  const std::array<EventType, 2> types = {kHealthEvent, other};
  EventRouter router(types);
  std::string event = R"({"geocell":"health"})";
  EXPECT_EQ(json::parse(router.answer(event, {}, summary_).body).at("serves"),
            json::array({"health", "another \"type\""}));
}

TEST_F(Health, OtherEventsAreNotHealthEvents) {
  for (const char* event :
       {R"({"geocell":"Health"})", R"({"geocell":1})", R"({"geocell":null})", R"({"geocell":["health"]})",
        R"({"Geocell":"health"})", R"(["geocell","health"])", R"("health")", "{}"}) {
    answer(event);
    EXPECT_TRUE(failed_) << event;
  }
}

}  // namespace
}  // namespace geocell::bridge
