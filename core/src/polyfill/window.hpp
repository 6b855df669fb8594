// A rectangle of up to 64 x 64 cells as bitmaps: what a walk ends in. The boundary is traced through it, one
// segment at a time, and the cells come out as masks of blocks, in id order (levels.hpp).
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "core/src/polyfill/rows.hpp"
#include "core/src/polyfill/shape.hpp"
#include "core/src/polyfill/trace.hpp"
#include "geocell/cells.hpp"

namespace geocell::polyfill {

enum class CellTest : std::uint8_t {
  center,      // the centre point intersects the part
  intersects,  // the closed cell meets the part
  contains,    // the part contains the cell
  interior,    // the closed cell lies in the interior: contained, and no edge touches it
};

// Whether a segment counts that only touches a box from outside.
constexpr bool touching_counts(CellTest test) {
  return test == CellTest::intersects || test == CellTest::interior;
}

// The segments that join the points `begin` to `end`, both included, of Part::points.
struct Chain {
  std::uint32_t begin, end;
};

struct WindowPlace {
  std::uint32_t x, y;  // of the north-western cell: multiples of 8, or 0 where the whole grid is smaller
  int columns, rows;   // multiples of 8 up to 64, or as many as the grid has where these are fewer than 8
  double west_deg;
  bool inside;    // the point infinitesimally north-east of the south-west corner is inside
  bool encloses;  // it holds the part with room to spare; else it is a node of the quadtree
};

// The window around a small part, on the copy of the world whose longitudes are shifted by 360° * world;
// nothing if the part needs more than one, or comes near the edge of the map.
std::optional<WindowPlace> window_around(const Box& bounds, int world, int resolution);

class Window {
 public:
  Window(const WindowPlace& place, int resolution, CellTest test, RowLats& rows);

  void add(const Points& points, Chain chain);
  // Appends the window's cells. `area`: the segments bound an inside.
  void emit(bool area, CellRuns& out) const;

 private:
  static constexpr std::size_t kMaxRows = 64;
  static constexpr std::size_t kMaxBlocks = 64;

  void read_lats(RowLats& rows);
  void add_centers(const Points& points, Chain chain);
  template <bool kClosed>
  void add_boxes(const Points& points, Chain chain);
  std::uint64_t cells_of_row(std::size_t row, bool area) const;
  template <class Take>
  void for_each_block(bool area, const Take& take) const;

  WindowPlace place_;
  int resolution_;
  CellTest test_;
  Grid grid_;
  double south_deg_;
  std::array<double, kMaxRows + 3> lats_deg_;
  // A sink of the tracer. Rows from the south; bit c of a row is column c.
  struct Bitmaps {
    std::array<std::uint64_t, kMaxRows> met_, toggled_;
    std::uint64_t toggled_rows_ = 0;

    void met(int row, int first, int last);
    void toggle(int row, int first);
    void toggle_rows(int row) { toggled_rows_ ^= ~std::uint64_t{0} << row; }
  } bits_;
};

}  // namespace geocell::polyfill
