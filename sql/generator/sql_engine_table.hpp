// All engines. Adding one: its traits (catalogue/engine_traits.hpp), a folder in engines/, a row here, its
// verb (verbs.hpp), and a row in cmake/rooms.txt; where signature files have keys for it, a section of the
// catalogue too.
#pragma once

#include <algorithm>
#include <array>

#include "sql/generator/engines/postgres/postgres_sql_engine.hpp"
#include "sql/generator/engines/redshift/redshift_sql_engine.hpp"
#include "sql/generator/engines/sql_engine.hpp"

namespace geocell::sql {

inline constexpr std::array kEngineTable = {postgres::kPostgres, redshift::kRedshift};

static_assert(
    std::ranges::equal(kEngineTable, kEngines, {}, &Engine::name, &EngineTraits::name),
    "sql/generator/engine_table.hpp: one row for each row of catalogue/engine_traits.hpp, in its order");

}  // namespace geocell::sql
