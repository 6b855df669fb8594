#include "core/src/polyfill/shape.hpp"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include <algorithm>
#include <cmath>
#include <limits>

namespace geocell::polyfill {
namespace {

// Both coordinates of a point in one register: GCC's and Clang's vector extension.
using Pair [[gnu::vector_size(16)]] = double;
using PairMask [[gnu::vector_size(16)]] = long long;

#if defined(__SSE2__)
Pair lower(Pair a, Pair b) { return _mm_min_pd(a, b); }
Pair higher(Pair a, Pair b) { return _mm_max_pd(a, b); }
#else
Pair lower(Pair a, Pair b) { return a < b ? a : b; }
Pair higher(Pair a, Pair b) { return a > b ? a : b; }
#endif

// The box of all points added. NaNs do not widen the box, but are remembered.
class Extent {
 public:
  void add(const LngLat& point) {
    const Pair both{point.lng_deg, point.lat_deg};
    low_ = lower(both, low_);
    high_ = higher(both, high_);
    nan_ |= both != both;
  }
  void add(std::span<const LngLat> points) {
    for (const LngLat& point : points) add(point);
  }
  void add(const Box& box) {
    low_ = lower(Pair{box.west_deg, box.south_deg}, low_);
    high_ = higher(Pair{box.east_deg, box.north_deg}, high_);
  }
  void add(const Extent& other) {
    low_ = lower(other.low_, low_);
    high_ = higher(other.high_, high_);
    nan_ |= other.nan_;
  }
  // Whether every coordinate is a number between -max_deg and max_deg.
  bool is_within(double max_deg) const {
    const PairMask bad = nan_ | (low_ < -max_deg) | (high_ > max_deg);
    return (bad[0] | bad[1]) == 0;
  }
  Box box() const { return {low_[0], low_[1], high_[0], high_[1]}; }

 private:
  static constexpr double kInfinity = std::numeric_limits<double>::infinity();
  Pair low_{kInfinity, kInfinity};
  Pair high_{-kInfinity, -kInfinity};
  PairMask nan_{0, 0};
};

// The boxes of the full groups of points, and the extent of all points. A group is read in two halves, since
// each minimum waits for the one before.
std::vector<Box> boxes_of_groups(std::span<const LngLat> points, Extent& all) {
  constexpr std::size_t kHalf = Points::kGroup / 2;
  std::vector<Box> boxes(points.size() / Points::kGroup);
  const LngLat* group = points.data();
  for (Box& box : boxes) {
    Extent extent, other;
    for (std::size_t i = 0; i < kHalf; ++i) {
      extent.add(group[i]);
      other.add(group[kHalf + i]);
    }
    extent.add(other);
    box = extent.box();
    all.add(extent);
    group += Points::kGroup;
  }
  all.add(points.subspan(boxes.size() * Points::kGroup));
  return boxes;
}

Extent extent_of(const Points& points, const Ring& ring) {
  Extent extent;
  std::size_t i = ring.first;
  const std::size_t end = ring.first + ring.count;
  if (points.group_boxes != nullptr) {
    for (; i < end && i % Points::kGroup != 0; ++i) extent.add(points.at[i]);
    for (; i + Points::kGroup <= end; i += Points::kGroup) extent.add(points.group_boxes[i / Points::kGroup]);
  }
  extent.add({points.at + i, end - i});
  return extent;
}

}  // namespace

std::shared_ptr<const Shape> Shape::create(const Geometry& geometry, double max_deg) {
  auto shape = std::make_shared<Shape>();
  return shape->fill(geometry, max_deg) ? std::move(shape) : nullptr;
}

std::shared_ptr<const Shape> Shape::create_owning(Geometry geometry, double max_deg) {
  auto shape = std::make_shared<Shape>();
  shape->own_ = std::move(geometry);
  return shape->fill(*shape->own_, max_deg) ? std::move(shape) : nullptr;
}

bool Shape::fill(const Geometry& geometry, double max_deg) {
  constexpr std::size_t kManyPoints = 256;
  Extent all;
  if (geometry.points.size() >= kManyPoints) group_boxes_ = boxes_of_groups(geometry.points, all);
  const Points points{geometry.points.data(), group_boxes_.empty() ? nullptr : group_boxes_.data()};
  Extent lines;
  for (const Element& element : geometry.elements) {
    const auto rings = geometry.element_rings(element);
    if (rings.empty()) continue;
    if (element.type == GeometryType::polygon) {
      Extent extent;
      for (const Ring& ring : rings) extent.add(extent_of(points, ring));
      all.add(extent);
      parts_.push_back({true, extent.box(), points, rings});
      continue;
    }
    for (const Ring& ring : rings) {
      const auto ring_points = geometry.ring_points(ring);
      lines.add(ring_points);
      const std::size_t first = line_points_.size();
      line_points_.insert(line_points_.end(), ring_points.begin(), ring_points.end());
      if (ring_points.size() == 1) line_points_.push_back(ring_points.front());
      line_rings_.push_back({first, line_points_.size() - first});
    }
  }
  if (!line_rings_.empty()) {
    all.add(lines);
    parts_.push_back({false, lines.box(), {line_points_.data(), nullptr}, line_rings_});
  }
  return all.is_within(max_deg);
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

}  // namespace geocell::polyfill
