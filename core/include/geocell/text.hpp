// Small tools for texts that programs write and read: messages, names, settings. ASCII only, whatever the
// locale.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace geocell {

// A to Z become a to z; every other byte is kept.
inline std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

// Without spaces, tabs and line ends on either side.
inline std::string trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(kSpace) - first + 1));
}

// A value as messages show it. Nothing in it is escaped.
inline std::string in_quotes(std::string_view text) { return "\"" + std::string(text) + "\""; }

// "a, b, c"
template <class Texts>
std::string join(const Texts& texts, std::string_view separator = ", ") {
  std::string joined;
  for (const auto& text : texts) {
    if (&text != &*std::begin(texts)) joined += separator;
    joined += std::string_view(text);
  }
  return joined;
}

inline bool is_control_character(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f;
}

}  // namespace geocell
