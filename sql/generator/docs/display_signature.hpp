// A function's signature, for people.
#pragma once

#include <string>

#include "sql/generator/catalogue/catalogue.hpp"

namespace geocell::sql {

// One line, in PostgreSQL's spelling: quadbin_polyfill(geom geometry, resolution integer [, mode text]) →
// bigint[]
std::string display_signature(const Function& function);

}  // namespace geocell::sql
