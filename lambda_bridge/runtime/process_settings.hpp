// What every program of the bridge is told by Lambda: where the Runtime API listens, and how many invocations
// come at once. What a handler is told is read where the handler is.
#pragma once

#include <string>

#include "lambda_bridge/runtime/settings_reader.hpp"

namespace geocell::bridge {

struct ProcessSettings {
  std::string runtime_api;   // AWS_LAMBDA_RUNTIME_API: host:port
  unsigned concurrency = 1;  // AWS_LAMBDA_MAX_CONCURRENCY: invocations at once (Lambda Managed Instances)
};

// Errors are the reader's.
ProcessSettings read_process_settings(SettingsReader& reader);

}  // namespace geocell::bridge
