// Reads settings from environment variables, and remembers the first that is wrong.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "geocell/status.hpp"

namespace geocell::bridge {

// The value of a variable, or null; std::getenv but in tests.
using Environment = std::function<const char*(const char*)>;

// An empty variable counts as one that is not set.
class SettingsReader {
 public:
  explicit SettingsReader(Environment environment) : environment_(std::move(environment)) {}

  std::string_view text(const char* variable) const;
  // `fallback` where the variable is not set. A value that is no number or not in [min, max] is an error.
  std::uint64_t number(const char* variable, std::uint64_t fallback, std::uint64_t min, std::uint64_t max);

  template <class T>
  struct Choice {
    std::string_view text;
    T value;
  };
  // The value of the choice that the variable names; of the first where it is not set. Any other text is an
  // error. REQUIRES: at least one choice
  template <class T>
  T choice(const char* variable, const std::vector<Choice<T>>& choices) {
    const std::string_view wanted = text(variable);
    if (wanted.empty()) return choices.front().value;
    const auto chosen = std::ranges::find(choices, wanted, &Choice<T>::text);
    if (chosen != choices.end()) return chosen->value;
    std::vector<std::string_view> texts;
    texts.reserve(choices.size());
    for (const Choice<T>& one : choices) texts.push_back(one.text);
    fail_choice(variable, wanted, texts);
    return choices.front().value;
  }

  // The first error; it names the variable, its value and what would be right.
  const std::optional<Error>& error() const { return error_; }
  // Keeps `error` unless there is one already.
  void fail(Error error);
  void fail(const char* variable, std::string_view value, std::string_view should_be);
  // `value` should be one of `choices`.
  void fail_choice(const char* variable, std::string_view value,
                   const std::vector<std::string_view>& choices);

 private:
  Environment environment_;
  std::optional<Error> error_;
};

}  // namespace geocell::bridge
