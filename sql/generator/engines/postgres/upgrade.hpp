// Upgrade scripts: the difference between a released install script and the present catalogue.
#pragma once

#include <string>
#include <string_view>

#include "sql/generator/engines/postgres/postgres_sql.hpp"

namespace geocell::sql::postgres {

// The functions of an install script that install_script() wrote, in any release. Anything else in it is an
// issue, so that nothing of a release is overlooked.
std::vector<CreateFunction> parse_install_script(std::string_view script, const std::string& file,
                                                 std::vector<Issue>& issues);

// The text of <name>--<old version>--<new version>.sql: what makes a database with the `old` functions the
// same as a fresh install of `extension`. A function is replaced in place where PostgreSQL allows it (what
// depends on it stays), else dropped and created (DROP fails, and with it the upgrade, while something of the
// user depends on it).
std::string upgrade_script(std::span<const CreateFunction> old_functions, const Extension& extension,
                           std::string_view new_version);

}  // namespace geocell::sql::postgres
