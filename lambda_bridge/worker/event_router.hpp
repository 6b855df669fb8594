// Which of the worker's handlers an event is for.
#pragma once

#include <simdjson.h>

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "lambda_bridge/handlers/event_type.hpp"
#include "lambda_bridge/runtime/settings_reader.hpp"

namespace geocell::bridge {

// Hands each event to the handler of the first type that recognizes it. An event that none does fails the
// invocation with "Geocell.InvalidEvent" (not a JSON text) or "Geocell.UnknownEvent", and a message that says
// what it looks like and what is served: nobody reads the response to an event that came from a queue or a
// stream, but a failed one is retried, and ends where its owner looks for it.
class EventRouter final : public Handler {
 public:
  // `types` must outlive the router.
  explicit EventRouter(std::span<const EventType> types);
  Response answer(std::string& event, const Invocation& invocation, Summary& summary) override;

 private:
  Response route(std::string& event, const Invocation& invocation, Summary& summary);
  Response refuse(std::string_view error_type, std::string message, Summary& summary);

  std::span<const EventType> types_;
  std::vector<std::unique_ptr<Handler>> handlers_;  // of types_, in order
  simdjson::dom::parser parser_;
  std::string refusal_;
};

// GEOCELL_SERVE: the names of the types that this deployment serves, separated by commas; empty: all. A
// Lambda has the permissions for its own events, so an event of another type is refused before anything tries
// to act on it. Errors are the reader's.
std::vector<EventType> read_served_types(SettingsReader& reader, std::span<const EventType> all);

}  // namespace geocell::bridge
