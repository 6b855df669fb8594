#include "gateway/settings/names.hpp"

#include <algorithm>
#include <cctype>

#include "gateway/system/failure.hpp"

namespace geocell::gateway {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Long values are cut in messages: a pasted file should not fill the screen.
std::string shown(std::string_view value) {
  return value.size() <= 80 ? std::string(value) : std::string(value.substr(0, 80)) + "...";
}

}  // namespace

void check_identifier(std::string_view type, std::string_view value, std::string_view variable) {
  const bool right =
      !value.empty() && value.size() <= kIdentifierLimit &&
      (is_letter(value.front()) || value.front() == '_') &&
      std::ranges::all_of(value, [](char c) { return is_letter(c) || is_digit(c) || c == '_'; });
  if (right) return;
  throw Failure(
      "Invalid " + std::string(type) + " '" + shown(value) +
      "'. Must start with letter/underscore, contain only alphanumeric/underscores, max 127 chars.\n"
      "Invalid " +
      std::string(variable) + " value. Aborting for security.");
}

void check_prefix(std::string_view prefix) {
  const bool right = !prefix.empty() && std::ranges::all_of(prefix, [](char c) {
    return is_letter(c) || is_digit(c) || c == '-' || c == '_';
  });
  if (!right) {
    throw Failure("Invalid Lambda prefix '" + shown(prefix) +
                  "' (RS_LAMBDA_PREFIX); should be letters, digits, '-' and '_', e.g. carto-at-");
  }
}

std::string lambda_name(std::string_view prefix, std::string_view name) {
  std::string full = std::string(prefix) + std::string(name);
  if (full.size() > kLambdaNameLimit) {
    throw Failure(
        "Lambda function name too long: '" + shown(full) + "' (" + std::to_string(full.size()) +
        " chars); AWS allows 64. Shorten RS_LAMBDA_PREFIX, or set lambda_name in the function's YAML.");
  }
  return full;
}

std::string role_name(std::string_view prefix, std::string_view suffix) {
  std::string name;
  std::string word;
  const auto end_word = [&] {
    if (word == "at") {
      name += "AT";
    } else if (!word.empty()) {
      word.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(word.front())));
      name += word;
    }
    word.clear();
  };
  for (const char c : prefix) {
    if (c == '-' || c == '_') {
      end_word();
    } else {
      word += c;
    }
  }
  end_word();
  name += suffix;
  if (name.size() > kRoleNameLimit) {
    throw Failure("Role name too long: '" + shown(name) + "' (" + std::to_string(name.size()) +
                  " chars); IAM allows 64. Shorten RS_LAMBDA_PREFIX.");
  }
  return name;
}

std::string session_name(std::string_view prefix) {
  std::string name = std::string(prefix) + "deployer";
  std::ranges::replace(name, '-', '_');
  return name.substr(0, 64);
}

void check_sandbox(std::string_view name) {
  const bool right = !name.empty() && name.size() <= kSandboxNameLimit && name.front() >= 'a' &&
                     name.front() <= 'z' &&
                     std::ranges::all_of(name, [](char c) { return (c >= 'a' && c <= 'z') || is_digit(c); });
  if (!right) {
    throw Failure("Invalid sandbox name '" + shown(name) +
                  "'; should be a lower-case letter, then lower-case letters and digits, at most 12 in all");
  }
}

}  // namespace geocell::gateway
