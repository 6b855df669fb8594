// quadbin_polyfill_page chained over large polygons: whatever the size of a page, all pages together are the
// cells of quadbin_polyfill_compact, and taken apart they are all cells of quadbin_polyfill.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numbers>
#include <string_view>
#include <vector>

#include "geocell/polyfill.hpp"
#include "geocell/quadbin.hpp"

namespace geocell::quadbin {
namespace {

using Ids = std::vector<std::int64_t>;
constexpr std::string_view kModes[] = {"center", "intersects", "contains"};

// A jagged ring around a place.
std::vector<LngLat> star(LngLat at, double radius_deg, int spikes) {
  std::vector<LngLat> ring;
  for (int i = 0; i < 2 * spikes; ++i) {
    const double angle = std::numbers::pi * i / spikes;
    const double radius = radius_deg * (i % 2 == 0 ? 1 : 0.8) * (1 + 0.3 * std::sin(5 * angle));
    ring.push_back({at.lng_deg + radius * std::cos(angle), at.lat_deg + 0.7 * radius * std::sin(angle)});
  }
  ring.push_back(ring.front());
  return ring;
}

// Two stars with a hole each, one of them across the antimeridian.
Geometry stars(int spikes) {
  Geometry geometry;
  geometry.elements.push_back({GeometryType::multipolygon, 2, 0, 0});
  for (const LngLat at : {LngLat{12, 44}, LngLat{178, -8}}) {
    geometry.elements.push_back({GeometryType::polygon, 0, geometry.rings.size(), 2});
    for (const double radius_deg : {6.0, 2.0}) {
      const std::vector<LngLat> ring = star(at, radius_deg, spikes);
      geometry.rings.push_back({geometry.points.size(), ring.size()});
      geometry.points.insert(geometry.points.end(), ring.begin(), ring.end());
    }
  }
  return geometry;
}

Ids page(const Geometry& geometry, int resolution, std::string_view mode, std::int64_t after, int max_cells) {
  const auto cells = polyfill_page({}, geometry, resolution, mode, after, max_cells);
  EXPECT_TRUE(cells.ok()) << (cells.ok() ? "" : cells.error().message);
  return cells.ok() ? *cells : Ids{};
}

Ids filled(const CellRuns& runs) {
  Ids ids(runs.count());
  runs.fill(ids);
  return ids;
}

// All pages, in the way that the documentation of the function says.
Ids chained(const Geometry& geometry, int resolution, std::string_view mode, int max_cells) {
  Ids all;
  std::int64_t after = 0;
  for (;;) {
    const Ids cells = page(geometry, resolution, mode, after, max_cells);
    EXPECT_LE(cells.size(), static_cast<std::size_t>(max_cells));
    all.insert(all.end(), cells.begin(), cells.end());
    if (cells.size() < static_cast<std::size_t>(max_cells)) return all;
    after = cells.back();
  }
}

TEST(PolyfillPage, AllPagesTogetherAreAllCells) {
  constexpr int kResolution = 14;
  const Geometry geometry = stars(500);
  for (const std::string_view mode : kModes) {
    SCOPED_TRACE(mode);
    const Ids compact = *polyfill_compact({}, geometry, kResolution, mode);
    const Ids all = filled(*polyfill({}, geometry, kResolution, mode));
    ASSERT_GT(all.size(), 100'000U);
    ASSERT_GT(compact.size(), 3276U);
    // 3276 is what fits into a value of Redshift's; the last ones end exactly at, before and behind the end.
    const int exact = static_cast<int>(compact.size());
    for (const int max_cells : {97, 1000, 3276, exact / 2, exact - 1, exact, exact + 1, 1 << 20}) {
      SCOPED_TRACE(max_cells);
      const Ids pages = chained(geometry, kResolution, mode, max_cells);
      EXPECT_EQ(pages, compact);
      EXPECT_EQ(filled(*uncompact({}, pages, kResolution)), all);
    }
  }
}

TEST(PolyfillPage, AfterEveryCell) {
  constexpr int kResolution = 9;
  const Geometry geometry = stars(40);
  for (const std::string_view mode : kModes) {
    SCOPED_TRACE(mode);
    const Ids compact = *polyfill_compact({}, geometry, kResolution, mode);
    ASSERT_GT(compact.size(), 50U);
    for (std::size_t i = 0; i < compact.size(); ++i) {
      for (const std::size_t max_cells : {1, 2, 5}) {
        const auto first = compact.begin() + static_cast<std::ptrdiff_t>(i) + 1;
        const auto end = first + static_cast<std::ptrdiff_t>(std::min(max_cells, compact.size() - i - 1));
        EXPECT_EQ(page(geometry, kResolution, mode, compact[i], static_cast<int>(max_cells)),
                  Ids(first, end));
      }
    }
    EXPECT_EQ(chained(geometry, kResolution, mode, 1), compact);
  }
}

// `after` need not be a cell of the answer: the page holds the cells behind all of it, be it outside, in a
// hole, or in the middle of a coarser cell, which is then cut.
TEST(PolyfillPage, AfterAnyCell) {
  constexpr int kResolution = 6;
  const Geometry geometry = stars(40);
  const Ids all = filled(*polyfill({}, geometry, kResolution, "intersects"));
  for (const int own : {0, 2, 4, 6}) {
    const std::uint32_t width = 1U << own;
    for (std::uint32_t y = 0; y < width; ++y) {
      for (std::uint32_t x = 0; x < width; ++x) {
        const std::int64_t after = encode_unchecked({own, x, y});
        const Ids inside = filled(*to_children({}, after, kResolution));
        Ids expected;
        std::ranges::copy_if(all, std::back_inserter(expected),
                             [&](std::int64_t cell) { return cell > inside.back(); });
        const Ids rest = page(geometry, kResolution, "intersects", after, 1 << 20);
        EXPECT_EQ(filled(*uncompact({}, rest, kResolution)), expected) << own << ' ' << x << ' ' << y;
      }
    }
  }
}

}  // namespace
}  // namespace geocell::quadbin
