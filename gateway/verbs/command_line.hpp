// Parses the command line: the global options, and the verb with its own.
#pragma once

#include "gateway/verbs/verb.hpp"

namespace geocell::gateway {

struct ParsedCommand {
  VerbAction run;       // empty: nothing is to be run, as for --help and for an error, which has been shown
  int exit_status = 0;  // then
};

// Fills `options`, which has to be alive when the command is run.
ParsedCommand parse_command_line(int argc, const char* const* argv, GlobalOptions& options);

}  // namespace geocell::gateway
