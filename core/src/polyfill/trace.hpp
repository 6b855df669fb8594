// What a boundary segment does to a grid of boxes: which of them it meets, and which it cuts off from the
// grid's south-west corner. docs/design/polyfill.md draws all of this.
//
// Where a segment crosses a horizontal line is written as a code, its place among the vertical lines: 2c + 1
// strictly between the lines c and c + 1, 2c exactly on line c; -1 west of line 0 and 2n + 1 east of the last
// one, line n. Codes are exact: a crossing is computed in floating point together with a bound of its error,
// and where the bound reaches a line, the orientation of the grid's point about the segment decides
// (orientation.hpp). So everything after that works on small integers.
//
// Within one row of boxes a segment spans the codes between those at the row's two lines, or at its own ends.
// That gives the columns that it meets. Inside or outside is carried as in walker.cpp, for the
// south-west corner of every box moved by (e1, e2), e1 >> e2 > 0 infinitesimal: from the grid's own corner
// north along the west side, then east along each row's southern line. A segment that this path crosses cuts
// the box off. For the centres of cells the path goes east along the lines through them; a centre on the
// segment is met, and whether it is cut off as well is left open.
//
// A sink takes what is found:
//   met(row, first, last)   columns first..last of the row, -1 <= first <= last + 1 <= columns + 1
//   toggle(row, first)      columns first and beyond, 0 <= first, are cut off
//   toggle_rows(row)        row and all rows north of it are cut off; 0 <= row < rows
// What is cut off twice is not cut off.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>

#include "core/src/geometry/orientation.hpp"
#include "core/src/polyfill/shape.hpp"

namespace geocell::polyfill {

// Where a segment crosses a latitude, in columns, |computed - exact| <= kCrossingError * (|distance of end a
// from line 0| + |extent|) / width of a column. Derived in docs/design/polyfill.md: with u = 2^-53, the
// distance goes through 4 roundings and the extent through 8, so 8.001 u do; comparing with a line costs at
// most u / 2 columns more, and computing this bound at most 5 u of itself. 16 leaves a factor of nearly two,
// which costs nothing.
inline constexpr double kCrossingError = 16 * 0x1p-53;
// In columns: far more than what underflow may lose, far less than anything that matters.
inline constexpr double kUnderflow = 0x1p-900;

// Vertical lines west_deg + c * width_deg, c = 0..columns, all exact doubles; and horizontal ones.
struct Grid {
  double west_deg;
  double width_deg;
  double per_deg;  // 1 / width_deg
  int columns;     // <= 128
  int rows;
  // Ascending: of the lines 0..rows for boxes, of the centres 0..rows - 1 for centres. One more element
  // before them is minus infinity, one after them infinity.
  const double* lats_deg;

  double line_deg(int column) const { return west_deg + column * width_deg; }
};

// The number of lines strictly below a latitude. `guess`, 0..number of lines, is where the search begins.
inline int lines_below(const double* lats_deg, double lat_deg, int guess) {
  while (lats_deg[guess] < lat_deg) ++guess;
  while (lats_deg[guess - 1] >= lat_deg) --guess;
  return guess;
}

namespace detail {

// A number of columns from line 0, clamped to half a column beyond the grid.
struct ColumnPosition {
  ColumnPosition(double columns, double limit)
      : clamped(columns < -0.5    ? -0.5
                : columns > limit ? limit
                                  : columns),
        column(static_cast<int>(clamped + 1) - 1),
        part(clamped - column) {}
  // Whether it lies strictly between the lines on both sides even if it is off by `error` columns.
  bool is_sure(double error) const { return part > error && part < 1 - error; }
  int code() const { return 2 * column + 1; }
  double clamped;
  int column;
  double part;
};

[[gnu::noinline, gnu::cold]] inline int exact_code(const Grid& grid, double lng_deg) {
  for (int column = 0; column <= grid.columns; ++column) {
    if (lng_deg == grid.line_deg(column)) return 2 * column;
    if (lng_deg < grid.line_deg(column)) return 2 * column - 1;
  }
  return 2 * grid.columns + 1;
}

[[gnu::noinline, gnu::cold]] inline int exact_crossing(const Grid& grid, LngLat a, LngLat b, double lat_deg) {
  for (int column = 0; column <= grid.columns; ++column) {
    const int side = orientation(a, b, {grid.line_deg(column), lat_deg});
    if (side == 0) return 2 * column;
    if (side < 0) return 2 * column - 1;
  }
  return 2 * grid.columns + 1;
}

}  // namespace detail

inline int code_of(const Grid& grid, double lng_deg) {
  constexpr double kUnsure = 1e-9;  // far more than three roundings make of 128 columns: 4.3e-14
  const detail::ColumnPosition position((lng_deg - grid.west_deg) * grid.per_deg, grid.columns + 0.5);
  if (position.is_sure(kUnsure)) [[likely]]
    return position.code();
  return detail::exact_code(grid, lng_deg);
}

// The codes of a segment at latitudes strictly between its ends. REQUIRES: a.lat_deg < b.lat_deg
class Crossings {
 public:
  Crossings(const Grid& grid, LngLat a, LngLat b)
      : grid_(grid), a_(a), b_(b), from_west_deg_(a.lng_deg - grid.west_deg), limit_(grid.columns + 0.5) {
    const double extent_deg = b.lng_deg - a.lng_deg;
    slope_ = extent_deg / (b.lat_deg - a.lat_deg);
    error_ = kCrossingError * (std::fabs(from_west_deg_) + std::fabs(extent_deg)) * grid.per_deg + kUnderflow;
    if (!(std::fabs(slope_) <= std::numeric_limits<double>::max())) [[unlikely]] {
      slope_ = 0;
      error_ = std::numeric_limits<double>::infinity();
    }
  }
  int at(double lat_deg) const {
    const detail::ColumnPosition position(rounded(lat_deg), limit_);
    return position.is_sure(error_) ? position.code() : detail::exact_crossing(grid_, a_, b_, lat_deg);
  }
  // In columns from line 0: the crossing as computed, and the bound of its error.
  double rounded(double lat_deg) const {
    return (from_west_deg_ + (lat_deg - a_.lat_deg) * slope_) * grid_.per_deg;
  }
  double error() const { return error_; }

 private:
  const Grid& grid_;
  LngLat a_, b_;
  double from_west_deg_, limit_, slope_, error_;
};

// The columns whose boxes, closed or open, are met by the piece of a segment between two codes.
template <bool kClosed, class Sink>
void meet_columns(Sink& sink, int row, int code, int other) {
  const int low = std::min(code, other);
  const int high = std::max(code, other);
  if constexpr (kClosed) {
    sink.met(row, (low - 1) >> 1, high >> 1);
  } else {
    sink.met(row, low >> 1, (high - 1) >> 1);
  }
}

// An end of a segment in a grid of boxes.
struct Vertex {
  LngLat point;
  int row;   // lines_below()
  int code;  // code_of()
};

// `row_guess`: as in lines_below().
inline Vertex vertex_at(const Grid& grid, LngLat point, int row_guess) {
  return {point, lines_below(grid.lats_deg, point.lat_deg, row_guess), code_of(grid, point.lng_deg)};
}

// The box of the grid that holds a vertex in its open interior, if any.
struct Home {
  Box box;
  int column, row;
};
inline std::optional<Home> home_of(const Grid& grid, const Vertex& vertex) {
  const int column = vertex.code >> 1;
  const int row = vertex.row - 1;
  if ((vertex.code & 1) == 0 || column < 0 || column >= grid.columns || row < 0 || row >= grid.rows ||
      grid.lats_deg[vertex.row] == vertex.point.lat_deg) {
    return std::nullopt;
  }
  return Home{{grid.line_deg(column), grid.lats_deg[row], grid.line_deg(column + 1), grid.lats_deg[row + 1]},
              column,
              row};
}

template <bool kClosed, class Sink>
void trace_boxes(const Grid& grid, const Vertex& from, const Vertex& to, Sink& sink) {
  const bool northward = from.point.lat_deg <= to.point.lat_deg;
  const Vertex& a = northward ? from : to;
  const Vertex& b = northward ? to : from;
  const double a_lat_deg = a.point.lat_deg;
  const double b_lat_deg = b.point.lat_deg;
  const double* const lines = grid.lats_deg;
  int row = std::max(a.row - 1, 0);
  if (row == grid.rows) return;  // all of it is north of the grid
  if (a.code == b.code && lines[row] < a_lat_deg && b_lat_deg < lines[row + 1]) {
    // Within one row; and within one column, or on a line between two.
    return meet_columns<kClosed>(sink, row, a.code, a.code);
  }
  const auto reaches = [&](double line_deg) {
    return kClosed ? line_deg <= b_lat_deg : line_deg < b_lat_deg;
  };
  if (!kClosed && lines[row + 1] == a_lat_deg) ++row;
  const bool from_east = a.code > 0;
  // Whether it crosses the west side, and that is not yet reported. South of the grid it does not matter.
  bool crosses_west = from_east != (b.code > 0) && b.row > 0;
  if (a_lat_deg == b_lat_deg) {
    for (; row < grid.rows && reaches(lines[row]); ++row) meet_columns<kClosed>(sink, row, a.code, b.code);
    if (crosses_west && a.row < grid.rows) sink.toggle_rows(a.row);
    return;
  }
  const Crossings crossings(grid, a.point, b.point);
  const bool vertical = a.point.lng_deg == b.point.lng_deg;
  int code = lines[row] <= a_lat_deg || vertical ? a.code
             : lines[row] >= b_lat_deg           ? b.code
                                                 : crossings.at(lines[row]);
  for (; row < grid.rows && reaches(lines[row]); ++row) {
    const bool above_line = a_lat_deg <= lines[row];
    if (crosses_west && above_line && from_east != (code > 0)) {
      if (row > 0) sink.toggle_rows(row);
      crosses_west = false;
    }
    const double north_deg = lines[row + 1];
    const int next = b_lat_deg <= north_deg ? b.code : vertical ? a.code : crossings.at(north_deg);
    meet_columns<kClosed>(sink, row, code, next);
    if (code > 0 && above_line && lines[row] < b_lat_deg) sink.toggle(row, (code + 1) >> 1);
    code = next;
  }
  if (crosses_west && row < grid.rows) sink.toggle_rows(row);
}

// The same for the centres of cells. The grid's columns are half columns, half a cell wide: centre c is line
// 2c + 1, code 4c + 2. `south_deg`: the latitude of the grid's south-west corner. `a_row` and `b_row`:
// lines_below() of the ends. REQUIRES: a.lat_deg <= b.lat_deg
template <class Sink>
void trace_centers(const Grid& grid, double south_deg, LngLat a, LngLat b, int a_row, int b_row, Sink& sink) {
  const double* const lines = grid.lats_deg;
  const bool from_east = a.lng_deg > grid.west_deg;
  bool crosses_west = from_east != (b.lng_deg > grid.west_deg) && b.lat_deg > south_deg;
  if (a.lat_deg == b.lat_deg) {
    if (lines[a_row] == a.lat_deg) {
      const int a_code = code_of(grid, a.lng_deg);
      const int b_code = code_of(grid, b.lng_deg);
      sink.met(a_row, (std::min(a_code, b_code) + 1) >> 2, (std::max(a_code, b_code) - 2) >> 2);
    }
    if (crosses_west && a_row < grid.rows) sink.toggle_rows(a_row);
    return;
  }
  const Crossings crossings(grid, a, b);
  const bool vertical = a.lng_deg == b.lng_deg;
  const auto code_at = [&](double lat_deg) {
    if (lat_deg == a.lat_deg || vertical) return code_of(grid, a.lng_deg);
    if (lat_deg == b.lat_deg) return code_of(grid, b.lng_deg);
    return crossings.at(lat_deg);
  };
  if (crosses_west && a.lat_deg <= south_deg && from_east != (code_at(south_deg) > 0)) crosses_west = false;
  const int end = lines[b_row] == b.lat_deg ? b_row + 1 : b_row;
  for (int row = a_row; row < end; ++row) {
    const int code = code_at(lines[row]);
    if (crosses_west && from_east != (code > 0)) {
      sink.toggle_rows(row);
      crosses_west = false;
    }
    if ((code & 3) == 2) sink.met(row, code >> 2, code >> 2);
    if (code > 0 && lines[row] < b.lat_deg) sink.toggle(row, (code + 2) >> 2);
  }
  if (crosses_west && end < grid.rows) sink.toggle_rows(end);
}

}  // namespace geocell::polyfill
