// Reads a .env file: NAME=value lines, as CARTO's gateway and python-dotenv write them.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace geocell::gateway {

struct EnvValue {
  std::string value;
  int line = 0;  // from 1
};
using EnvFile = std::map<std::string, EnvValue, std::less<>>;  // a name given twice: the later line counts

// Comments (#) and blank lines are skipped, `export` before a name is allowed. 'single quotes' are taken as
// they are; "double quotes" know \n \r \t \" \\ and \$; a bare value ends at " #". References (${NAME}) are
// refused: a password may hold a dollar sign, so it has to be clear whether it is one. Throws Failure that
// names file and line, never the value.
EnvFile parse_env(std::string_view text, const std::string& file);
EnvFile read_env_file(const std::filesystem::path& path);

// The value as parse_env reads it back.
std::string quote_env(std::string_view value);

}  // namespace geocell::gateway
