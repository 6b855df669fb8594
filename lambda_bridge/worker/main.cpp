// The Lambda `worker`: events that are no rows of a SQL engine. A program of its own, since its handlers call
// AWS, and the path of a row must not carry what that takes.
#include <cstdlib>
#include <memory>
#include <vector>

#include "lambda_bridge/handlers/health/health.hpp"
#include "lambda_bridge/runtime/runtime.hpp"
#include "lambda_bridge/worker/event_router.hpp"

namespace geocell::bridge {
namespace {

// Tried in this order.
const std::vector<EventType> kEventTypes = {
    kHealthEvent,
};

HandlerMaker configure(SettingsReader& reader) {
  const auto served = std::make_shared<const std::vector<EventType>>(read_served_types(reader, kEventTypes));
  return [served] { return std::make_unique<EventRouter>(*served); };
}

}  // namespace
}  // namespace geocell::bridge

int main() {
  return geocell::bridge::run_program([](const char* name) { return std::getenv(name); },
                                      geocell::bridge::configure);
}
