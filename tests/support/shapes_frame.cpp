#include "tests/support/shapes_frame.hpp"

#include <algorithm>
#include <limits>

#include "geocell/quadbin.hpp"
#include "geocell/status.hpp"

namespace geocell::shapes {

namespace {

// `line(n)` is the n-th half-cell line; between two of them, a point on the way.
template <class Line>
double between_lines(double cells, Line line) {
  const double halves = std::floor(cells * 2);
  const double low = line(static_cast<std::int64_t>(halves));
  if (halves == cells * 2) return low;
  const double high = line(static_cast<std::int64_t>(halves) + 1);
  return low + (high - low) * (cells * 2 - halves);
}

double nudge(double value, int ulps) {
  const double end =
      ulps < 0 ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
  // Next to zero lie the subnormals, whose products underflow in GEOS: there a step is that of a coordinate
  // near 1e-5.
  if (value == 0) return ulps * 0x1p-70;
  for (int i = 0; i < std::abs(ulps); ++i) value = std::nextafter(value, end);
  return value;
}

std::string pair(LngLat p) { return to_text(p.lng_deg) + " " + to_text(p.lat_deg); }

template <class Items, class Text>
std::string list(const Items& items, Text text) {
  std::string all = "(";
  for (const auto& item : items) {
    if (all.size() > 1) all += ",";
    all += text(item);
  }
  return all + ")";
}

std::string rings_text(const std::vector<Path>& rings) {
  return list(rings, [](Path ring) {
    ring.push_back(ring.front());
    return list(ring, pair);
  });
}

}  // namespace

double CellFrame::lng(double u) const {
  const std::int64_t halves = std::int64_t{2} << resolution_;
  return between_lines(u, [&](std::int64_t half) {
    // Frames near the antimeridian reach into the next copy of the world.
    const std::int64_t line = 2 * std::int64_t{x_} + half;
    const std::int64_t turns = line < 0 ? -1 : line > halves ? 1 : 0;
    return quadbin::column_lng_deg(resolution_ + 1, static_cast<std::uint32_t>(line - turns * halves)) +
           360 * static_cast<double>(turns);
  });
}

double CellFrame::lat(double v) const {
  const std::int64_t halves = std::int64_t{2} << resolution_;
  return between_lines(v, [&](std::int64_t half) {
    const std::int64_t line = 2 * std::int64_t{y_} + half;
    const std::int64_t on_grid = std::clamp<std::int64_t>(line, 0, halves);
    // Past the last row latitudes go on in even steps, no further than the pole.
    return std::clamp(quadbin::row_lat_deg(resolution_ + 1, static_cast<std::uint32_t>(on_grid)) +
                          static_cast<double>(on_grid - line) * 4 * step(),
                      -90.0, 90.0);
  });
}

Path CellFrame::path(std::initializer_list<LngLat> cells) const {
  Path path;
  for (const LngLat& cell : cells) path.push_back(at(cell.lng_deg, cell.lat_deg));
  return path;
}

LngLat nudge(LngLat p, int lng_ulps, int lat_ulps) {
  return {nudge(p.lng_deg, lng_ulps), nudge(p.lat_deg, lat_ulps)};
}

std::string point_wkt(LngLat p) { return "POINT(" + pair(p) + ")"; }
std::string multipoint_wkt(const Path& points) {
  return "MULTIPOINT" + list(points, [](LngLat p) { return "(" + pair(p) + ")"; });
}
std::string line_wkt(const Path& points) { return "LINESTRING" + list(points, pair); }
std::string multiline_wkt(const std::vector<Path>& lines) {
  return "MULTILINESTRING" + list(lines, [](const Path& line) { return list(line, pair); });
}
std::string polygon_wkt(const std::vector<Path>& rings) { return "POLYGON" + rings_text(rings); }
std::string multipolygon_wkt(const std::vector<std::vector<Path>>& polygons) {
  return "MULTIPOLYGON" + list(polygons, rings_text);
}
std::string collection_wkt(const std::vector<std::string>& members) {
  return "GEOMETRYCOLLECTION" + list(members, [](const std::string& member) { return member; });
}

}  // namespace geocell::shapes
