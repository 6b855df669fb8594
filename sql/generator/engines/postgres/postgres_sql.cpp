#include "sql/generator/engines/postgres/postgres_sql.hpp"

#include <algorithm>
#include <charconv>

#include "sql/generator/catalogue/schema.hpp"
#include "sql/generator/engines/postgres/postgres_types.hpp"
#include "sql/generator/engines/quoting.hpp"

namespace geocell::sql::postgres {

namespace {

std::string number(double value) {
  char buffer[400];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed).ptr;
  return std::string(buffer, end);
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

// ") RETURNS …"; before it the columns of one record, as parameters.
std::string returns(const Function& function, GeometryAs geometry, bool no_parameters) {
  const bool set = function.returns.set;
  const RecordInfo* record = find_record(function.returns.type);
  if (record == nullptr) {
    return std::string(") RETURNS ") + (set ? "SETOF " : "") +
           std::string(spelling(function.returns.type, geometry));
  }
  std::string columns;
  for (const ColumnInfo& column : record->columns) {
    if (!columns.empty() || (!set && !no_parameters)) columns += ", ";
    columns += (set ? "" : "OUT ") + quote_identifier_if_needed(column.name) + " " +
               std::string(spelling(column.type, geometry));
  }
  return set ? ") RETURNS TABLE(" + columns + ")" : columns + ") RETURNS record";
}

// The function with its first `arity` parameters.
CreateFunction create_function(const Function& function, GeometryAs geometry, std::size_t arity) {
  std::string types;
  std::string declarations;
  for (std::size_t i = 0; i < arity; ++i) {
    const Parameter& parameter = function.parameters[i];
    const std::string separator = i == 0 ? "" : ", ";
    const std::string type(spelling(parameter.type, geometry));
    types += separator + type;
    declarations += separator + quote_identifier_if_needed(parameter.name) + " " + type;
    if (parameter.default_value) declarations += " DEFAULT " + default_literal(parameter);
  }
  const std::string name = quote_identifier_if_needed(function.name);
  return {name + "(" + types + ")", name + "(" + declarations + returns(function, geometry, arity == 0),
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
               [](const Function& function) { return function.runs_in(kEngine); });
  std::sort(functions.begin(), functions.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return functions;
}

}  // namespace

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

}  // namespace geocell::sql::postgres
