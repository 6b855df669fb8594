#include "tests/oracle/support/candidates.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "geocell/quadbin.hpp"

namespace geocell::oracle {

namespace {

// A closed range of tile indices; empty when last < first.
struct Range {
  std::int64_t first, last;
  std::uint64_t size() const { return last < first ? 0 : static_cast<std::uint64_t>(last - first) + 1; }
};

Range with_ring(double low, double high, std::int64_t tiles) {
  const double limit = static_cast<double>(tiles) + 1;
  const auto first = static_cast<std::int64_t>(std::floor(std::clamp(low, -limit, limit))) - 1;
  const auto last = static_cast<std::int64_t>(std::floor(std::clamp(high, -limit, limit))) + 1;
  return {std::max<std::int64_t>(first, 0), std::min(last, tiles - 1)};
}

Range column_range(const Bounds& bounds, double turn_deg, std::int64_t tiles) {
  const auto column = [&](double lng_deg) {
    return (lng_deg - turn_deg + 180) / 360 * static_cast<double>(tiles);
  };
  return with_ring(column(bounds.west), column(bounds.east), tiles);
}

Range row_range(const Bounds& bounds, std::int64_t tiles) {
  const auto row = [&](double lat_deg) {
    // Beyond 89.9 degrees every row is off the grid, and the formula runs off to infinity.
    const double lat = std::clamp(lat_deg, -89.9, 89.9) * std::numbers::pi / 180;
    return (1 - std::asinh(std::tan(lat)) / std::numbers::pi) / 2 * static_cast<double>(tiles);
  };
  return with_ring(row(bounds.north), row(bounds.south), tiles);
}

template <class Visit>
void for_each_copy(const Bounds& bounds, Visit visit) {
  if (bounds.west >= -180 && bounds.east <= 180) return visit(0.0);
  const double first = std::floor((bounds.west - 180) / 360);
  const double last = std::ceil((bounds.east + 180) / 360);
  for (double copy = first; copy <= last; ++copy) {
    const double turn_deg = 360 * copy;
    if (turn_deg + 180 >= bounds.west && turn_deg - 180 <= bounds.east) visit(turn_deg);
  }
}

}  // namespace

std::vector<Candidate> candidate_cells(const Bounds& bounds, int resolution) {
  std::vector<Candidate> cells;
  const std::int64_t tiles = std::int64_t{1} << resolution;
  const Range rows = row_range(bounds, tiles);
  for_each_copy(bounds, [&](double turn_deg) {
    const Range columns = column_range(bounds, turn_deg, tiles);
    for (std::int64_t row = rows.first; row <= rows.last; ++row) {
      const auto y = static_cast<std::uint32_t>(row);
      const double north = quadbin::row_lat_deg(resolution, y);
      const double south = quadbin::row_lat_deg(resolution, y + 1);
      const double center_lat = quadbin::row_lat_deg(resolution + 1, 2 * y + 1);
      for (std::int64_t column = columns.first; column <= columns.last; ++column) {
        const auto x = static_cast<std::uint32_t>(column);
        cells.push_back({quadbin::encode_unchecked({resolution, x, y}),
                         {quadbin::column_lng_deg(resolution, x) + turn_deg, south,
                          quadbin::column_lng_deg(resolution, x + 1) + turn_deg, north},
                         {quadbin::column_lng_deg(resolution + 1, 2 * x + 1) + turn_deg, center_lat}});
      }
    }
  });
  return cells;
}

std::uint64_t candidate_count(const Bounds& bounds, int resolution) {
  std::uint64_t count = 0;
  const std::int64_t tiles = std::int64_t{1} << resolution;
  for_each_copy(bounds, [&](double turn_deg) {
    count += column_range(bounds, turn_deg, tiles).size() * row_range(bounds, tiles).size();
  });
  return count;
}

std::vector<std::int64_t> sorted_set(std::vector<std::int64_t> ids) {
  std::ranges::sort(ids);
  ids.erase(std::ranges::unique(ids).begin(), ids.end());
  return ids;
}

}  // namespace geocell::oracle
