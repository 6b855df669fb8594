// Names and texts as Redshift's SQL writes them.
#pragma once

#include <string>
#include <string_view>

namespace geocell::gateway {

// "name", with every quote in it doubled.
std::string quote_identifier(std::string_view name);

// 'text', with every quote in it doubled. Throws Failure for a text with a backslash: Redshift would read it
// as an escape, PostgreSQL would not.
std::string quote_literal(std::string_view text);

}  // namespace geocell::gateway
