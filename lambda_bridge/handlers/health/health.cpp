#include "lambda_bridge/handlers/health/health.hpp"

#include "geocell/version.hpp"
#include "lambda_bridge/json/json_escape.hpp"

namespace geocell::bridge {
namespace {

class HealthHandler final : public Handler {
 public:
  explicit HealthHandler(std::span<const EventType> served) : served_(served) {}

  Response answer(std::string&, const Invocation&, Summary& summary) override {
    summary.items = 1;
    body_ = "{\"status\":\"ok\",\"version\":";
    append_json_string(body_, version());
    body_ += ",\"serves\":[";
    for (const EventType& type : served_) {
      if (&type != &served_.front()) body_ += ',';
      append_json_string(body_, type.name);
    }
    body_ += "]}";
    return {body_, {}};
  }

 private:
  std::span<const EventType> served_;
  std::string body_;
};

bool recognizes(simdjson::dom::object event) {
  std::string_view wanted;
  return !event["geocell"].get(wanted) && wanted == "health";
}

std::unique_ptr<Handler> make_handler(std::span<const EventType> served) {
  return std::make_unique<HealthHandler>(served);
}

}  // namespace

constexpr EventType kHealthEvent = {"health", &recognizes, &make_handler};

}  // namespace geocell::bridge
