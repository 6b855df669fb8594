// The engines that a signature file may name in `engines`, and what the schema has to know of each. How an
// engine's SQL is written is in sql/generator/engines/<name>/; sql/generator/engine_table.hpp brings both
// together.
#pragma once

#include <array>
#include <set>
#include <string>
#include <string_view>

namespace geocell::sql {

struct EngineTraits {
  std::string_view name;  // in `engines`, as the key of the engine's own section, and as the generator's verb
  std::string_view title;  // for people
  bool has_sets;           // a function may return a set of bigint, row by row
  bool calls_lambdas;      // a function may be served by a Lambda, and so by a handler of its own
};

inline constexpr std::array kEngines = {
    EngineTraits{"postgres", "PostgreSQL", true, false},
    EngineTraits{"redshift", "Redshift", false, true},
};

// Null: there is no such engine.
constexpr const EngineTraits* find_engine(std::string_view name) {
  for (const EngineTraits& engine : kEngines) {
    if (engine.name == name) return &engine;
  }
  return nullptr;
}

using EngineSet = std::set<std::string, std::less<>>;

inline EngineSet all_engines() {
  EngineSet names;
  for (const EngineTraits& engine : kEngines) names.emplace(engine.name);
  return names;
}

}  // namespace geocell::sql
