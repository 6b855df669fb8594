#include "polyfill_part.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace geocell::quadbin {
namespace {

void add_ring(Part& part, std::span<const LngLat> points) {
  const std::size_t edges_before = part.edges.size();
  for (std::size_t i = 0; i + 1 < points.size(); ++i) {
    if (points[i] != points[i + 1]) part.edges.push_back(make_edge(points[i], points[i + 1]));
  }
  // A point, or a ring or line that has shrunk to one: it still meets the cells that it lies in.
  if (part.edges.size() == edges_before) part.edges.push_back(make_edge(points[0], points[0]));
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

}  // namespace

Edge make_edge(LngLat from, LngLat to) {
  if (from.lat_deg > to.lat_deg) std::swap(from, to);
  const double extent_deg = to.lng_deg - from.lng_deg;
  const double slope = extent_deg / (to.lat_deg - from.lat_deg);
  const bool usable = std::isfinite(slope);
  return {from, to, usable ? slope : 0,
          usable ? kCrossingError * std::fabs(extent_deg) : std::numeric_limits<double>::infinity()};
}

std::vector<Part> split_into_parts(const Geometry& geometry) {
  std::vector<Part> parts;
  Part lines{.area = false, .bounds = {}, .edges = {}};
  for (const Element& element : geometry.elements) {
    if (element.ring_count == 0) continue;
    const bool area = element.type == GeometryType::polygon;
    if (area) parts.push_back({.area = true, .bounds = {}, .edges = {}});
    Part& part = area ? parts.back() : lines;
    const auto rings = geometry.element_rings(element);
    if (area) {
      std::size_t points = 0;
      for (const Ring& ring : rings) points += ring.count;
      part.edges.reserve(points);
    }
    for (const Ring& ring : rings) add_ring(part, geometry.ring_points(ring));
  }
  if (!lines.edges.empty()) parts.push_back(std::move(lines));
  for (Part& part : parts) part.bounds = bounds_of(part.edges);
  return parts;
}

Box bounds_of(std::span<const Part> parts) {
  Box box = parts.front().bounds;
  for (const Part& part : parts) {
    box.west_deg = std::min(box.west_deg, part.bounds.west_deg);
    box.east_deg = std::max(box.east_deg, part.bounds.east_deg);
    box.south_deg = std::min(box.south_deg, part.bounds.south_deg);
    box.north_deg = std::max(box.north_deg, part.bounds.north_deg);
  }
  return box;
}

std::pair<int, int> world_range(const Box& part, const Box& whole) {
  if (whole.west_deg >= -180 && whole.east_deg <= 180) return {0, 0};
  auto first = static_cast<int>(std::floor((part.west_deg - 180) / 360)) - 1;
  while (360.0 * first + 180 < part.west_deg) ++first;
  auto last = static_cast<int>(std::ceil((part.east_deg + 180) / 360)) + 1;
  while (360.0 * last - 180 > part.east_deg) --last;
  return {first, last};
}

}  // namespace geocell::quadbin
