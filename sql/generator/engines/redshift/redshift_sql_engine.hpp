// Redshift's row of the table of engines.
#pragma once

#include "sql/generator/engines/sql_engine.hpp"

namespace geocell::sql::redshift {

std::string type_name(std::string_view type);
std::string facts(const Function& function);
std::vector<Issue> check_plain_sql(std::span<const Function> catalogue);  // redshift_plain.hpp

inline constexpr Engine kRedshift = {"redshift", &type_name, &check_plain_sql, &facts};

}  // namespace geocell::sql::redshift
