// Bodies of Redshift functions that are plain SQL: what they name, and their text in a schema.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sql/generator/catalogue/catalogue.hpp"

namespace geocell::sql::redshift {

// The functions that an expression names as {name}, {version} left out.
std::vector<std::string> called_functions(std::string_view expression);

// The expression with each {name} as `qualified` returns it, and {version} as the version's literal.
std::string expand(std::string_view expression,
                   const std::function<std::string(std::string_view)>& qualified);

// The plain body for a number of arguments, or null.
const PlainSql* plain_sql(const Function& function, std::size_t arguments);

// Every function that a function's bodies, or a procedure's body, name.
std::vector<std::string> dependencies(const Function& function);

// Mistakes in the bodies of the catalogue: {names} that are not a plain SQL function without `when` (in a
// procedure: not a function of Redshift), arguments out of range, circular references.
std::vector<Issue> check_plain_sql(std::span<const Function> catalogue);

// `chosen` and all that they need, each after what it needs; otherwise in the catalogue's order.
// REQUIRES: check_plain_sql() found nothing.
std::vector<const Function*> in_dependency_order(std::span<const Function> catalogue,
                                                 std::span<const Function* const> chosen);

}  // namespace geocell::sql::redshift
