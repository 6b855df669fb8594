// Names and texts as SQL, by each engine's rule. For everybody who writes SQL, the operator's program
// included.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sql/generator/catalogue/catalogue.hpp"

namespace geocell::sql {

// In double quotes, whatever the name: the rule for Redshift, whose list of reserved words grows.
std::string quote_identifier(std::string_view name);

// In double quotes only when the name is a keyword or not a plain lower-case name: the rule for PostgreSQL's
// scripts, which people read.
std::string quote_identifier_if_needed(std::string_view name);

// Text as a literal: '…', or E'…' when there is a backslash in it, which is then doubled. PostgreSQL and
// Redshift read it alike under either setting of standard_conforming_strings.
std::string quote_literal(std::string_view text);

// Text as '…'; nothing when there is a backslash in it, which Redshift reads as an escape and PostgreSQL as
// itself. For statements of which nobody but an attacker would have one.
std::optional<std::string> quote_plain_literal(std::string_view text);

// REQUIRES: the parameter has a default.
std::string default_literal(const Parameter& parameter);

}  // namespace geocell::sql
