#include "lambda_bridge/runtime/settings_reader.hpp"

#include <charconv>

namespace geocell::bridge {

std::string_view SettingsReader::text(const char* variable) const {
  const char* value = environment_(variable);
  return value == nullptr ? std::string_view{} : value;
}

std::uint64_t SettingsReader::number(const char* variable, std::uint64_t fallback, std::uint64_t min,
                                     std::uint64_t max) {
  const std::string_view value = text(variable);
  if (value.empty()) return fallback;
  std::uint64_t parsed = 0;
  const auto [end, failure] = std::from_chars(value.data(), value.data() + value.size(), parsed);
  if (failure == std::errc{} && end == value.data() + value.size() && parsed >= min && parsed <= max) {
    return parsed;
  }
  fail(variable, value, "a whole number between " + std::to_string(min) + " and " + std::to_string(max));
  return fallback;
}

void SettingsReader::fail(Error error) {
  if (!error_) error_ = std::move(error);
}

void SettingsReader::fail(const char* variable, std::string_view value, std::string_view should_be) {
  fail(invalid_value("environment variable " + std::string(variable), value, should_be));
}

void SettingsReader::fail_choice(const char* variable, std::string_view value,
                                 const std::vector<std::string_view>& choices) {
  std::string should_be;
  for (std::size_t i = 0; i < choices.size(); ++i) {
    if (i > 0) should_be += i + 1 == choices.size() ? " or " : ", ";
    should_be += "\"" + std::string(choices[i]) + "\"";
  }
  fail(variable, value, should_be);
}

}  // namespace geocell::bridge
