// The rows of a batch by their arguments, so that equal rows are computed once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "lambda_bridge/rows/json_values.hpp"

namespace geocell::bridge {

// A hash table with open addressing, in three vectors, so that a row needs no allocation of its own.
class KnownRows {
 public:
  // Returns the row added with these arguments, if there is one; else adds `row` with them. The texts of the
  // arguments must outlive the table.
  std::optional<std::size_t> find_or_add(std::span<const Element> arguments, std::size_t row);
  // Removes the row added last, which turned out to have no value. REQUIRES: find_or_add() was the last call,
  // and added.
  void drop_last();

 private:
  struct Entry {
    std::size_t hash;
    std::size_t row;
    std::size_t arguments_begin, arguments_end;  // in arguments_
  };

  std::size_t slot_of(std::size_t hash) const { return hash & (slots_.size() - 1); }
  void grow();

  std::vector<Element> arguments_;
  std::vector<Entry> entries_;
  std::vector<std::uint32_t> slots_;  // index in entries_ plus one; 0: free
  std::size_t last_slot_ = 0;
};

}  // namespace geocell::bridge
