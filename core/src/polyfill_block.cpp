// Where an edge crosses a horizontal line, among vertical ones, is written as a code: 2c + 1 strictly between
// the lines c and c + 1, 2c exactly on line c; -1 west of line 0 and 2n + 1 east of line n. Codes are exact:
// a crossing is computed in floating point together with a bound of its error, and where the bound reaches a
// line, the orientation of the grid's point about the edge decides (orientation.hpp). So all that follows is
// done on small integers.
//
// Within one row of cells an edge spans the codes between those at the row's two lines, or at its own ends.
// That gives the columns that it meets. Inside or outside is carried as in polyfill_walker.cpp, for the
// south-west corner of every cell moved by (e1, e2): from the block's own corner north along the west side,
// then east along each row's southern line. (For the centres: along the lines through them.)
#include "polyfill_block.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "orientation.hpp"

namespace geocell::quadbin {
namespace {

// Computed - exact crossing <= kCrossingError * (|distance of the edge's end from the block| + |its extent|):
// nine roundings of at most 2^-53 each of quantities within that sum, and a margin.
constexpr double kCrossingError = 16 * 0x1p-53;

// The codes of one edge at latitudes and longitudes, among `count` + 1 lines that start at west_deg.
class Codes {
 public:
  Codes(const Edge& edge, double west_deg, double width_deg, int count)
      : edge_(edge),
        west_deg_(west_deg),
        width_deg_(width_deg),
        per_deg_(1 / width_deg),
        from_west_deg_(edge.a.lng_deg - west_deg),
        error_(!std::isfinite(edge.slope)
                   ? 1  // more than any column: nothing but the exact way is left
                   : kCrossingError *
                         (std::fabs(from_west_deg_) + std::fabs(edge.b.lng_deg - edge.a.lng_deg)) * per_deg_),
        limit_(count + 0.5),
        count_(count),
        a_(of_lng(edge.a.lng_deg)),
        b_(of_lng(edge.b.lng_deg)) {}

  int a() const { return a_; }
  int b() const { return b_; }

  // Where the edge is at a latitude; at its end where it does not reach that far.
  int at(double lat_deg) const {
    if (lat_deg <= edge_.a.lat_deg) return a_;
    if (lat_deg >= edge_.b.lat_deg) return b_;
    if (edge_.a.lng_deg == edge_.b.lng_deg) return a_;
    const double columns = (from_west_deg_ + (lat_deg - edge_.a.lat_deg) * edge_.slope) * per_deg_;
    const double clamped = columns < -0.5 ? -0.5 : columns > limit_ ? limit_ : columns;
    const int column = static_cast<int>(clamped + 1) - 1;
    const double part = clamped - column;
    if (part > error_ && part < 1 - error_) [[likely]]
      return 2 * column + 1;
    return exact_at(lat_deg);
  }

 private:
  int of_lng(double lng_deg) const {
    const double columns = (lng_deg - west_deg_) * per_deg_;
    const double clamped = columns < -0.5 ? -0.5 : columns > limit_ ? limit_ : columns;
    int column = static_cast<int>(clamped + 1) - 1;
    // The lines are exact, the division is not quite.
    if (lng_deg < line_deg(column)) --column;
    if (lng_deg >= line_deg(column + 1)) ++column;
    column = std::clamp(column, -1, count_);
    return 2 * column + (column >= 0 && lng_deg == line_deg(column) ? 0 : 1);
  }
  double line_deg(int column) const { return west_deg_ + column * width_deg_; }

  [[gnu::noinline]] int exact_at(double lat_deg) const {
    for (int column = 0; column <= count_; ++column) {
      const int side = orientation(edge_.a, edge_.b, {line_deg(column), lat_deg});
      if (side == 0) return 2 * column;
      if (side < 0) return 2 * column - 1;
    }
    return 2 * count_ + 1;
  }

  const Edge& edge_;
  double west_deg_, width_deg_, per_deg_, from_west_deg_, error_, limit_;
  int count_;
  int a_, b_;
};

using Rows = std::array<std::uint32_t, kBlockCells>;  // a bit per column; from the south

// Bits first..last, -1 <= first <= last + 1 <= 31 - 2; bit -1 is dropped.
std::uint32_t bits(int first, int last) { return ((2U << (last + 1)) - (1U << (first + 1))) >> 1; }

// The columns that a stretch of an edge between two codes meets.
template <bool kClosed>
std::uint32_t columns_between(int code, int other) {
  const int low = std::min(code, other);
  const int high = std::max(code, other);
  return kClosed ? bits((low - 1) >> 1, high >> 1) : bits(low >> 1, (high - 1) >> 1);
}

// All columns, in each row whose line lies beyond the point where the edge crosses the block's moved west
// side (on its way from the block's southern line).
class WestSide {
 public:
  WestSide(const Edge& edge, const Codes& codes, double south_deg)
      : edge_(edge), codes_(codes), from_east_(codes.a() > 0), crosses_(from_east_ != (codes.b() > 0)) {
    crosses_ = crosses_ && !crossed_below(south_deg, codes.at(south_deg));
  }
  bool crosses() const { return crosses_; }
  bool crossed_below(double lat_deg, int code) const {
    if (edge_.a.lat_deg > lat_deg) return false;
    return from_east_ != ((edge_.b.lat_deg <= lat_deg ? codes_.b() : code) > 0);
  }

 private:
  const Edge& edge_;
  const Codes& codes_;
  bool from_east_;
  bool crosses_;
};

constexpr std::uint32_t kAllColumns = ~0U;

// `met`: the columns that the edge meets. `inside`: toggled where the edge lies between the reference and the
// moved corner.
template <bool kClosed>
void add_to_rows(const Edge& edge, const Block& block, bool area, Rows& met, Rows& inside) {
  const Codes codes(edge, block.west_deg, block.width_deg, block.columns);
  const BlockLines& lines = *block.lines_deg;
  const WestSide west(edge, codes, block.south_deg);
  const auto rows = static_cast<std::size_t>(block.columns);
  std::size_t row = 0;
  while (row < rows && (kClosed ? lines[row + 1] < edge.a.lat_deg : lines[row + 1] <= edge.a.lat_deg)) ++row;
  const auto reaches = [&](double line_deg) {
    return kClosed ? line_deg <= edge.b.lat_deg : line_deg < edge.b.lat_deg;
  };
  if (edge.a.lat_deg == edge.b.lat_deg) {
    for (; row < rows && reaches(lines[row]); ++row) {
      met[row] |= columns_between<kClosed>(codes.a(), codes.b());
    }
  }
  int code = codes.at(lines[row]);
  for (; row < rows && reaches(lines[row]); ++row) {
    const int next = codes.at(lines[row + 1]);
    met[row] |= columns_between<kClosed>(code, next);
    if (area && code > 0 && edge.a.lat_deg <= lines[row] && lines[row] < edge.b.lat_deg) {
      inside[row] ^= kAllColumns << ((code + 1) >> 1);
    }
    code = next;
  }
  if (area && west.crosses()) {
    for (row = 1; row < rows; ++row) {
      if (west.crossed_below(lines[row], codes.at(lines[row]))) inside[row] ^= kAllColumns;
    }
  }
}

// The same for the centres: `met` is the centres that lie on the edge. The vertical lines are those at half
// columns, so centre c is line 2c + 1, code 4c + 2.
void add_to_centers(const Edge& edge, const Block& block, bool area, Rows& met, Rows& inside) {
  const Codes codes(edge, block.west_deg, block.width_deg / 2, 2 * block.columns);
  const BlockCenters& centers = *block.centers_deg;
  const WestSide west(edge, codes, block.south_deg);
  const auto rows = static_cast<std::size_t>(block.columns);
  for (std::size_t row = 0; row < rows && (centers[row] <= edge.b.lat_deg || west.crosses()); ++row) {
    const double lat_deg = centers[row];
    const int code = codes.at(lat_deg);
    if (edge.a.lat_deg <= lat_deg && lat_deg <= edge.b.lat_deg) {
      if (edge.a.lat_deg == edge.b.lat_deg) {
        met[row] |=
            bits((std::min(codes.a(), codes.b()) + 1) >> 2, (std::max(codes.a(), codes.b()) - 2) >> 2);
      } else if ((code & 3) == 2) {
        met[row] |= 1U << (code >> 2);
      }
      if (area && lat_deg < edge.b.lat_deg && code > 0) inside[row] ^= kAllColumns << ((code + 2) >> 2);
    }
    if (area && west.crosses() && west.crossed_below(lat_deg, code)) inside[row] ^= kAllColumns;
  }
}

// The even bits of the result are those of the argument: columns are the even bits of a Morton number.
constexpr std::uint32_t spread(std::uint32_t columns) {
  std::uint32_t even = 0;
  for (int i = 0; i < 8; ++i) {
    // Column i = i2 i1 i0 has the Morton number 0 i2 0 i1 0 i0.
    const int morton = (i & 1) | ((i & 2) << 1) | ((i & 4) << 2);
    if ((columns >> i & 1) != 0) even |= 1U << morton;
  }
  return even;
}
constexpr auto kSpread = [] {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < table.size(); ++i) table[i] = spread(i);
  return table;
}();

std::uint64_t in_morton_order(const Rows& from_south, int rows) {
  std::uint64_t mask = 0;
  for (int i = 0; i < rows; ++i) {
    const int y = rows - 1 - i;  // rows count from the north in ids
    const int morton = ((y & 1) << 1) | ((y & 2) << 2) | ((y & 4) << 3);
    const std::uint32_t columns = from_south[static_cast<std::size_t>(i)] & ((1U << rows) - 1);
    mask |= std::uint64_t{kSpread[columns]} << morton;
  }
  return mask;
}

}  // namespace

std::uint64_t cells_of_block(CellTest test, const Block& block, bool area, std::span<const Edge> edges,
                             std::span<const std::uint32_t> list) {
  Rows met{};
  Rows inside;
  inside.fill(block.inside ? kAllColumns : 0);
  switch (test) {
    case CellTest::center:
      for (const std::uint32_t i : list) add_to_centers(edges[i], block, area, met, inside);
      break;
    case CellTest::contains:
      for (const std::uint32_t i : list) add_to_rows<false>(edges[i], block, area, met, inside);
      break;
    case CellTest::intersects:
    case CellTest::interior:
      for (const std::uint32_t i : list) add_to_rows<true>(edges[i], block, area, met, inside);
      break;
  }
  const bool with_met = test == CellTest::center || test == CellTest::intersects;
  for (std::size_t row = 0; row < inside.size(); ++row) {
    inside[row] = with_met ? inside[row] | met[row] : inside[row] & ~met[row];
  }
  return in_morton_order(inside, block.columns);
}

}  // namespace geocell::quadbin
