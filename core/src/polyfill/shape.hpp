// A geometry as the polyfill engine takes it: parts with an inside of their own, bounded by segments between
// the geometry's own points.
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

  // In its open box.
  bool holds(LngLat point) const {
    return (point.lng_deg > west_deg) & (point.lng_deg < east_deg) & (point.lat_deg > south_deg) &
           (point.lat_deg < north_deg);
  }
  bool holds(const Box& box) const {
    return (box.west_deg > west_deg) & (box.east_deg < east_deg) & (box.south_deg > south_deg) &
           (box.north_deg < north_deg);
  }
};

// Points, and for many of them the boxes of every kGroup: what lies in a box as a group need not be looked at
// point by point.
struct Points {
  static constexpr std::uint32_t kGroup = 8;

  const LngLat* at;
  const Box* group_boxes;  // of points 8i to 8i + 7; null where they are few

  const LngLat& operator[](std::uint32_t i) const { return at[i]; }
  // The first point from `begin` to `end` that is not in the open box; `end` + 1 when all are.
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
  // Segments lie between the neighbouring points of each ring: two points at least,
  // of which all may be equal.
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
  std::vector<Box> group_boxes_;     // of the geometry's points
  std::vector<LngLat> line_points_;  // of the part of lines and points
  std::vector<Ring> line_rings_;
};

// The copies of the world that the part reaches, first and last: copy k spans the longitudes [360k - 180,
// 360k + 180]. A geometry that stays within ±180 is on copy 0 alone, even where it touches the antimeridian:
// so the range is that of `whole`, cut to what the part itself reaches; first > last: none.
std::pair<int, int> world_range(const Box& part, const Box& whole);

Box bounds_of(std::span<const Part> parts);  // REQUIRES: not empty

}  // namespace geocell::polyfill
