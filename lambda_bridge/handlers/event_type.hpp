// One type of event that the worker serves: how it is recognized, and what answers it. Each folder beside
// this file holds one; lambda_bridge/worker/main.cpp lists them.
#pragma once

#include <simdjson.h>

#include <span>
#include <string_view>

#include "lambda_bridge/runtime/handler.hpp"

namespace geocell::bridge {

struct EventType {
  // What GEOCELL_SERVE, the log and the health event call it. Also the name of its folder.
  std::string_view name;
  // Whether an event, a JSON object, is of this type. Looks at as little as tells it apart from every other
  // type: what else is wrong with the event is for the handler to say.
  bool (*recognizes)(simdjson::dom::object event);
  // Makes the handler of such events. `served` are the types of this process, for handlers that report on it;
  // it outlives them.
  std::unique_ptr<Handler> (*make_handler)(std::span<const EventType> served);
};

}  // namespace geocell::bridge
