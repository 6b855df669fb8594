// How Redshift spells the catalogue's types on both sides of a wrapper, and how a value gets across to a
// Lambda.
#pragma once

#include <string_view>

#include "sql/generator/engines/type_table.hpp"

namespace geocell::sql::redshift {

// {} in a conversion is the value.
struct TypeMapping {
  std::string_view type;
  std::string_view sql;
  std::string_view wire;
  std::string_view to_wire = "{}";
  std::string_view from_wire = "{}";
};

inline constexpr std::string_view kText = "VARCHAR(MAX)";

// As SUPER, and as JSON text on the wire: json, arrays, records.
constexpr TypeMapping super(std::string_view type) {
  return {type, "SUPER", kText, "JSON_SERIALIZE({})", "JSON_PARSE({})"};
}

inline constexpr TypeMapping kTypes[] = {
    {"bigint", "BIGINT", "BIGINT"},
    {"integer", "INTEGER", "INTEGER"},
    {"boolean", "BOOLEAN", "BOOLEAN"},
    {"text", kText, kText},
    // Redshift's JSON loses digits of doubles.
    {"double precision", "DOUBLE PRECISION", kText, "CAST({} AS VARCHAR(MAX))",
     "CAST({} AS DOUBLE PRECISION)"},
    {"geometry", "GEOMETRY", kText,
     "ST_AsHexEWKB(CASE ST_SRID({}) WHEN 4326 THEN {} WHEN 0 THEN ST_SetSRID({}, 4326) "
     "ELSE ST_Transform({}, 4326) END)",
     "ST_GeomFromEWKB({})"},
    super("json"),
    super("json[]"),
    super("bigint[]"),
    super("double precision[]"),
    super("geometry[]"),  // of texts (hex EWKB, WKT, GeoJSON), since SUPER holds no GEOMETRY
};
#define GEOCELL_CHECK(cpp_type, sql_name, use) \
  static_assert(has_type(kTypes, sql_name),    \
                "engines/redshift/redshift_types.hpp: add a row to kTypes for the SQL type " sql_name);
GEOCELL_SQL_TYPES(GEOCELL_CHECK)
#undef GEOCELL_CHECK

// Of a type of the catalogue, or of a record.
constexpr TypeMapping mapping(std::string_view type) {
  const TypeMapping* row = find_type(kTypes, type);
  return row != nullptr ? *row : super(type);
}

}  // namespace geocell::sql::redshift
