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
#include <cmath>

#include "orientation.hpp"

namespace geocell::quadbin {
namespace {

// The codes of one edge at latitudes and longitudes, among `count` + 1 lines from west_deg on.
class Codes {
 public:
  Codes(const Edge& edge, double west_deg, double width_deg, double per_deg, int count)
      : edge_(edge),
        west_deg_(west_deg),
        width_deg_(width_deg),
        per_deg_(per_deg),
        from_west_deg_(edge.a.lng_deg - west_deg),
        error_((kCrossingError * std::fabs(from_west_deg_) + edge.slack_deg) * per_deg),
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
    return between(lat_deg);
  }
  // The same, for a latitude strictly between the ends.
  int between(double lat_deg) const {
    if (edge_.a.lng_deg == edge_.b.lng_deg) return a_;
    const Place place((from_west_deg_ + (lat_deg - edge_.a.lat_deg) * edge_.slope) * per_deg_, limit_);
    return place.is_sure(error_) ? place.code() : exact_at(lat_deg);
  }

 private:
  // A number of columns from line 0, as far as it matters.
  struct Place {
    Place(double columns, double limit)
        : clamped(columns < -0.5    ? -0.5
                  : columns > limit ? limit
                                    : columns),
          column(static_cast<int>(clamped + 1) - 1),
          part(clamped - column) {}
    // That it lies between the lines on both sides, when it is off by less than `error` columns.
    bool is_sure(double error) const { return part > error && part < 1 - error; }
    int code() const { return 2 * column + 1; }
    double clamped;
    int column;
    double part;
  };

  int of_lng(double lng_deg) const {
    constexpr double kUnsure = 1e-9;  // far more than two roundings make of a handful of columns
    const Place place((lng_deg - west_deg_) * per_deg_, limit_);
    if (place.is_sure(kUnsure)) [[likely]]
      return place.code();
    for (int column = 0; column <= count_; ++column) {
      if (lng_deg == line_deg(column)) return 2 * column;
      if (lng_deg < line_deg(column)) return 2 * column - 1;
    }
    return 2 * count_ + 1;
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

// The row of boxes that a latitude lies in: the number of lines, without the first, below it.
std::size_t row_of(const BlockLines& lines, double lat_deg) {
  std::size_t row = 0;
  for (std::size_t i = 1; i < lines.size(); ++i) row += lines[i] < lat_deg ? 1 : 0;
  return row;
}

// Bits first..last, -1 <= first <= last + 1 <= 9; bits -1 and 8 are dropped.
BoxMask bits(int first, int last) { return (((2U << (last + 1)) - (1U << (first + 1))) >> 1) & 0xff; }

// Columns first and beyond, first >= 0.
BoxMask bits_from(int first) { return (0xffU << first) & 0xff; }

constexpr BoxMask kRow = 0xff;

// The columns that a stretch of an edge between two codes meets.
template <bool kClosed>
BoxMask columns_between(int code, int other) {
  const int low = std::min(code, other);
  const int high = std::max(code, other);
  return kClosed ? bits((low - 1) >> 1, high >> 1) : bits(low >> 1, (high - 1) >> 1);
}

// Where the edge crosses the moved west side of the whole, north of its southern line.
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

}  // namespace

template <bool kClosed>
BoxMask boxes_met(const Edge& edge, const Split& split, BoxMask& inside) {
  const Codes codes(edge, split.west_deg, split.width_deg, split.per_deg, split.columns());
  const BlockLines& lines = *split.lines_deg;
  const auto rows = static_cast<std::size_t>(split.columns());
  std::size_t row = row_of(lines, edge.a.lat_deg);
  if (row == rows) return 0;  // it runs north of the whole
  if (codes.a() == codes.b() && lines[row] < edge.a.lat_deg && edge.b.lat_deg < lines[row + 1]) {
    // Between two lines of rows, and between two of columns or on one.
    return columns_between<kClosed>(codes.a(), codes.a()) << (8 * row);
  }
  const auto reaches = [&](double line_deg) {
    return kClosed ? line_deg <= edge.b.lat_deg : line_deg < edge.b.lat_deg;
  };
  if (!kClosed && lines[row + 1] == edge.a.lat_deg) ++row;
  BoxMask met = 0;
  if (edge.a.lat_deg == edge.b.lat_deg) {
    for (; row < rows && reaches(lines[row]); ++row) {
      met |= columns_between<kClosed>(codes.a(), codes.b()) << (8 * row);
    }
  }
  int code = codes.at(lines[row]);
  for (; row < rows && reaches(lines[row]); ++row) {
    const double north_deg = lines[row + 1];
    const int next = edge.b.lat_deg <= north_deg ? codes.b() : codes.at(north_deg);
    met |= columns_between<kClosed>(code, next) << (8 * row);
    if (code > 0 && edge.a.lat_deg <= lines[row] && lines[row] < edge.b.lat_deg) {
      inside ^= bits_from((code + 1) >> 1) << (8 * row);
    }
    code = next;
  }
  if ((codes.a() > 0) != (codes.b() > 0)) {
    const WestSide west(edge, codes, split.south_deg);
    for (row = 1; west.crosses() && row < rows; ++row) {
      if (west.crossed_below(lines[row], codes.at(lines[row]))) inside ^= kRow << (8 * row);
    }
  }
  return met;
}
template BoxMask boxes_met<true>(const Edge&, const Split&, BoxMask&);
template BoxMask boxes_met<false>(const Edge&, const Split&, BoxMask&);

// The vertical lines are those at half columns, so centre c is line 2c + 1, code 4c + 2.
BoxMask centers_met(const Edge& edge, const Split& split, const BlockCenters& centers_deg, BoxMask& inside) {
  std::size_t first = 0;  // the rows whose centres' line the edge reaches
  std::size_t end = 0;
  for (const double lat_deg : centers_deg) {
    first += lat_deg < edge.a.lat_deg ? 1 : 0;
    end += lat_deg <= edge.b.lat_deg ? 1 : 0;
  }
  const bool crosses_west = (edge.a.lng_deg > split.west_deg) != (edge.b.lng_deg > split.west_deg);
  if (first == end && !crosses_west) return 0;

  const Codes codes(edge, split.west_deg, split.width_deg / 2, split.per_deg * 2, 2 * split.columns());
  BoxMask met = 0;
  for (std::size_t row = first; row < end; ++row) {
    const double lat_deg = centers_deg[row];
    const int code = codes.at(lat_deg);
    if (edge.a.lat_deg == edge.b.lat_deg) {
      met |= bits((std::min(codes.a(), codes.b()) + 1) >> 2, (std::max(codes.a(), codes.b()) - 2) >> 2)
             << (8 * row);
    } else if ((code & 3) == 2) {
      met |= BoxMask{1} << (8 * row + static_cast<std::size_t>(code >> 2));
    }
    if (lat_deg < edge.b.lat_deg && code > 0) inside ^= bits_from((code + 2) >> 2) << (8 * row);
  }
  if (crosses_west) {
    const WestSide west(edge, codes, split.south_deg);
    const auto rows = static_cast<std::size_t>(split.columns());
    for (std::size_t row = 0; west.crosses() && row < rows; ++row) {
      if (west.crossed_below(centers_deg[row], codes.at(centers_deg[row]))) inside ^= kRow << (8 * row);
    }
  }
  return met;
}

namespace {

// Exchanges two bits of the position of every bit of a mask. `low`: the positions that have the lower one of
// the two alone; `distance`: from such a position to the one that has the higher alone.
constexpr std::uint64_t swap_places(std::uint64_t mask, std::uint64_t low, int distance) {
  const std::uint64_t change = ((mask >> distance) ^ mask) & low;
  return mask ^ change ^ (change << distance);
}

}  // namespace

BoxMask existing_boxes(int levels) {
  const int columns = 1 << levels;
  return (0x0101010101010101U * ((1U << columns) - 1)) & (kAllBoxes >> (8 * (8 - columns)));
}

std::uint64_t in_id_order(BoxMask mask, int levels) {
  // Rows from the north, in the lowest bytes.
  std::uint64_t bits = __builtin_bswap64(mask) >> (8 * (8 - (1 << levels)));
  bits &= existing_boxes(levels);
  // Position y2 y1 y0 x2 x1 x0 becomes y2 x2 y1 x1 y0 x0.
  bits = swap_places(bits, 0x0000f0f00000f0f0U, 12);  // y2 x2 y0 y1 x1 x0
  bits = swap_places(bits, 0x00f000f000f000f0U, 4);   // y2 x2 y1 y0 x1 x0
  return swap_places(bits, 0x0c0c0c0c0c0c0c0cU, 2);   // y2 x2 y1 x1 y0 x0
}

}  // namespace geocell::quadbin
