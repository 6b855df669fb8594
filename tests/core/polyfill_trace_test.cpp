// What one segment does to a grid of 5 x 5 boxes, drawn: lines at 0, 1, .. 5 degrees both ways, north up.
// Expected pictures are drawn by hand from the definitions in core/src/polyfill/trace.hpp; behind them stand all
// segments between the points of a lattice, against the same definitions in integers.
#include "core/src/polyfill/trace.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace geocell::polyfill {
namespace {

constexpr int kSize = 5;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

// A bit for each box or centre, by [row][column], rows from the south.
using Bits = std::array<std::array<bool, kSize>, kSize>;

// A sink that checks what trace_*() promise to a sink.
struct Recorder {
  Bits met_bits{}, toggled_bits{};

  void met(int row, int first, int last) {
    ASSERT_TRUE(0 <= row && row < kSize) << row;
    ASSERT_TRUE(-1 <= first && first <= last + 1 && last <= kSize) << first << " to " << last;
    for (int column = first; column <= last; ++column) {
      if (0 <= column && column < kSize) at(met_bits, row, column) = true;
    }
  }
  void toggle(int row, int first) {
    ASSERT_TRUE(0 <= row && row < kSize && 0 <= first) << row << ", " << first;
    for (int column = first; column < kSize; ++column) flip(row, column);
  }
  void toggle_rows(int row) {
    ASSERT_TRUE(0 <= row && row < kSize) << row;
    for (; row < kSize; ++row) toggle(row, 0);
  }

 private:
  static bool& at(Bits& bits, int row, int column) {
    return bits[static_cast<std::size_t>(row)][static_cast<std::size_t>(column)];
  }
  void flip(int row, int column) { at(toggled_bits, row, column) = !at(toggled_bits, row, column); }
};

// "..#.." for each row, from the north; pictures side by side.
std::string draw(const std::vector<Bits>& pictures, std::string_view marks) {
  std::string out;
  for (std::size_t row = kSize; row-- > 0;) {
    for (std::size_t i = 0; i < pictures.size(); ++i) {
      if (i != 0) out += "   ";
      for (const bool bit : pictures[i][row]) out += bit ? marks[i] : '.';
    }
    out += '\n';
  }
  return out;
}

// The picture of a raw string: without its first line's end and without indentation.
std::string trimmed(std::string_view picture) {
  std::istringstream lines{std::string(picture)};
  std::string out;
  for (std::string line; std::getline(lines, line);) {
    const std::size_t begin = line.find_first_not_of(' ');
    if (begin != std::string::npos) out += line.substr(begin) + "\n";
  }
  return out;
}

// The latitudes of lines as Grid wants them, one infinity on each side.
template <std::size_t kCount>
std::array<double, kCount + 2> fenced(double first) {
  std::array<double, kCount + 2> lats;
  lats.front() = -kInfinity;
  for (std::size_t i = 0; i < kCount; ++i) lats[i + 1] = first + static_cast<double>(i);
  lats.back() = kInfinity;
  return lats;
}

template <bool kClosed>
Recorder boxes_of(LngLat from, LngLat to) {
  const auto lats = fenced<kSize + 1>(0);
  const Grid grid{0, 1, 1, kSize, kSize, lats.data() + 1};
  Recorder recorder;
  trace_boxes<kClosed>(grid, vertex_at(grid, from, kSize / 2), vertex_at(grid, to, kSize / 2), recorder);
  return recorder;
}

Recorder centers_of(LngLat from, LngLat to) {
  const auto lats = fenced<kSize>(0.5);
  const Grid grid{0, 0.5, 2, 2 * kSize, kSize, lats.data() + 1};
  if (from.lat_deg > to.lat_deg) std::swap(from, to);
  Recorder recorder;
  trace_centers(grid, 0, from, to, lines_below(grid.lats_deg, from.lat_deg, 0),
                lines_below(grid.lats_deg, to.lat_deg, kSize), recorder);
  return recorder;
}

std::string title(LngLat a, LngLat b) {
  std::ostringstream out;
  out << "(" << a.lng_deg << " " << a.lat_deg << ") to (" << b.lng_deg << " " << b.lat_deg << ")";
  return out.str();
}

std::string drawn_boxes(LngLat a, LngLat b) {
  const Recorder open = boxes_of<false>(a, b), closed = boxes_of<true>(a, b);
  EXPECT_EQ(open.toggled_bits, closed.toggled_bits) << "touching never cuts off";
  return draw({open.met_bits, closed.met_bits, open.toggled_bits}, "##x");
}

// One picture: # are the centres on the segment, x those of the others that are cut off.
std::string draw_centers(const Bits& met, const Bits& cut_off) {
  std::string picture = draw({cut_off}, "x");
  const std::string on_segment = draw({met}, "#");
  for (std::size_t i = 0; i < picture.size(); ++i) {
    if (on_segment[i] == '#') picture[i] = '#';
  }
  return picture;
}

std::string drawn_centers(LngLat a, LngLat b) {
  const Recorder centers = centers_of(a, b);
  return draw_centers(centers.met_bits, centers.toggled_bits);
}

// Three pictures: the open boxes that are met; the closed ones; those that are cut off from the grid's
// south-west corner.
void expect_boxes(LngLat a, LngLat b, std::string_view pictures) {
  EXPECT_EQ(drawn_boxes(a, b), trimmed(pictures)) << title(a, b);
  EXPECT_EQ(drawn_boxes(b, a), trimmed(pictures)) << "reversed: " << title(b, a);
}

void expect_centers(LngLat a, LngLat b, std::string_view picture) {
  EXPECT_EQ(drawn_centers(a, b), trimmed(picture)) << title(a, b);
  EXPECT_EQ(drawn_centers(b, a), trimmed(picture)) << "reversed: " << title(b, a);
}

TEST(TraceBoxes, VerticalBetweenLines) {
  expect_boxes({2.5, 1.5}, {2.5, 3.5}, R"(
    .....   .....   .....
    ..#..   ..#..   ...xx
    ..#..   ..#..   ...xx
    ..#..   ..#..   .....
    .....   .....   .....)");
  // Through the whole grid and beyond.
  expect_boxes({0.5, -1}, {0.5, 6}, R"(
    #....   #....   .xxxx
    #....   #....   .xxxx
    #....   #....   .xxxx
    #....   #....   .xxxx
    #....   #....   .xxxx)");
}

// Only touches boxes; the southern end counts as crossing its line, the northern one does not.
TEST(TraceBoxes, VerticalAlongALine) {
  expect_boxes({2, 1}, {2, 3}, R"(
    .....   .....   .....
    .....   .##..   .....
    .....   .##..   ..xxx
    .....   .##..   ..xxx
    .....   .##..   .....)");
}

TEST(TraceBoxes, HorizontalBetweenLines) {
  expect_boxes({0.5, 2.5}, {3.5, 2.5}, R"(
    .....   .....   .....
    .....   .....   .....
    ####.   ####.   .....
    .....   .....   .....
    .....   .....   .....)");
  // Its ends on lines.
  expect_boxes({1, 2.5}, {3, 2.5}, R"(
    .....   .....   .....
    .....   .....   .....
    .##..   ####.   .....
    .....   .....   .....
    .....   .....   .....)");
}

TEST(TraceBoxes, HorizontalAlongALine) {
  expect_boxes({1, 2}, {3, 2}, R"(
    .....   .....   .....
    .....   .....   .....
    .....   ####.   .....
    .....   ####.   .....
    .....   .....   .....)");
}

TEST(TraceBoxes, DiagonalThroughCorners) {
  expect_boxes({1, 1}, {4, 4}, R"(
    .....   ...##   .....
    ...#.   ..###   ...xx
    ..#..   .###.   ..xxx
    .#...   ###..   .xxxx
    .....   ##...   .....)");
  expect_boxes({4, 1}, {1, 4}, R"(
    .....   ##...   .....
    .#...   ###..   ..xxx
    ..#..   .###.   ...xx
    ...#.   ..###   ....x
    .....   ...##   .....)");
}

TEST(TraceBoxes, ShallowSlope) {
  expect_boxes({0.5, 1.75}, {4.5, 2.25}, R"(
    .....   .....   .....
    .....   .....   .....
    ..###   ..###   ...xx
    ###..   ###..   .....
    .....   .....   .....)");
}

TEST(TraceBoxes, WithinOneBox) {
  expect_boxes({2.25, 2.25}, {2.75, 2.5}, R"(
    .....   .....   .....
    .....   .....   .....
    ..#..   ..#..   .....
    .....   .....   .....
    .....   .....   .....)");
  // From its south-west corner to its north-east one: crosses the southern line where its own corner is.
  expect_boxes({2, 2}, {3, 3}, R"(
    .....   .....   .....
    .....   ..##.   .....
    ..#..   .###.   ..xxx
    .....   .##..   .....
    .....   .....   .....)");
}

TEST(TraceBoxes, WithoutLength) {
  expect_boxes({2.5, 2.5}, {2.5, 2.5}, R"(
    .....   .....   .....
    .....   .....   .....
    ..#..   ..#..   .....
    .....   .....   .....
    .....   .....   .....)");
  expect_boxes({2, 2.5}, {2, 2.5}, R"(
    .....   .....   .....
    .....   .....   .....
    .....   .##..   .....
    .....   .....   .....
    .....   .....   .....)");
  expect_boxes({2, 2}, {2, 2}, R"(
    .....   .....   .....
    .....   .....   .....
    .....   .##..   .....
    .....   .##..   .....
    .....   .....   .....)");
  // At the grid's own corners.
  expect_boxes({0, 0}, {0, 0}, R"(
    .....   .....   .....
    .....   .....   .....
    .....   .....   .....
    .....   .....   .....
    .....   #....   .....)");
  expect_boxes({5, 5}, {5, 5}, R"(
    .....   ....#   .....
    .....   .....   .....
    .....   .....   .....
    .....   .....   .....
    .....   .....   .....)");
}

TEST(TraceBoxes, ComesInThroughTheWestSide) {
  expect_boxes({-1, 2.5}, {1.5, 2.5}, R"(
    .....   .....   xxxxx
    .....   .....   xxxxx
    ##...   ##...   .....
    .....   .....   .....
    .....   .....   .....)");
  // Along a line: the corners on it are moved north, and so lie beyond it.
  expect_boxes({-1, 2}, {1.5, 2}, R"(
    .....   .....   xxxxx
    .....   .....   xxxxx
    .....   ##...   xxxxx
    .....   ##...   .....
    .....   .....   .....)");
}

// The corner (0 1) is moved east by more than north: the rising segment passes north of it, the falling one,
// at (0 2), south of it.
TEST(TraceBoxes, CrossesTheWestSideAtACorner) {
  expect_boxes({-1, 0.5}, {6, 4}, R"(
    .....   .....   xxxxx
    ....#   ...##   xxxx.
    ..##.   .####   xx...
    ##...   ###..   .....
    .....   #....   .....)");
  expect_boxes({2, 1}, {-1, 2.5}, R"(
    .....   .....   xxxxx
    .....   .....   xxxxx
    .....   #....   xxxxx
    ##...   ###..   ..xxx
    .....   .##..   .....)");
  // Through the grid's own corner.
  expect_boxes({-1, -2}, {1, 2}, R"(
    .....   .....   xxxxx
    .....   .....   xxxxx
    .....   ##...   xxxxx
    #....   ##...   x....
    #....   #....   .....)");
}

TEST(TraceBoxes, AlongTheBorders) {
  expect_boxes({0, 1}, {0, 4}, R"(
    .....   #....   .....
    .....   #....   .....
    .....   #....   .....
    .....   #....   .....
    .....   #....   .....)");
  expect_boxes({5, 1}, {5, 4}, R"(
    .....   ....#   .....
    .....   ....#   .....
    .....   ....#   .....
    .....   ....#   .....
    .....   ....#   .....)");
  expect_boxes({1, 0}, {3, 0}, R"(
    .....   .....   .....
    .....   .....   .....
    .....   .....   .....
    .....   .....   .....
    .....   ####.   .....)");
  expect_boxes({1, 5}, {3, 5}, R"(
    .....   ####.   .....
    .....   .....   .....
    .....   .....   .....
    .....   .....   .....
    .....   .....   .....)");
}

TEST(TraceBoxes, FromTheSouth) {
  expect_boxes({1.5, -2}, {1.5, 1.5}, R"(
    .....   .....   .....
    .....   .....   .....
    .....   .....   .....
    .#...   .#...   ..xxx
    .#...   .#...   ..xxx)");
}

TEST(TraceBoxes, Outside) {
  constexpr std::string_view kNothing = R"(
    .....   .....   .....
    .....   .....   .....
    .....   .....   .....
    .....   .....   .....
    .....   .....   .....)";
  expect_boxes({-1, -1}, {-1, 6}, kNothing);
  expect_boxes({6, -1}, {6, 6}, kNothing);
  expect_boxes({-1, -1}, {1, -0.5}, kNothing);  // crosses the west side's prolongation, south of the grid
  expect_boxes({-1, 5.5}, {1, 6}, kNothing);    // and north of it
  expect_boxes({6, 6}, {6, 6}, kNothing);
}

TEST(TraceCenters, ThroughCentres) {
  expect_centers({2.5, 1}, {2.5, 4}, R"(
    .....
    ..#xx
    ..#xx
    ..#xx
    .....)");
  expect_centers({0.5, 2.5}, {3.5, 2.5}, R"(
    .....
    .....
    ####.
    .....
    .....)");
  expect_centers({4.5, 0.5}, {0.5, 4.5}, R"(
    #....
    .#xxx
    ..#xx
    ...#x
    ....#)");
}

TEST(TraceCenters, BetweenCentres) {
  expect_centers({0.75, 2.5}, {3.25, 2.5}, R"(
    .....
    .....
    .##..
    .....
    .....)");
  expect_centers({0.75, 1.75}, {4.25, 2.25}, R"(
    .....
    .....
    .....
    .....
    .....)");
  // Along a line of the grid.
  expect_centers({2, 0}, {2, 5}, R"(
    ..xxx
    ..xxx
    ..xxx
    ..xxx
    ..xxx)");
}

TEST(TraceCenters, WithinOneCell) {
  expect_centers({2.25, 2.25}, {2.75, 2.75}, R"(
    .....
    .....
    ..#xx
    .....
    .....)");
  expect_centers({2.5, 2.5}, {2.5, 2.5}, R"(
    .....
    .....
    ..#..
    .....
    .....)");
  expect_centers({2.25, 2.25}, {2.75, 2.5}, R"(
    .....
    .....
    .....
    .....
    .....)");
}

TEST(TraceCenters, CrossesTheWestSide) {
  // From the grid's own corner, which is moved east by more than north: the segment passes north of it.
  expect_centers({0, 0}, {5, 5}, R"(
    xxxx#
    xxx#.
    xx#..
    x#...
    #....)");
  expect_centers({-1, 2.5}, {1.5, 2.5}, R"(
    xxxxx
    xxxxx
    ##xxx
    .....
    .....)");
  expect_centers({-1, -2}, {1, -1}, R"(
    .....
    .....
    .....
    .....
    .....)");
}

// The definitions, in integers: all coordinates times kUnit, where the infinitesimals e1 >> e2 become small
// enough for this lattice: no crossing of its segments with a line comes as near to a corner without being on
// it.
constexpr std::int64_t kUnit = std::int64_t{2} * 1024 * 64;
constexpr std::int64_t kE1 = kUnit / 1024, kE2 = kE1 / 64;

struct Point {
  std::int64_t x, y;
};

int side(Point a, Point b, Point p) {
  const std::int64_t area = (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x);
  return area > 0 ? 1 : area < 0 ? -1 : 0;
}

// Whether two segments cross that are in general position.
bool cross(Point a, Point b, Point c, Point d) {
  return side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;
}

// Convex sets are apart when a normal of one of their sides tells them apart; a touch counts as apart from an
// open box.
bool meets_box(Point a, Point b, Point south_west, bool closed) {
  const Point north_east{south_west.x + kUnit, south_west.y + kUnit};
  const auto apart = [&](std::int64_t gap) { return closed ? gap > 0 : gap >= 0; };
  if (apart(south_west.x - std::max(a.x, b.x)) || apart(std::min(a.x, b.x) - north_east.x) ||
      apart(south_west.y - std::max(a.y, b.y)) || apart(std::min(a.y, b.y) - north_east.y)) {
    return false;
  }
  if (a.x == b.x && a.y == b.y) return true;
  int low = 1, high = -1;
  for (const std::int64_t x : {south_west.x, north_east.x}) {
    for (const std::int64_t y : {south_west.y, north_east.y}) {
      low = std::min(low, side(a, b, {x, y}));
      high = std::max(high, side(a, b, {x, y}));
    }
  }
  return closed ? low <= 0 && high >= 0 : low < 0 && high > 0;
}

bool is_on(Point a, Point b, Point p) {
  return side(a, b, p) == 0 && p.x >= std::min(a.x, b.x) && p.x <= std::max(a.x, b.x) &&
         p.y >= std::min(a.y, b.y) && p.y <= std::max(a.y, b.y);
}

// Whether the way from the grid's moved corner to p, also moved, crosses the segment: north, then east.
bool is_cut_off(Point a, Point b, Point p) {
  const Point bend{kE1, p.y + kE2};
  return cross(a, b, {kE1, kE2}, bend) != cross(a, b, bend, {p.x + kE1, p.y + kE2});
}

// Expected for every box or centre p(column, row).
template <class Test>
Bits all(const Test& test) {
  Bits bits{};
  for (std::size_t row = 0; row < kSize; ++row) {
    for (std::size_t column = 0; column < kSize; ++column) {
      bits[row][column] =
          test(Point{static_cast<std::int64_t>(column) * kUnit, static_cast<std::int64_t>(row) * kUnit});
    }
  }
  return bits;
}

TEST(Trace, EverySegmentOfALattice) {
  constexpr std::int64_t kHalf = kUnit / 2;
  constexpr int kSide = 15;  // of the lattice, from -1 to 6 by halves
  std::vector<Point> lattice;
  lattice.reserve(std::size_t{kSide} * kSide);
  for (int i = 0; i < kSide * kSide; ++i) {
    lattice.push_back({(i % kSide - 2) * kHalf, (i / kSide - 2) * kHalf});
  }
  const auto to_deg = [](Point p) {
    return LngLat{static_cast<double>(p.x) / kUnit, static_cast<double>(p.y) / kUnit};
  };
  for (const Point a : lattice) {
    for (const Point b : lattice) {
      SCOPED_TRACE(title(to_deg(a), to_deg(b)));
      const auto center_of = [](Point corner) { return Point{corner.x + kHalf, corner.y + kHalf}; };
      const Bits cut_off = all([&](Point p) { return is_cut_off(a, b, p); });
      const Bits open = all([&](Point p) { return meets_box(a, b, p, false); });
      const Bits closed = all([&](Point p) { return meets_box(a, b, p, true); });
      ASSERT_EQ(drawn_boxes(to_deg(a), to_deg(b)), draw({open, closed, cut_off}, "##x"));
      const Bits met = all([&](Point p) { return is_on(a, b, center_of(p)); });
      const Bits beyond = all([&](Point p) { return is_cut_off(a, b, center_of(p)); });
      ASSERT_EQ(drawn_centers(to_deg(a), to_deg(b)), draw_centers(met, beyond));
    }
  }
}

TEST(Trace, CodesOfLongitudes) {
  const auto lats = fenced<kSize + 1>(0);
  const Grid grid{0, 1, 1, kSize, kSize, lats.data() + 1};
  const double hair = std::numeric_limits<double>::min();
  EXPECT_EQ(code_of(grid, -kInfinity), -1);
  EXPECT_EQ(code_of(grid, -hair), -1);
  EXPECT_EQ(code_of(grid, 0), 0);
  EXPECT_EQ(code_of(grid, hair), 1);
  EXPECT_EQ(code_of(grid, std::nextafter(3.0, 0.0)), 5);
  EXPECT_EQ(code_of(grid, 3), 6);
  EXPECT_EQ(code_of(grid, std::nextafter(3.0, 4.0)), 7);
  EXPECT_EQ(code_of(grid, 5), 10);
  EXPECT_EQ(code_of(grid, std::nextafter(5.0, 6.0)), 11);
  EXPECT_EQ(code_of(grid, 3600), 11);
}

// Whatever is guessed, the answer is the same.
TEST(Trace, LinesBelow) {
  const auto lats = fenced<kSize + 1>(0);
  for (int guess = 0; guess <= kSize + 1; ++guess) {
    EXPECT_EQ(lines_below(lats.data() + 1, -1, guess), 0);
    EXPECT_EQ(lines_below(lats.data() + 1, 0, guess), 0);
    EXPECT_EQ(lines_below(lats.data() + 1, 2.5, guess), 3);
    EXPECT_EQ(lines_below(lats.data() + 1, 3, guess), 3);
    EXPECT_EQ(lines_below(lats.data() + 1, 5, guess), 5);
    EXPECT_EQ(lines_below(lats.data() + 1, 6, guess), 6);
  }
}

}  // namespace
}  // namespace geocell::polyfill
