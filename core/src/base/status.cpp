#include "geocell/status.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace geocell {
namespace {
constexpr std::size_t kExcerptBytes = 64;
constexpr std::string_view kHexDigits = "0123456789abcdef";
}  // namespace

Error invalid_resolution(std::int64_t resolution, int min_resolution, int max_resolution) {
  return {ErrorCode::invalid_parameter, "Invalid resolution \"" + std::to_string(resolution) +
                                            "\"; should be between " + std::to_string(min_resolution) +
                                            " and " + std::to_string(max_resolution)};
}

Error not_finite(std::string_view what, double value) {
  return {ErrorCode::not_finite,
          "Invalid " + std::string(what) + " \"" + to_text(value) + "\"; should be a finite number"};
}

Error invalid_value(std::string_view what, std::string_view text, std::string_view should_be) {
  return {ErrorCode::invalid_parameter, "Invalid " + std::string(what) + " " + quoted_excerpt(text) +
                                            "; should be " + std::string(should_be)};
}

std::string quoted_excerpt(std::string_view text) {
  std::string out = "\"";
  for (const char c : text.substr(0, kExcerptBytes)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7f) {
      out += c;
    } else {
      out += "\\x";
      out += kHexDigits[byte >> 4];
      out += kHexDigits[byte & 15];
    }
  }
  return out + (text.size() > kExcerptBytes ? "\"..." : "\"");
}

std::string to_text(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
  std::array<char, 32> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  return {buffer.data(), end};
}

}  // namespace geocell
