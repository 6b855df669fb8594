// The fewest cells of a set, on any grid whose cells have four children.
#pragma once

#include <algorithm>
#include <functional>
#include <span>
#include <vector>

namespace geocell {

// Appends `cell` to `cells`, and puts the parent in place of four siblings as long as there are four.
// `level_of`: a cell's level, 0 for one without a parent. REQUIRES: cells come in the order of the curve and
// none holds another, so that four siblings can only be the last four.
template <class Cell, class LevelOf>
void append_compacted(std::vector<Cell>& cells, Cell cell, LevelOf level_of) {
  cells.push_back(cell);
  while (cells.size() >= 4 && std::invoke(level_of, cell) > 0) {
    const Cell parent = cell.parent();
    const auto is_sibling = [&](Cell other) {
      return std::invoke(level_of, other) == std::invoke(level_of, cell) && other.parent() == parent;
    };
    if (!std::ranges::all_of(std::span(cells).last(4), is_sibling)) return;
    cells.resize(cells.size() - 4, cell);
    cells.push_back(parent);
    cell = parent;
  }
}

}  // namespace geocell
