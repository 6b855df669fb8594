#include "tests/oracle/support/exact_oracle.hpp"

#include <gmpxx.h>

#include <algorithm>
#include <cmath>
#include <span>

namespace geocell::oracle {

namespace {

// Two convex sets are apart when some face normal of their difference tells them apart: here x, y and the
// segment's own normal. `Apart` compares along x and y (min of one, max of the other); `sides` are the
// corners' sides of the segment.
std::array<int, 4> corner_sides(const LngLat& a, const LngLat& b, const Bounds& box) {
  return {orientation(a, b, {box.west, box.south}), orientation(a, b, {box.east, box.south}),
          orientation(a, b, {box.east, box.north}), orientation(a, b, {box.west, box.north})};
}

bool on_segment(const LngLat& p, const LngLat& a, const LngLat& b) {
  return p.lng_deg >= std::min(a.lng_deg, b.lng_deg) && p.lng_deg <= std::max(a.lng_deg, b.lng_deg) &&
         p.lat_deg >= std::min(a.lat_deg, b.lat_deg) && p.lat_deg <= std::max(a.lat_deg, b.lat_deg) &&
         orientation(a, b, p) == 0;
}

// Whether the ray from p to the east crosses the edge; an end point counts with the edge
// that leaves it upward.
bool ray_crosses(const LngLat& p, const LngLat& a, const LngLat& b) {
  if ((a.lat_deg <= p.lat_deg) == (b.lat_deg <= p.lat_deg)) return false;
  const LngLat& low = a.lat_deg <= p.lat_deg ? a : b;
  const LngLat& high = a.lat_deg <= p.lat_deg ? b : a;
  return orientation(low, high, p) > 0;
}

struct CellRelation {
  bool center = false, intersects = false, contains = false;
};

CellRelation relate_polygon(const Geometry& geometry, const Element& polygon, const Candidate& cell) {
  bool meets_closed = false, meets_open = false, center_on_edge = false, center_inside = false;
  for (const Ring& ring : geometry.element_rings(polygon)) {
    const auto points = geometry.ring_points(ring);
    for (std::size_t i = 1; i < points.size(); ++i) {
      const LngLat &a = points[i - 1], &b = points[i];
      meets_closed = meets_closed || segment_meets_closed_box(a, b, cell.box);
      meets_open = meets_open || segment_meets_open_box(a, b, cell.box);
      center_on_edge = center_on_edge || on_segment(cell.center, a, b);
      if (ray_crosses(cell.center, a, b)) center_inside = !center_inside;
    }
  }
  // Where no edge enters the open cell, the centre speaks for all of it.
  return {center_on_edge || center_inside, meets_closed || center_inside, !meets_open && center_inside};
}

CellRelation relate_path(std::span<const LngLat> points, const Candidate& cell) {
  CellRelation relation;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const LngLat &a = points[i], &b = points[i + 1 < points.size() ? i + 1 : i];
    relation.center = relation.center || on_segment(cell.center, a, b);
    relation.intersects = relation.intersects || segment_meets_closed_box(a, b, cell.box);
  }
  return relation;
}

CellRelation relate(const Geometry& geometry, const Candidate& cell) {
  CellRelation all;
  for (const Element& element : geometry.elements) {
    CellRelation one;
    if (element.type == GeometryType::polygon) {
      one = relate_polygon(geometry, element, cell);
    } else {
      for (const Ring& ring : geometry.element_rings(element))
        one = relate_path(geometry.ring_points(ring), cell);
    }
    all.center = all.center || one.center;
    all.intersects = all.intersects || one.intersects;
    all.contains = all.contains || one.contains;
  }
  return all;
}

}  // namespace

int orientation(const LngLat& a, const LngLat& b, const LngLat& c) {
  // Rounding error of the determinant in doubles: below 2^-51 of the sum of the products' sizes,
  // unless they underflow.
  const double left = (b.lng_deg - a.lng_deg) * (c.lat_deg - a.lat_deg);
  const double right = (b.lat_deg - a.lat_deg) * (c.lng_deg - a.lng_deg);
  const double size = std::fabs(left) + std::fabs(right);
  if (size > 1e-200 && std::fabs(left - right) > size * 0x1p-51) return left > right ? 1 : -1;
  const auto exact = [](double value) { return mpq_class(value); };
  const mpq_class area = (exact(b.lng_deg) - exact(a.lng_deg)) * (exact(c.lat_deg) - exact(a.lat_deg)) -
                         (exact(b.lat_deg) - exact(a.lat_deg)) * (exact(c.lng_deg) - exact(a.lng_deg));
  return sgn(area);
}

bool segment_meets_closed_box(const LngLat& a, const LngLat& b, const Bounds& box) {
  if (std::max(a.lng_deg, b.lng_deg) < box.west || std::min(a.lng_deg, b.lng_deg) > box.east ||
      std::max(a.lat_deg, b.lat_deg) < box.south || std::min(a.lat_deg, b.lat_deg) > box.north) {
    return false;
  }
  if (a == b) return true;
  const auto sides = corner_sides(a, b, box);
  return !std::ranges::all_of(sides, [](int side) { return side > 0; }) &&
         !std::ranges::all_of(sides, [](int side) { return side < 0; });
}

bool segment_meets_open_box(const LngLat& a, const LngLat& b, const Bounds& box) {
  if (std::max(a.lng_deg, b.lng_deg) <= box.west || std::min(a.lng_deg, b.lng_deg) >= box.east ||
      std::max(a.lat_deg, b.lat_deg) <= box.south || std::min(a.lat_deg, b.lat_deg) >= box.north) {
    return false;
  }
  if (a == b) return true;
  const auto sides = corner_sides(a, b, box);
  return !std::ranges::all_of(sides, [](int side) { return side >= 0; }) &&
         !std::ranges::all_of(sides, [](int side) { return side <= 0; });
}

Bounds bounds_of(const Geometry& geometry) {
  Bounds bounds{geometry.points.front().lng_deg, geometry.points.front().lat_deg,
                geometry.points.front().lng_deg, geometry.points.front().lat_deg};
  for (const LngLat& p : geometry.points) {
    bounds.west = std::min(bounds.west, p.lng_deg);
    bounds.east = std::max(bounds.east, p.lng_deg);
    bounds.south = std::min(bounds.south, p.lat_deg);
    bounds.north = std::max(bounds.north, p.lat_deg);
  }
  return bounds;
}

Answers exact_polyfill(const Geometry& geometry, int resolution) {
  Answers answers;
  if (geometry.empty()) return answers;
  for (const Candidate& cell : candidate_cells(bounds_of(geometry), resolution)) {
    const CellRelation relation = relate(geometry, cell);
    if (relation.center) answers[0].push_back(cell.id);
    if (relation.intersects) answers[1].push_back(cell.id);
    if (relation.contains) answers[2].push_back(cell.id);
  }
  for (auto& ids : answers) ids = sorted_set(std::move(ids));
  return answers;
}

}  // namespace geocell::oracle
