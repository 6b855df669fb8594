#include "gateway/engines/redshift/redshift_quotes.hpp"

#include "gateway/system/failure.hpp"

namespace geocell::gateway {
namespace {

std::string quote(std::string_view text, char mark) {
  std::string quoted(1, mark);
  for (const char c : text) {
    if (c == mark) quoted += mark;
    quoted += c;
  }
  return quoted + mark;
}

}  // namespace

std::string quote_identifier(std::string_view name) { return quote(name, '"'); }

std::string quote_literal(std::string_view text) {
  if (text.find('\\') != std::string_view::npos) {
    throw Failure("a backslash in an SQL literal, which Redshift reads as an escape: " +
                  std::string(text.substr(0, 80)) + (text.size() > 80 ? "..." : ""));
  }
  return quote(text, '\'');
}

}  // namespace geocell::gateway
