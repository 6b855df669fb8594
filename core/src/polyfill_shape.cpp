#include "polyfill_shape.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace geocell::quadbin {
namespace {

// Both coordinates of a point in one register: GCC's and Clang's vector extension.
using Pair [[gnu::vector_size(16)]] = double;
using PairMask [[gnu::vector_size(16)]] = long long;

// The box of all points added, and whether all were finite and within a limit. One pass over the points, two
// of them under way at once, since each minimum waits for the one before.
class Extent {
 public:
  explicit Extent(double max_deg) : max_deg_{max_deg, max_deg} {}

  void add(std::span<const LngLat> points) {
    std::size_t i = 0;
    for (; i + 1 < points.size(); i += 2) {
      take(points[i], low_, high_, good_);
      take(points[i + 1], other_low_, other_high_, other_good_);
    }
    if (i < points.size()) take(points[i], low_, high_, good_);
  }
  bool good() const {
    const PairMask good = good_ & other_good_;
    return (good[0] & good[1]) != 0;
  }
  Box box() const {
    return {std::min(low_[0], other_low_[0]), std::min(low_[1], other_low_[1]),
            std::max(high_[0], other_high_[0]), std::max(high_[1], other_high_[1])};
  }

 private:
  void take(const LngLat& point, Pair& low, Pair& high, PairMask& good) const {
    const Pair both{point.lng_deg, point.lat_deg};
    low = both < low ? both : low;
    high = both > high ? both : high;
    good &= (both <= max_deg_) & (both >= -max_deg_);  // false for NaN
  }

  static constexpr double kInfinity = std::numeric_limits<double>::infinity();
  Pair max_deg_;
  Pair low_{kInfinity, kInfinity}, other_low_{kInfinity, kInfinity};
  Pair high_{-kInfinity, -kInfinity}, other_high_{-kInfinity, -kInfinity};
  PairMask good_{-1, -1}, other_good_{-1, -1};
};

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
  bool good = true;
  Extent line_extent(max_deg);
  for (const Element& element : geometry.elements) {
    const auto rings = geometry.element_rings(element);
    if (rings.empty()) continue;
    if (element.type == GeometryType::polygon) {
      Extent extent(max_deg);
      for (const Ring& ring : rings) extent.add(geometry.ring_points(ring));
      good = good && extent.good();
      parts_.push_back({true, extent.box(), geometry.points.data(), rings});
      continue;
    }
    for (const Ring& ring : rings) {
      const auto points = geometry.ring_points(ring);
      line_extent.add(points);
      const std::size_t first = line_points_.size();
      line_points_.insert(line_points_.end(), points.begin(), points.end());
      if (points.size() == 1) line_points_.push_back(points.front());
      line_rings_.push_back({first, line_points_.size() - first});
    }
  }
  if (!line_rings_.empty()) {
    parts_.push_back({false, line_extent.box(), line_points_.data(), line_rings_});
  }
  return good && line_extent.good();
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
