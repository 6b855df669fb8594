// An engine to the generator: what validation and the reference ask of every one. Its statements have an
// interface of their own, since engines differ in what a deployer chooses.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sql/generator/catalogue/catalogue.hpp"

namespace geocell::sql {

struct Engine {
  std::string_view name;  // of its EngineTraits (sql/generator/catalogue/engine_traits.hpp)

  // A type of geocell/sql_types.hpp, as the engine's functions spell it.
  std::string (*type_name)(std::string_view type);

  // What the schema of one file cannot see. REQUIRES: loading the catalogue found no issue.
  std::vector<Issue> (*check)(std::span<const Function> catalogue);

  // What the reference says of a function in this engine: "plain SQL".
  std::string (*facts)(const Function& function);
};

}  // namespace geocell::sql
