// How PostgreSQL spells the catalogue's types.
#pragma once

#include <cstdint>
#include <string_view>

#include "sql/generator/engines/type_table.hpp"

namespace geocell::sql::postgres {

// How an extension's functions take and return a geometry: as text (WKT, hex (E)WKB, GeoJSON), as bytea
// ((E)WKB), as PostGIS's type; none: there is no geometry in the signature.
enum class GeometryAs : std::uint8_t { none, text, bytea, geometry };

struct TypeRow {
  std::string_view type;
  std::string_view spelling;
  std::string_view as_text;   // where a geometry is text; empty: the same
  std::string_view as_bytea;  // where it is bytea
};
inline constexpr TypeRow kTypes[] = {
    {"bigint", "bigint", "", ""},
    {"integer", "integer", "", ""},
    {"double precision", "double precision", "", ""},
    {"boolean", "boolean", "", ""},
    {"text", "text", "", ""},
    {"json", "json", "", ""},
    {"json[]", "json[]", "", ""},
    {"bigint[]", "bigint[]", "", ""},
    {"double precision[]", "double precision[]", "", ""},
    {"geometry", "geometry", "text", "bytea"},
    {"geometry[]", "geometry[]", "text[]", "bytea[]"},
};
#define GEOCELL_CHECK(cpp_type, sql_name, use) \
  static_assert(has_type(kTypes, sql_name),    \
                "engines/postgres/postgres_types.hpp: add a row to kTypes for the SQL type " sql_name);
GEOCELL_SQL_TYPES(GEOCELL_CHECK)
#undef GEOCELL_CHECK

// REQUIRES: `type` is one of the catalogue's, and not a record.
constexpr std::string_view spelling(std::string_view type, GeometryAs geometry) {
  const TypeRow& row = *find_type(kTypes, type);
  if (geometry == GeometryAs::text && !row.as_text.empty()) return row.as_text;
  if (geometry == GeometryAs::bytea && !row.as_bytea.empty()) return row.as_bytea;
  return row.spelling;
}

}  // namespace geocell::sql::postgres
