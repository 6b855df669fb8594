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

// For static assertions: GCC 12 with UndefinedBehaviorSanitizer does not take a comparison of find_type()'s pointer with
// null for a constant expression.
template <class Row, std::size_t N>
constexpr bool has_type(const Row (&rows)[N], std::string_view type) {
  for (const Row& row : rows) {
    if (row.type == type) return true;
  }
  return false;
}

}  // namespace geocell::sql
