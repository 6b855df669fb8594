// geocell: the operator's program. Exit status: 0 done or nothing to do, 1 anything else.
#include <csignal>

#include "gateway/system/failure.hpp"
#include "gateway/verbs/command_line.hpp"

int main(int argc, char** argv) {
  using namespace geocell::gateway;  // NOLINT: the program of this library
  std::signal(SIGPIPE, SIG_IGN);
  GlobalOptions options;
  options.command_line.assign(argv + 1, argv + argc);
  const ParsedCommand command = parse_command_line(argc, argv, options);
  if (!command.run) return command.exit_status;
  const Console console(options.console);
  try {
    return command.run(options, console);
  } catch (const Cancelled& reason) {
    console.note(reason.what());
    return 0;
  } catch (const std::exception& failure) {
    console.note(std::string("✗ ") + failure.what());
    return 1;
  }
}
