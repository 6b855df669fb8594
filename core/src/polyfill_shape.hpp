// A geometry as the polyfill engine takes it: parts with an inside of their own, bounded by segments between
// the geometry's own points.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "geocell/geometry.hpp"

namespace geocell::quadbin {

struct Box {
  double west_deg, south_deg, east_deg, north_deg;
};

struct Part {
  bool area;  // the segments bound an inside, by the even-odd rule
  Box bounds;
  const LngLat* points;
  // Segments lie between the neighbouring points of each ring: two points at least, of which all may be
  // equal.
  std::span<const Ring> rings;
};

// Every polygon is a part of its own, since each has its own inside; all lines and points share one.
class Shape {
 public:
  // Null where a coordinate is not finite or beyond +-max_deg. The geometry must outlive the shape.
  static std::shared_ptr<const Shape> create(const Geometry& geometry, double max_deg);
  // The same; the shape keeps the geometry.
  static std::shared_ptr<const Shape> create_owning(Geometry geometry, double max_deg);

  std::span<const Part> parts() const { return parts_; }

  Shape() = default;
  Shape(const Shape&) = delete;  // parts point into the members below
  Shape& operator=(const Shape&) = delete;

 private:
  bool fill(const Geometry& geometry, double max_deg);

  std::vector<Part> parts_;
  std::optional<Geometry> own_;
  std::vector<LngLat> line_points_;  // of the part of lines and points
  std::vector<Ring> line_rings_;
};

// The copies of the world that the part reaches, first and last: copy k spans the longitudes [360k - 180,
// 360k + 180]. A geometry that stays within ±180 is on copy 0 alone, even where it touches the antimeridian:
// so the range is that of `whole`, cut to what the part itself reaches; first > last: none.
std::pair<int, int> world_range(const Box& part, const Box& whole);

Box bounds_of(std::span<const Part> parts);  // REQUIRES: not empty

}  // namespace geocell::quadbin
