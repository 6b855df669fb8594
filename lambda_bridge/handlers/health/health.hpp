// {"geocell": "health"}: whether the worker is alive, what it is and what it serves. Touches nothing outside
// of the process, so that a probe costs nothing and needs no permission.
#pragma once

#include "lambda_bridge/handlers/event_type.hpp"

namespace geocell::bridge {

// Answers {"status":"ok","version":"0.1.0","serves":["health"]}.
extern const EventType kHealthEvent;

}  // namespace geocell::bridge
