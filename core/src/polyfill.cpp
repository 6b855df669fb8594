#include "geocell/polyfill.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "geocell/quadbin.hpp"
#include "polyfill_walker.hpp"

namespace geocell {

Result<PolyfillMode> parse_polyfill_mode(std::string_view mode) {
  if (mode == "center") return PolyfillMode::center;
  if (mode == "intersects") return PolyfillMode::intersects;
  if (mode == "contains") return PolyfillMode::contains;
  return invalid_value("polyfill mode", mode, "\"center\", \"intersects\" or \"contains\"");
}

namespace quadbin {
namespace {

Result<void> require_coordinates_near_the_map(const Geometry& geometry) {
  const auto check = [](std::string_view what, double value) -> Result<void> {
    if (!std::isfinite(value)) return not_finite(what, value);
    if (std::fabs(value) <= kMaxPolyfillDeg) return {};
    const std::string limit = to_text(kMaxPolyfillDeg);
    return invalid_value(what, to_text(value), "degrees between -" + limit + " and " + limit);
  };
  for (const LngLat& point : geometry.points) {
    if (auto ok = check("longitude", point.lng_deg); !ok) return ok;
    if (auto ok = check("latitude", point.lat_deg); !ok) return ok;
  }
  return {};
}

void add_edge(Part& part, LngLat a, LngLat b) {
  if (a.lat_deg > b.lat_deg) std::swap(a, b);
  part.edges.push_back({a, b});
}

void add_ring(Part& part, std::span<const LngLat> points) {
  const std::size_t edges_before = part.edges.size();
  for (std::size_t i = 0; i + 1 < points.size(); ++i) {
    if (points[i] != points[i + 1]) add_edge(part, points[i], points[i + 1]);
  }
  // A point, or a ring or line that has shrunk to one: it still meets the cells that it lies in.
  if (part.edges.size() == edges_before) add_edge(part, points[0], points[0]);
}

// Every polygon is a part of its own, since each has its own inside; all lines and points share one.
std::vector<Part> split_into_parts(const Geometry& geometry) {
  std::vector<Part> parts;
  Part lines{.area = false, .bounds = {}, .edges = {}};
  for (const Element& element : geometry.elements) {
    if (element.ring_count == 0) continue;
    const bool area = element.type == GeometryType::polygon;
    if (area) parts.push_back({.area = true, .bounds = {}, .edges = {}});
    for (const Ring& ring : geometry.element_rings(element)) {
      add_ring(area ? parts.back() : lines, geometry.ring_points(ring));
    }
  }
  if (!lines.edges.empty()) parts.push_back(std::move(lines));
  return parts;
}

Box bounds_of(std::span<const Edge> edges) {
  Box box{edges[0].a.lng_deg, edges[0].a.lat_deg, edges[0].a.lng_deg, edges[0].b.lat_deg};
  for (const Edge& edge : edges) {
    box.west_deg = std::min({box.west_deg, edge.a.lng_deg, edge.b.lng_deg});
    box.east_deg = std::max({box.east_deg, edge.a.lng_deg, edge.b.lng_deg});
    box.south_deg = std::min(box.south_deg, edge.a.lat_deg);
    box.north_deg = std::max(box.north_deg, edge.b.lat_deg);
  }
  return box;
}

// The copies of the world that a geometry with these longitudes reaches: copy k spans [360k - 180, 360k +
// 180]. One that stays within ±180 is on copy 0 alone, even where it touches the antimeridian.
std::pair<int, int> world_range(double west_deg, double east_deg) {
  if (west_deg >= -180 && east_deg <= 180) return {0, 0};
  auto first = static_cast<int>(std::floor((west_deg - 180) / 360)) - 1;
  while (360.0 * first + 180 < west_deg) ++first;
  auto last = static_cast<int>(std::ceil((east_deg + 180) / 360)) + 1;
  while (360.0 * last - 180 > east_deg) --last;
  return {first, last};
}

}  // namespace

Result<CellRuns> polyfill_cells(const CallContext& context, const Geometry& geometry, std::int32_t resolution,
                                PolyfillMode mode) {
  if (resolution < 0 || resolution > kMaxResolution) return invalid_resolution(resolution, 0, kMaxResolution);
  if (auto ok = require_lng_lat(geometry); !ok) return std::move(ok.error());
  if (auto ok = require_coordinates_near_the_map(geometry); !ok) return std::move(ok.error());

  std::vector<Part> parts = split_into_parts(geometry);
  double west = 0;  // as good a start as any longitude of copy 0
  double east = 0;
  for (Part& part : parts) {
    part.bounds = bounds_of(part.edges);
    west = std::min(west, part.bounds.west_deg);
    east = std::max(east, part.bounds.east_deg);
  }

  CellRuns cells;
  PolyfillWalker walker(context, resolution, mode);
  bool merged = true;  // nothing was appended out of order since the last merge
  const auto [first_world, last_world] = world_range(west, east);
  for (const Part& part : parts) {
    if (mode == PolyfillMode::contains && !part.area) continue;
    for (int world = first_world; world <= last_world; ++world) {
      if (part.bounds.east_deg < 360.0 * world - 180 || part.bounds.west_deg > 360.0 * world + 180) continue;
      const bool first_walk = cells.runs().empty();
      CellRuns more;
      const WalkEnd end = walker.walk(part, world, first_walk ? cells : more);
      if (end == WalkEnd::cancelled) return canceled();
      if (end == WalkEnd::limit) {
        return too_many_cells("quadbin_polyfill", std::max(cells.count(), more.count()), /*at_least=*/true,
                              context.max_cells);
      }
      if (first_walk) continue;
      merged = false;
      for (const CellRuns::Run& run : more.runs()) cells.append(run.first, run.count, run.stride);
      // Cells that several parts share count once.
      if (cells.count() > context.max_cells) {
        cells.sort_and_merge();
        merged = true;
        if (cells.count() > context.max_cells) {
          return too_many_cells("quadbin_polyfill", cells.count(), /*at_least=*/true, context.max_cells);
        }
      }
    }
  }
  if (!merged) cells.sort_and_merge();
  return cells;
}

Result<CellRuns> polyfill(const CallContext& context, const Geometry& geometry, std::int32_t resolution,
                          std::optional<std::string_view> mode) {
  const auto parsed = parse_polyfill_mode(mode.value_or("center"));
  if (!parsed) return parsed.error();
  return polyfill_cells(context, geometry, resolution, *parsed);
}

}  // namespace quadbin
}  // namespace geocell
