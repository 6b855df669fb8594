// What the operator sees and answers. Results go to stdout; progress, warnings and errors to stderr.
#pragma once

#include <string>
#include <string_view>

namespace geocell::gateway {

struct ConsoleOptions {
  bool verbose = false;
  bool yes = false;  // never ask
};

class Console {
 public:
  explicit Console(ConsoleOptions options) : options_(options) {}

  void say(std::string_view text) const;      // stdout
  void note(std::string_view text) const;     // stderr
  void warn(std::string_view text) const;     // stderr, "⚠ …"
  void verbose(std::string_view text) const;  // stderr, only with --verbose
  bool can_ask() const;                       // stdin is a terminal and --yes was not given

  // Asks on the terminal. Throws Failure when nobody can answer, which names the option that would have
  // answered.
  bool confirm(std::string_view question, bool otherwise, std::string_view option) const;
  std::string ask(std::string_view question, std::string_view otherwise) const;
  std::string ask_hidden(std::string_view question) const;  // without echo

 private:
  ConsoleOptions options_;
};

}  // namespace geocell::gateway
