// The parts that shapes.cpp puts together.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tests/support/shapes.hpp"
#include "tests/support/shapes_frame.hpp"

namespace geocell::shapes {

// Collects shapes for one resolution; `where` is appended to their names.
struct List {
  std::vector<Shape>& shapes;
  int resolution;
  std::string where;
  void add(const std::string& name, std::string wkt) const {
    shapes.push_back({name + where, std::move(wkt), resolution});
  }
};

void add_grid_shapes(const CellFrame& frame, List& list);
void add_invalid_grid_shapes(const CellFrame& frame, List& list);

}  // namespace geocell::shapes
