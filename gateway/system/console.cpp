#include "gateway/system/console.hpp"

#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <iostream>

#include "gateway/system/failure.hpp"
#include "geocell/text.hpp"

namespace geocell::gateway {
namespace {

void line(std::FILE* to, std::string_view mark, std::string_view text) {
  std::fprintf(to, "%.*s%.*s\n", static_cast<int>(mark.size()), mark.data(), static_cast<int>(text.size()),
               text.data());
  std::fflush(to);
}

std::string read_line() {
  std::string answer;
  if (!std::getline(std::cin, answer)) throw Cancelled("No answer: input ended.");
  return trim(answer);
}

// No echo while it lives.
class SilentTerminal {
 public:
  SilentTerminal() : is_terminal_(::tcgetattr(STDIN_FILENO, &before_) == 0) {
    if (!is_terminal_) return;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
  }
  SilentTerminal(const SilentTerminal&) = delete;
  SilentTerminal& operator=(const SilentTerminal&) = delete;
  ~SilentTerminal() {
    if (is_terminal_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }

 private:
  termios before_{};
  bool is_terminal_;
};

}  // namespace

void Console::say(std::string_view text) const { line(stdout, "", text); }
void Console::note(std::string_view text) const { line(stderr, "", text); }
void Console::warn(std::string_view text) const { line(stderr, "⚠ ", text); }
void Console::verbose(std::string_view text) const {
  if (options_.verbose) line(stderr, "  · ", text);
}

bool Console::can_ask() const { return !options_.yes && ::isatty(STDIN_FILENO) == 1; }

bool Console::confirm(std::string_view question, bool otherwise, std::string_view option) const {
  if (options_.yes) return true;
  if (!can_ask()) {
    throw Failure("Nobody is there to answer \"" + std::string(question) + "\"; give " + std::string(option));
  }
  for (;;) {
    std::fprintf(stderr, "%.*s [%s] ", static_cast<int>(question.size()), question.data(),
                 otherwise ? "Y/n" : "y/N");
    std::fflush(stderr);
    const std::string answer = lower_case(read_line());
    if (answer.empty()) return otherwise;
    if (answer == "y" || answer == "yes") return true;
    if (answer == "n" || answer == "no") return false;
    std::fprintf(stderr, "Please answer y or n.\n");
  }
}

std::string Console::ask(std::string_view question, std::string_view otherwise) const {
  std::fprintf(stderr, "%.*s", static_cast<int>(question.size()), question.data());
  if (!otherwise.empty())
    std::fprintf(stderr, " [%.*s]", static_cast<int>(otherwise.size()), otherwise.data());
  std::fprintf(stderr, ": ");
  std::fflush(stderr);
  std::string answer = read_line();
  return answer.empty() ? std::string(otherwise) : answer;
}

std::string Console::ask_hidden(std::string_view question) const {
  std::fprintf(stderr, "%.*s: ", static_cast<int>(question.size()), question.data());
  std::fflush(stderr);
  std::string answer;
  {
    const SilentTerminal silent;
    answer = read_line();
  }
  std::fprintf(stderr, "\n");
  return answer;
}

}  // namespace geocell::gateway
