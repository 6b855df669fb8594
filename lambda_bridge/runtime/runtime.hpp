// The loop of a Lambda custom runtime: next, answer, response; against the Runtime API of 2018-06-01. What
// the events are it does not know (handler.hpp).
#pragma once

#include <string>

#include "lambda_bridge/runtime/handler.hpp"
#include "lambda_bridge/runtime/process_settings.hpp"

namespace geocell::bridge {

// Serves invocations until the Runtime API is gone or says that it cannot go on, with settings.concurrency
// threads and a handler for each. Returns the exit status of the process.
int serve(const ProcessSettings& settings, const HandlerMaker& make_handler);

// Tells the Runtime API that the program cannot start. Best effort.
void report_init_error(const std::string& runtime_api, const Error& error);

// The whole of a main(): reads the settings of the process, lets `configure` read the handlers' own, and
// serves. The first setting that is wrong goes to standard error and to the Runtime API, and ends it. Returns
// the exit status.
int run_program(const Environment& environment,
                const std::function<HandlerMaker(SettingsReader&)>& configure);

}  // namespace geocell::bridge
