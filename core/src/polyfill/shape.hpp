// A geometry as the polyfill engine sees it: parts, each with an inside of its own, bounded by segments
// between the geometry's points.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "geocell/geometry.hpp"

namespace geocell::polyfill {

struct Box {
  double west_deg, south_deg, east_deg, north_deg;

  // Whether the open box holds it.
  bool holds(LngLat point) const {
    return (point.lng_deg > west_deg) & (point.lng_deg < east_deg) & (point.lat_deg > south_deg) &
           (point.lat_deg < north_deg);
  }
  bool holds(const Box& box) const {
    return (box.west_deg > west_deg) & (box.east_deg < east_deg) & (box.south_deg > south_deg) &
           (box.north_deg < north_deg);
  }
};

// Points; and, where they are many, a box around each group of kGroup of them: of a group that lies in a box
// as a whole, the points need not be read.
struct Points {
  static constexpr std::uint32_t kGroup = 8;

  const LngLat* at;
  const Box* group_boxes;  // [i] of points 8i to 8i + 7; null where they are few

  const LngLat& operator[](std::uint32_t i) const { return at[i]; }
  // The first of the points `begin` to `end` (included) that is not in the open box; `end` + 1 if all are.
  std::uint32_t first_outside(const Box& box, std::uint32_t begin, std::uint32_t end) const {
    std::uint32_t i = begin;
    if (group_boxes != nullptr) {
      for (; i <= end && i % kGroup != 0; ++i) {
        if (!box.holds(at[i])) return i;
      }
      while (i + kGroup - 1 <= end && box.holds(group_boxes[i / kGroup])) i += kGroup;
    }
    while (i <= end && box.holds(at[i])) ++i;
    return i;
  }
};

struct Part {
  bool area;  // the segments bound an inside, by the even-odd rule
  Box bounds;
  Points points;
  // Segments join consecutive points of each ring: at least two points, which may all be equal.
  std::span<const Ring> rings;
};

// Each polygon is a part of its own, since each has its own inside; all lines and points share one part.
class Shape {
 public:
  // Null if a coordinate is not finite or beyond +-max_deg. The geometry must outlive the shape.
  static std::shared_ptr<const Shape> create(const Geometry& geometry, double max_deg);
  // The same; the shape keeps the geometry.
  static std::shared_ptr<const Shape> create_owning(Geometry geometry, double max_deg);

  std::span<const Part> parts() const { return parts_; }

  Shape() = default;
  Shape(const Shape&) = delete;  // parts_ points into the members after it
  Shape& operator=(const Shape&) = delete;

 private:
  bool fill(const Geometry& geometry, double max_deg);

  std::vector<Part> parts_;
  std::optional<Geometry> own_;
  std::vector<Box> group_boxes_;     // of the geometry's points
  std::vector<LngLat> line_points_;  // those of the part of lines and points
  std::vector<Ring> line_rings_;
};

// The first and the last copy of the world that the part reaches: copy k spans the longitudes [360k - 180,
// 360k + 180]. A geometry that stays within ±180 is on copy 0 alone, even if it touches the antimeridian: so
// it takes `whole`, the bounds of all parts, to tell.
std::pair<int, int> world_range(const Box& part, const Box& whole);

Box bounds_of(std::span<const Part> parts);  // REQUIRES: not empty

}  // namespace geocell::polyfill
