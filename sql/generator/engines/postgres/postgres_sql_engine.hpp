// PostgreSQL's row of the table of engines.
#pragma once

#include "sql/generator/engines/sql_engine.hpp"

namespace geocell::sql::postgres {

std::string type_name(std::string_view type);
std::vector<Issue> check(std::span<const Function> catalogue);
std::string facts(const Function& function);

inline constexpr Engine kPostgres = {"postgres", &type_name, &check, &facts};

}  // namespace geocell::sql::postgres
