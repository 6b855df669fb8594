// The examples of all signature files as one psql script:
// each is run in PostgreSQL and held against its result.
#pragma once

#include <span>
#include <string>

#include "sql/generator/catalogue/catalogue.hpp"

namespace geocell::sql {

// A script for psql in a database that has geocell_postgis. It prints TAP, one line "ok …" or "not ok …" for
// each example, and ends in an error (psql's exit status 3) when any failed. It leaves nothing behind.
std::string examples_script(std::span<const Function> catalogue);

}  // namespace geocell::sql
