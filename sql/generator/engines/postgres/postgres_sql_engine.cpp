#include "sql/generator/engines/postgres/postgres_sql_engine.hpp"

#include "sql/generator/engines/postgres/postgres_types.hpp"

namespace geocell::sql::postgres {

std::string type_name(std::string_view type) { return std::string(spelling(type, GeometryAs::geometry)); }

// The schema says it all.
std::vector<Issue> check(std::span<const Function>) { return {}; }

std::string facts(const Function& function) {
  constexpr const char* kVolatility[] = {"immutable", "stable", "volatile"};
  constexpr const char* kParallel[] = {"safe", "restricted", "unsafe"};
  const auto volatility = function.postgres.volatility.value_or(function.volatility);
  const auto parallel = function.postgres.parallel.value_or(function.parallel);
  std::string text = "extension ";
  if (returns_geometry(function)) {
    text += "`geocell_postgis`";
  } else if (takes_geometry(function)) {
    text +=
        "`geocell_postgis` for PostGIS's `geometry`; extension `geocell` takes the geometry as `text` "
        "(WKT, GeoJSON or hex EWKB) or as `bytea` (WKB or EWKB)";
  } else {
    text += "`geocell`";
  }
  return text + "; " + kVolatility[static_cast<std::size_t>(volatility)] + ", parallel " +
         kParallel[static_cast<std::size_t>(parallel)];
}

}  // namespace geocell::sql::postgres
