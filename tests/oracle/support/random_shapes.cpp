#include "tests/oracle/support/random_shapes.hpp"

#include <algorithm>
#include <numbers>

namespace geocell::oracle {

using shapes::CellFrame;
using shapes::Path;

CellFrame RandomShapes::frame() {
  static constexpr int kResolutions[] = {1, 2, 3, 4, 5, 6, 8, 10, 13, 17, 22, 25, 26};
  const int resolution = kResolutions[below(std::size(kResolutions))];
  const std::uint64_t tiles = std::uint64_t{1} << resolution;
  snap_ = static_cast<Snap>(below(4) == 0 ? 1 : below(3) == 0 ? 2 : 0);
  size_ = std::exp(between(std::log(0.01), std::log(40)));
  std::uint64_t x = below(tiles), y = below(tiles);
  // A corner in eight: the edges of the map, where shapes run over it, and the middle, where signs change.
  if (below(8) == 0) x = below(2) * (tiles - 1);
  if (below(8) == 0) y = below(2) * (tiles - 1);
  if (below(16) == 0) x = tiles / 2;
  if (below(16) == 0) y = tiles / 2;
  return {resolution, static_cast<std::uint32_t>(x), static_cast<std::uint32_t>(y)};
}

LngLat RandomShapes::corner(const CellFrame& frame, double u, double v) {
  // No further than the frame reaches: one world to each side.
  const double tiles = std::ldexp(1.0, frame.resolution());
  u = std::clamp(u, -tiles, tiles);
  if (snap_ == Snap::none) return frame.at(u, v);
  if (below(8) != 0) u = std::round(u * 2) / 2;
  if (below(8) != 0) v = std::round(v * 2) / 2;
  LngLat p = frame.at(u, v);
  if (snap_ == Snap::halves_and_ulps) {
    p = shapes::nudge(p, static_cast<int>(below(3)) - 1, static_cast<int>(below(3)) - 1);
  }
  return p;
}

Path RandomShapes::star(const CellFrame& frame, double u, double v, double inner, double outer) {
  const std::uint64_t vertices = 3 + below(below(8) == 0 ? 60 : 12);
  Path path;
  const double turn = between(0, 2 * std::numbers::pi);
  for (std::uint64_t i = 0; i < vertices; ++i) {
    // Within its own sector, so that the angles ascend and no gap reaches a half turn.
    const double sector = (static_cast<double>(i) + between(0, .49)) / static_cast<double>(vertices);
    const double angle = turn + 2 * std::numbers::pi * sector, radius = between(inner, outer);
    path.push_back(corner(frame, u + radius * std::cos(angle), v + radius * std::sin(angle)));
  }
  return path;
}

// From a point through one of the grid and on: the end is rounded, so the edge passes the grid's point on one
// side or the other by a fraction of a unit in the last place.
Path RandomShapes::aimed(const CellFrame& frame) {
  // Both ends within the frame's reach, as in corner().
  const double reach = std::min(size_, std::ldexp(1.0, frame.resolution()) / 4);
  const auto anywhere = [&] { return between(-reach, reach); };
  const auto half = [&] { return std::round(anywhere()) / 2; };
  const LngLat from = frame.at(anywhere(), anywhere());
  const LngLat through = frame.at(half(), half());
  const double on = between(1, 3);
  return {from,
          {from.lng_deg + (through.lng_deg - from.lng_deg) * on,
           from.lat_deg + (through.lat_deg - from.lat_deg) * on}};
}

Path RandomShapes::skyline(const CellFrame& frame) {
  const std::uint64_t columns = 1 + below(8);
  const double width = std::max(1.0, std::round(size_ / static_cast<double>(columns)));
  Path path{corner(frame, 0, size_)};
  for (std::uint64_t i = 0; i < columns; ++i) {
    const double u = static_cast<double>(i) * width / 2, v = std::floor(between(-size_, size_ - .5) * 2) / 2;
    path.push_back(corner(frame, u, v));
    path.push_back(corner(frame, u + width / 2, v));
  }
  path.push_back(corner(frame, static_cast<double>(columns) * width / 2, size_));
  return path;
}

Path RandomShapes::walk(const CellFrame& frame, std::size_t vertices) {
  Path path;
  double u = between(-1, 1), v = between(-1, 1);
  for (std::size_t i = 0; i < vertices; ++i) {
    path.push_back(corner(frame, u, v));
    if (below(4) != 0) u += between(-size_, size_) / 2;
    if (below(4) != 0) v += between(-size_, size_) / 2;
  }
  return path;
}

std::vector<Path> RandomShapes::star_with_holes(const CellFrame& frame, double u, double v, double radius) {
  std::vector<Path> rings{star(frame, u, v, radius * .7, radius)};
  const std::uint64_t holes = below(4);
  for (std::uint64_t i = 0; i < holes; ++i) {
    // Side by side in the part that the shell surely covers.
    const double at = (static_cast<double>(i) - 1) * radius * .25;
    rings.push_back(star(frame, u + at, v, radius * .02, radius * .12));
  }
  return rings;
}

std::vector<std::vector<Path>> RandomShapes::archipelago(const CellFrame& frame) {
  std::vector<std::vector<Path>> islands;
  const std::uint64_t count = 1 + below(5);
  for (std::uint64_t i = 0; i < count; ++i) {
    islands.push_back(
        star_with_holes(frame, static_cast<double>(i) * size_ * .5, between(-1, 1) * size_, size_ * .245));
  }
  return islands;
}

std::string RandomShapes::any(const CellFrame& frame, int depth) {
  switch (below(depth > 0 ? 12 : 14)) {
    case 0:
    case 1:
      return shapes::polygon_wkt({star(frame, 0, 0, size_ * .05, size_ * .5)});
    case 2:
      return shapes::polygon_wkt({star(frame, 0, 0, size_ * .4, size_ * .5)});
    case 3:
    case 4:
      return shapes::polygon_wkt(star_with_holes(frame, 0, 0, size_ * .5));
    case 5:
      return shapes::polygon_wkt({skyline(frame)});
    case 6:
      return shapes::multipolygon_wkt(archipelago(frame));
    case 7:
      return shapes::line_wkt(walk(frame, 2 + below(8)));
    case 8:
      return shapes::multiline_wkt({walk(frame, 2), walk(frame, 2 + below(4))});
    case 9:
      return below(2) == 0 ? shapes::point_wkt(walk(frame, 1).front())
                           : shapes::multipoint_wkt(walk(frame, 1 + below(20)));
    case 10:
    case 11:
      return shapes::line_wkt(aimed(frame));
    default:
      break;
  }
  std::vector<std::string> members;
  const std::uint64_t count = below(5);
  for (std::uint64_t i = 0; i <= count; ++i) members.push_back(any(frame, depth + 1));
  return shapes::collection_wkt(members);
}

shapes::Shape RandomShapes::next() {
  const CellFrame where = frame();
  return {"random", any(where, 0), where.resolution()};
}

shapes::Shape RandomShapes::next_tangled() {
  const CellFrame where = frame();
  size_ = std::min(size_, 12.0);
  std::vector<std::vector<Path>> polygons(1 + below(2));
  for (auto& rings : polygons) {
    const std::uint64_t count = 1 + below(3);
    for (std::uint64_t i = 0; i < count; ++i) {
      Path ring;
      const std::uint64_t vertices = 3 + below(9);
      for (std::uint64_t j = 0; j < vertices; ++j) {
        const bool repeat = !ring.empty() && below(6) == 0;
        const LngLat again = repeat ? ring[below(ring.size())] : LngLat{};
        ring.push_back(repeat ? again : corner(where, between(-.5, .5) * size_, between(-.5, .5) * size_));
      }
      rings.push_back(std::move(ring));
    }
  }
  return {"tangled", shapes::multipolygon_wkt(polygons), where.resolution()};
}

}  // namespace geocell::oracle
