#include "sql/generator/engines/postgres/postgres_sql.hpp"

#include <algorithm>
#include <charconv>

#include "sql/generator/catalogue/schema.hpp"

namespace geocell::sql::postgres {

namespace {

std::string number(double value) {
  char buffer[400];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed).ptr;
  return std::string(buffer, end);
}

std::string type_name(const std::string& type, GeometryAs geometry) {
  if (type != "geometry") return type;
  return geometry == GeometryAs::text ? "text" : geometry == GeometryAs::bytea ? "bytea" : "geometry";
}

constexpr const char* kCellRangeTable = "TABLE(first bigint, last bigint, interior boolean)";

std::string default_literal(const Parameter& parameter) {
  return parameter.type == "text" ? quote_literal(*parameter.default_value) : *parameter.default_value;
}

std::string symbol(const Function& function, GeometryAs geometry) {
  constexpr const char* kSuffixes[] = {"", "_text", "_bytea", "_geometry"};
  return "geocell_" + function.name + kSuffixes[static_cast<std::size_t>(geometry)];
}

std::string attributes(const Function& function, GeometryAs geometry) {
  constexpr const char* kVolatility[] = {"IMMUTABLE", "STABLE", "VOLATILE"};
  constexpr const char* kParallel[] = {"SAFE", "RESTRICTED", "UNSAFE"};
  const PostgresOptions& options = function.postgres;
  std::string text = "AS 'MODULE_PATHNAME', " + quote_literal(symbol(function, geometry)) + " LANGUAGE C ";
  text += kVolatility[static_cast<std::size_t>(options.volatility.value_or(function.volatility))];
  if (function.null_rule == NullRule::strict) text += " STRICT";
  text += std::string(" PARALLEL ") +
          kParallel[static_cast<std::size_t>(options.parallel.value_or(function.parallel))];
  if (options.cost) text += " COST " + number(*options.cost);
  if (options.rows) text += " ROWS " + number(*options.rows);
  if (function.returns.set) text += " SUPPORT " + std::string(kSupportFunction);
  return text;
}

// The function with its first `arity` parameters.
CreateFunction create_function(const Function& function, GeometryAs geometry, std::size_t arity) {
  std::string types;
  std::string declarations;
  for (std::size_t i = 0; i < arity; ++i) {
    const Parameter& parameter = function.parameters[i];
    const std::string separator = i == 0 ? "" : ", ";
    const std::string type = type_name(parameter.type, geometry);
    types += separator + type;
    declarations += separator + quote_identifier(parameter.name) + " " + type;
    if (parameter.default_value) declarations += " DEFAULT " + default_literal(parameter);
  }
  const std::string name = quote_identifier(function.name);
  std::string result = (function.returns.set ? "SETOF " : "") + type_name(function.returns.type, geometry);
  if (function.returns.type == kCellRange) result = kCellRangeTable;
  return {name + "(" + types + ")", name + "(" + declarations + ") RETURNS " + result,
          attributes(function, geometry), quote_literal(first_paragraph(function.description))};
}

void add_arities(const Function& function, GeometryAs geometry, std::vector<CreateFunction>& functions) {
  for (const std::size_t arity : overload_arities(function)) {
    functions.push_back(create_function(function, geometry, arity));
  }
}

std::vector<Function> by_name(std::span<const Function> catalogue) {
  std::vector<Function> functions;
  std::copy_if(catalogue.begin(), catalogue.end(), std::back_inserter(functions),
               [](const Function& function) { return function.in_postgres; });
  std::sort(functions.begin(), functions.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return functions;
}

// All keywords of PostgreSQL that are not unreserved: SELECT word FROM pg_get_keywords() WHERE catcode <>
// 'U', of PostgreSQL 15. Each stands between blanks.
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

}  // namespace

std::string quote_identifier(std::string_view name) {
  const bool is_keyword = kKeywords.find(" " + std::string(name) + " ") != std::string_view::npos;
  if (is_identifier(name) && !is_keyword) return std::string(name);
  std::string quoted = "\"";
  for (const char c : name) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

std::string quote_literal(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') quoted += c;
    quoted += c;
  }
  quoted += "'";
  return text.find('\\') == std::string_view::npos ? quoted : "E" + quoted;
}

Extension geocell_extension(std::span<const Function> catalogue) {
  Extension extension{"geocell", "Spatial-index cells: quadbin, S2, exact polyfill", {}};
  const std::string support(kSupportFunction);
  extension.functions.push_back({support + "(internal)", support + "(internal) RETURNS internal",
                                 "AS 'MODULE_PATHNAME', '" + support + "' LANGUAGE C STRICT",
                                 quote_literal("Tells the planner how many cells a function returns.")});
  for (const Function& function : by_name(catalogue)) {
    if (returns_geometry(function)) continue;
    if (takes_geometry(function)) {
      add_arities(function, GeometryAs::text, extension.functions);
      add_arities(function, GeometryAs::bytea, extension.functions);
    } else {
      add_arities(function, GeometryAs::none, extension.functions);
    }
  }
  return extension;
}

Extension geocell_postgis_extension(std::span<const Function> catalogue) {
  Extension extension{"geocell_postgis", "geocell on PostGIS geometries", {}};
  for (const Function& function : by_name(catalogue)) {
    if (takes_geometry(function) || returns_geometry(function)) {
      add_arities(function, GeometryAs::geometry, extension.functions);
    }
  }
  return extension;
}

std::string create_statement(const CreateFunction& function, bool or_replace) {
  return std::string(or_replace ? "CREATE OR REPLACE" : "CREATE") + " FUNCTION " + function.interface +
         "\n  " + function.attributes + ";\n";
}

std::string comment_statement(const CreateFunction& function) {
  return "COMMENT ON FUNCTION " + function.signature + " IS " + function.comment + ";\n";
}

std::string script_header(const Extension& extension, std::string_view purpose, std::string_view psql_hint) {
  return "-- " + std::string(purpose) + " " + extension.name +
         ". Generated by geocell-sql from sql/functions; not to be edited.\n\\echo Use \"" +
         std::string(psql_hint) + "\" to load this file. \\quit\n";
}

std::string install_script(const Extension& extension) {
  std::string script =
      script_header(extension, "Install script of extension", "CREATE EXTENSION " + extension.name);
  for (const CreateFunction& function : extension.functions) {
    script += "\n" + create_statement(function, false) + comment_statement(function);
  }
  return script;
}

std::string display_signature(const Function& function) {
  std::string text = function.name + "(";
  std::string closing;
  bool first = true;
  for (const Parameter& parameter : function.parameters) {
    if (parameter.optional) {
      text += first ? "[" : " [";
      closing += "]";
    }
    text += (first ? "" : ", ") + quote_identifier(parameter.name) + " " + parameter.type;
    if (parameter.default_value) text += " DEFAULT " + default_literal(parameter);
    first = false;
  }
  if (function.redshift.procedure) return "CALL " + text + ")";
  return text + closing + ") → " + (function.returns.set ? "setof " : "") + function.returns.type;
}

}  // namespace geocell::sql::postgres
