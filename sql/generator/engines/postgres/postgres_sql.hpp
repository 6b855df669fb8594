// The install scripts of both PostgreSQL extensions. `geocell` holds what needs base types only;
// `geocell_postgis` what has a geometry in its signature. One shared library serves both.
//
// C symbols, all in that library:
//   geocell_<name>            a function without geometry arguments and result; all of its arities
//   geocell_<name>_text       extension geocell: each geometry argument as text (WKT, hex (E)WKB, GeoJSON)
//   geocell_<name>_bytea      extension geocell: each geometry argument as bytea ((E)WKB)
//   geocell_<name>_geometry   extension geocell_postgis: geometry arguments and result as PostGIS's type
//   geocell_cells_support     the planner support function of all functions that return a set
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sql/generator/catalogue/catalogue.hpp"

namespace geocell::sql::postgres {

inline constexpr std::string_view kEngine = "postgres";  // in the catalogue
inline constexpr std::string_view kSupportFunction = "geocell_cells_support";

// The parts of one CREATE FUNCTION. Two functions with the same `signature` are the same function to
// PostgreSQL; one can take the other's place by CREATE OR REPLACE when `interface` is equal too.
struct CreateFunction {
  std::string signature;   // quadbin_toparent(bigint, integer)
  std::string interface;   // quadbin_toparent(quadbin bigint, resolution integer) RETURNS bigint
  std::string attributes;  // AS 'MODULE_PATHNAME', 'geocell_quadbin_toparent' LANGUAGE C IMMUTABLE …
  std::string comment;     // as an SQL literal; empty when there is none

  bool operator==(const CreateFunction&) const = default;
};

struct Extension {
  std::string name;
  std::string comment;
  std::vector<CreateFunction> functions;  // the support function first, then by name and arity
};

Extension geocell_extension(std::span<const Function> catalogue);
Extension geocell_postgis_extension(std::span<const Function> catalogue);

std::string create_statement(const CreateFunction& function, bool or_replace);
std::string comment_statement(const CreateFunction& function);
std::string script_header(const Extension& extension, std::string_view purpose, std::string_view psql_hint);

// The text of <name>--<version>.sql.
std::string install_script(const Extension& extension);

}  // namespace geocell::sql::postgres
