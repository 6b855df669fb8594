#include "core/src/s2/sphere_shapes.hpp"

#include <s2/s2edge_crosser.h>
#include <s2/s2lax_loop_shape.h>
#include <s2/s2loop_measures.h>
#include <s2/s2pointutil.h>
#include <s2/s2shapeutil_contains_brute_force.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <span>
#include <utility>

#include "core/src/s2/sphere.hpp"

namespace geocell::s2 {
namespace {

using Edge = S2Shape::Edge;

// Below this distance from antipodal, rounding of the coordinates alone decides on which side of the sphere
// the shortest path runs (2^-50 is eight units in the last place of 1).
constexpr double kAntipodalTolerance = 0x1p-50;
// A ring inside a cap of this radius leaves the cap's antipode well outside, and geodesic edges never leave
// the cap.
constexpr double kCapRadiusRad = 85 * std::numbers::pi / 180;
constexpr int kCapSteps = 64;
constexpr std::size_t kPointsPerPoll = 4096;

// Any set of edges with a dimension; for dimension 2, with one point whose containment is known.
class EdgeShape final : public S2Shape {
 public:
  EdgeShape(std::vector<Edge> edges, int dimension, const ReferencePoint& reference)
      : edges_(std::move(edges)), dimension_(dimension), reference_(reference) {}

  int num_edges() const override { return static_cast<int>(edges_.size()); }
  Edge edge(int edge_id) const override { return edges_[static_cast<std::size_t>(edge_id)]; }
  int dimension() const override { return dimension_; }
  ReferencePoint GetReferencePoint() const override { return reference_; }
  int num_chains() const override { return num_edges(); }
  Chain chain(int chain_id) const override { return {chain_id, 1}; }
  Edge chain_edge(int chain_id, int) const override { return edge(chain_id); }
  ChainPosition chain_position(int edge_id) const override { return {edge_id, 0}; }

 private:
  std::vector<Edge> edges_;
  int dimension_;
  ReferencePoint reference_;
};

Edge undirected(const Edge& edge) { return edge.v0 < edge.v1 ? edge : Edge(edge.v1, edge.v0); }

// Of no direction; equal edges have equal hashes.
std::uint64_t hash_undirected(const Edge& edge) {
  const auto of_point = [](const S2Point& point) {
    std::uint64_t hash = 0;
    for (int i = 0; i < 3; ++i) {
      hash ^= std::bit_cast<std::uint64_t>(point[i] + 0.0);  // -0.0 + 0.0 is 0.0
      hash *= 0x9e3779b97f4a7c15;                            // 2^64 over the golden ratio
      hash ^= hash >> 32;
    }
    return hash;
  };
  return of_point(edge.v0) + of_point(edge.v1);
}

// False: no edge occurs twice, in either direction. True: some may.
bool may_repeat(std::span<const Edge> edges) {
  const std::size_t slots = std::bit_ceil(2 * edges.size());
  std::vector<std::uint64_t> hashes(slots);  // 0: free
  for (const Edge& edge : edges) {
    const std::uint64_t hash = std::max<std::uint64_t>(hash_undirected(edge), 1);
    std::size_t slot = hash & (slots - 1);
    for (; hashes[slot] != 0; slot = (slot + 1) & (slots - 1)) {
      if (hashes[slot] == hash) return true;
    }
    hashes[slot] = hash;
  }
  return false;
}

// Moves edges that occur more than once, in either direction, to `repeated` (once each); of those that occur
// an odd number of times one stays, so that the parity of crossings is kept.
void split_repeated(std::vector<Edge>& edges, std::vector<Edge>& repeated) {
  if (!may_repeat(edges)) return;
  std::vector<Edge> sorted(edges.size());
  std::ranges::transform(edges, sorted.begin(), undirected);
  std::sort(sorted.begin(), sorted.end());
  edges.clear();
  for (std::size_t first = 0, last = 0; first < sorted.size(); first = last) {
    while (last < sorted.size() && sorted[last] == sorted[first]) ++last;
    if (last - first > 1) repeated.push_back(sorted[first]);
    if ((last - first) % 2 == 1) edges.push_back(sorted[first]);
  }
}

// The centre of a cap of at most kCapRadiusRad around all points; nothing when none was found. Starts at the
// mean and steps towards the farthest point (Bădoiu and Clarkson's core-set iteration for the smallest
// enclosing ball).
std::optional<S2Point> cap_center(const std::vector<S2Point>& points) {
  S2Point sum(0, 0, 0);
  for (const S2Point& point : points) sum += point;
  S2Point center = sum.Norm() > 1e-6 * static_cast<double>(points.size()) ? sum.Normalize() : points.front();
  const double min_dot = std::cos(kCapRadiusRad);
  for (int step = 2; step < kCapSteps; ++step) {
    const auto farthest =
        std::ranges::min_element(points, {}, [&](const S2Point& p) { return center.DotProd(p); });
    if (center.DotProd(*farthest) >= min_dot) return center;
    const S2Point moved = center + (*farthest - center) / step;
    if (moved.Norm() < 1e-6) break;
    center = moved.Normalize();
  }
  return std::nullopt;
}

// Whether the smaller side of a ring contains a point. REQUIRES: no two neighbouring vertices are equal
bool smaller_side_contains(std::vector<S2Point> ring, const S2Point& point) {
  if (ring.size() < 3) return false;
  if (S2::GetSignedArea(ring) < 0) std::ranges::reverse(ring);
  return s2shapeutil::ContainsBruteForce(S2LaxLoopShape(ring), point);
}

class ShapeBuilder {
 public:
  ShapeBuilder(const CallContext& context, const Geometry& geometry)
      : context_(context), geometry_(geometry) {}

  std::optional<Error> add(const Element& element) {
    switch (element.type) {
      case GeometryType::point:
        return add_points(element);
      case GeometryType::linestring:
        return add_line(element);
      case GeometryType::polygon:
        return add_polygon(element);
      default:
        return std::nullopt;  // collective: its members follow
    }
  }

  std::vector<std::unique_ptr<S2Shape>> finish(PolyfillMode mode) {
    const auto nothing = S2Shape::ReferencePoint::Contained(false);
    if (mode == PolyfillMode::center) {
      for (const Edge& edge : std::exchange(lines_, {})) {
        points_.emplace_back(edge.v0, edge.v0);
        points_.emplace_back(edge.v1, edge.v1);
      }
    }
    if (mode != PolyfillMode::contains) {
      add_shape(std::move(points_), 0, nothing);
      add_shape(std::move(lines_), 1, nothing);
    }
    return std::move(shapes_);
  }

 private:
  void add_shape(std::vector<Edge> edges, int dimension, const S2Shape::ReferencePoint& reference) {
    if (edges.empty()) return;  // in S2 a polygon of no edges may be the whole sphere
    shapes_.push_back(std::make_unique<EdgeShape>(std::move(edges), dimension, reference));
  }

  // The ring's vertices on the sphere, without repeated neighbours; a closed ring keeps its last vertex.
  Result<std::vector<S2Point>> project(const Ring& ring) {
    const auto vertices = geometry_.ring_points(ring);
    std::vector<S2Point> points;
    points.reserve(vertices.size());
    for (std::size_t i = 0; i < vertices.size(); ++i) {
      if (++projected_ % kPointsPerPoll == 0 && context_.is_cancelled()) return canceled();
      const auto [lng_deg, lat_deg] = vertices[i];
      if (std::abs(lat_deg) > 90) return invalid_value("latitude", to_text(lat_deg), "between -90 and 90");
      const S2Point point = to_point(lng_deg, lat_deg);
      if (!points.empty()) {
        if (points.back() == point) continue;
        if ((points.back() + point).Norm() < kAntipodalTolerance) {
          const LngLat& from = vertices[i - 1];
          return invalid_value("edge",
                               to_text(from.lng_deg) + ' ' + to_text(from.lat_deg) + ", " + to_text(lng_deg) +
                                   ' ' + to_text(lat_deg),
                               "shorter than 180 degrees (add a point between)");
        }
      }
      points.push_back(point);
    }
    return points;
  }

  std::optional<Error> add_points(const Element& element) {
    for (const Ring& ring : geometry_.element_rings(element)) {
      auto points = project(ring);
      if (!points) return points.error();
      for (const S2Point& point : *points) points_.emplace_back(point, point);
    }
    return std::nullopt;
  }

  std::optional<Error> add_line(const Element& element) {
    for (const Ring& ring : geometry_.element_rings(element)) {
      auto points = project(ring);
      if (!points) return points.error();
      append_edges(*points, lines_);
    }
    return std::nullopt;
  }

  // A single point is one edge from itself to itself.
  static void append_edges(const std::vector<S2Point>& points, std::vector<Edge>& edges) {
    if (points.size() == 1) edges.emplace_back(points[0], points[0]);
    for (std::size_t i = 1; i < points.size(); ++i) edges.emplace_back(points[i - 1], points[i]);
  }

  std::optional<Error> add_polygon(const Element& element) {
    std::vector<std::vector<S2Point>> rings;
    std::vector<S2Point> vertices;
    std::vector<Edge> edges;
    for (const Ring& ring : geometry_.element_rings(element)) {
      auto points = project(ring);
      if (!points) return points.error();
      // A ring that is one point on the sphere bounds nothing, but is part of the geometry.
      append_edges(*points, points->size() == 1 ? lines_ : edges);
      vertices.insert(vertices.end(), points->begin(), points->end());
      if (points->size() > 1) points->pop_back();
      rings.push_back(std::move(*points));
    }
    if (context_.is_cancelled()) return canceled();
    split_repeated(edges, lines_);
    if (edges.empty()) return std::nullopt;
    add_shape(std::move(edges), 2, outside_reference(rings, vertices));
    return std::nullopt;
  }

  static S2Shape::ReferencePoint outside_reference(const std::vector<std::vector<S2Point>>& rings,
                                                   const std::vector<S2Point>& vertices) {
    if (const auto center = cap_center(vertices)) {
      // A degree away from the cap's antipode is still outside, and spares s2geometry an edge between
      // antipodal points: it joins this point to a corner of face 0.
      return {(-*center + std::sin(std::numbers::pi / 180) * S2::Ortho(*center)).Normalize(), false};
    }
    bool inside = false;
    for (const auto& ring : rings) inside ^= smaller_side_contains(ring, S2::Origin());
    return {S2::Origin(), inside};
  }

  const CallContext& context_;
  const Geometry& geometry_;
  std::size_t projected_ = 0;
  std::vector<Edge> points_;
  std::vector<Edge> lines_;
  std::vector<std::unique_ptr<S2Shape>> shapes_;
};

}  // namespace

Result<std::vector<std::unique_ptr<S2Shape>>> make_shapes(const CallContext& context,
                                                          const Geometry& geometry, PolyfillMode mode) {
  ShapeBuilder builder(context, geometry);
  for (const Element& element : geometry.elements) {
    if (auto error = builder.add(element)) return *error;
  }
  return builder.finish(mode);
}

}  // namespace geocell::s2
