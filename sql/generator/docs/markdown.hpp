// The function reference in Markdown: one file a module, and an index.
#pragma once

#include <map>
#include <span>
#include <string>

#include "sql/generator/catalogue/catalogue.hpp"
#include "sql/generator/engines/sql_engine.hpp"

namespace geocell::sql {

// File name → text: README.md, and <module>.md for each module. These and no others belong in docs/reference.
std::map<std::string, std::string> markdown_reference(std::span<const Function> catalogue,
                                                      std::span<const Engine> engines);

}  // namespace geocell::sql
