// The Lambda `worker`: events that are no rows of a SQL engine. A program of its own, since its handlers call
// AWS, and the path of a row must not carry what that takes.
#include <cstdlib>
#include <memory>
#include <vector>

#include "lambda_bridge/runtime/runtime.hpp"
#include "lambda_bridge/worker/event_router.hpp"

namespace {

using geocell::bridge::EventType;

// Tried in this order.
const std::vector<EventType> kEventTypes = {};

}  // namespace

int main() {
  using namespace geocell::bridge;
  return run_program(
      [](const char* name) { return std::getenv(name); },
      [](SettingsReader& reader) -> HandlerMaker {
        auto served = std::make_shared<const std::vector<EventType>>(read_served_types(reader, kEventTypes));
        return [served] { return std::make_unique<EventRouter>(*served); };
      });
}
