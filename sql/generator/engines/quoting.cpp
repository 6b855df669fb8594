#include "sql/generator/engines/quoting.hpp"

#include "sql/generator/catalogue/schema.hpp"

namespace geocell::sql {

namespace {

// All keywords of PostgreSQL that are not unreserved: SELECT word FROM pg_get_keywords() WHERE catcode <>
// 'U', of PostgreSQL 15. Each is between blanks.
constexpr std::string_view kKeywords =
    " all analyse analyze and any array as asc asymmetric authorization between bigint binary bit "
    "boolean both case cast char character check coalesce collate collation column concurrently "
    "constraint create cross current_catalog current_date current_role current_schema current_time "
    "current_timestamp current_user dec decimal default deferrable desc distinct do else end except "
    "exists extract false fetch float for foreign freeze from full grant greatest group grouping "
    "having ilike in initially inner inout int integer intersect interval into is isnull join lateral "
    "leading least left like limit localtime localtimestamp national natural nchar none normalize not "
    "notnull null nullif numeric offset on only or order out outer overlaps overlay placing position "
    "precision primary real references returning right row select session_user setof similar smallint "
    "some substring symmetric table tablesample then time timestamp to trailing treat trim true union "
    "unique user using values varchar variadic verbose when where window with xmlattributes xmlconcat "
    "xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable ";

std::string in_marks(std::string_view text, char mark) {
  std::string quoted(1, mark);
  for (const char c : text) {
    if (c == mark) quoted += mark;
    quoted += c;
  }
  return quoted + mark;
}

}  // namespace

std::string quote_identifier(std::string_view name) { return in_marks(name, '"'); }

std::string quote_identifier_if_needed(std::string_view name) {
  const bool is_keyword = kKeywords.find(" " + std::string(name) + " ") != std::string_view::npos;
  return is_identifier(name) && !is_keyword ? std::string(name) : quote_identifier(name);
}

std::string quote_literal(std::string_view text) {
  if (const auto plain = quote_plain_literal(text)) return *plain;
  std::string doubled;
  for (const char c : text) {
    if (c == '\\') doubled += c;
    doubled += c;
  }
  return "E" + in_marks(doubled, '\'');
}

std::string default_literal(const Parameter& parameter) {
  return parameter.type == "text" ? quote_literal(*parameter.default_value) : *parameter.default_value;
}

std::optional<std::string> quote_plain_literal(std::string_view text) {
  if (text.find('\\') != std::string_view::npos) return std::nullopt;
  return in_marks(text, '\'');
}

}  // namespace geocell::sql
