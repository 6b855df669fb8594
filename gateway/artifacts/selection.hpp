// Which functions a command is about: the catalogue and CARTO's filters.
#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sql/generator/catalogue/catalogue.hpp"

namespace geocell::gateway {

struct Filters {
  std::vector<std::string> modules;    // empty: all
  std::vector<std::string> functions;  // empty: all; names in any case
  bool diff = false;                   // only what GIT_DIFF touches
};

// The catalogue of all roots, checked against its schema, its limits and the core. Throws Failure with every
// issue, a line each (file:line:column: message).
std::vector<sql::Function> load_functions(const std::vector<std::filesystem::path>& roots);
// The same without the exception: the functions that could be read, and the issues.
sql::Catalogue read_functions(const std::vector<std::filesystem::path>& roots);

// The functions that pass the filters, in the catalogue's order. Throws Failure for a module or function
// that does not exist. `changed_files`: GIT_DIFF's value; not given: no information, so all.
std::vector<sql::Function> select(const std::vector<sql::Function>& functions, const Filters& filters,
                                  const std::optional<std::string>& changed_files);

// The functions that a list of changed files (space-separated) touches; nothing when that is all of them.
std::optional<std::set<std::string>> touched_functions(std::string_view changed_files);

// Where sql/functions (or share/geocell/functions of a distribution) is, seen from this program.
// Throws Failure.
std::filesystem::path find_catalogue();

}  // namespace geocell::gateway
