// Text as it stands inside a JSON string (RFC 8259 section 7): a backslash before quotes and backslashes, and
// \u00XX for control characters.
#pragma once

#include <string>
#include <string_view>

#include "lambda_bridge/json/text_buffer.hpp"

namespace geocell::bridge {

// Copies a register full of characters at a time and looks at what it copied,
// since nearly all of them need nothing.
void append_escaped(TextBuffer& out, std::string_view text);

// The whole JSON string, quotes and all.
void append_json_string(TextBuffer& out, std::string_view text);
void append_json_string(std::string& out, std::string_view text);

}  // namespace geocell::bridge
