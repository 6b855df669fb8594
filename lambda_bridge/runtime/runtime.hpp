// The loop of a Lambda custom runtime: next, answer, response; against the Runtime API of 2018-06-01.
#pragma once

#include <string>

#include "lambda_bridge/bootstrap/bridge_config.hpp"

namespace geocell::bridge {

// Serves invocations until the Runtime API is gone or says that it cannot go on, with config.concurrency
// threads. Gives the exit status of the process.
int serve(const Config& config);

// Tells the Runtime API that the bootstrap cannot start. Best effort.
void report_init_error(const std::string& runtime_api, const Error& error);

// One structured line on standard output.
void log_line(const std::string& json);

}  // namespace geocell::bridge
