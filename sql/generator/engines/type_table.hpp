// An engine's table of types: an array of rows with a member `type`, one for each SQL name of
// geocell/sql_types.hpp.
#pragma once

#include <string_view>

#include "geocell/sql_types.hpp"

namespace geocell::sql {

// Null: there is no such row.
template <class Row, std::size_t N>
constexpr const Row* find_type(const Row (&rows)[N], std::string_view type) {
  for (const Row& row : rows) {
    if (row.type == type) return &row;
  }
  return nullptr;
}

}  // namespace geocell::sql
