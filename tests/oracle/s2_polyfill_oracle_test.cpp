// The S2 polyfill equals what s2geometry answers by another way: S2Polygon and S2Polyline instead of our
// shapes, S2RegionCoverer at a fixed level instead of our walk, S2Polygon::Contains for centres.
//
// s2geometry decides touching to within 15 nanometres, by slightly different bounds for the two ways. The
// shapes here have no such ties: random coordinates, and countries on a grid of their own.
#include <gtest/gtest.h>
#include <s2/s2latlng.h>
#include <s2/s2metrics.h>
#include <s2/s2polygon.h>
#include <s2/s2polyline.h>
#include <s2/s2region_coverer.h>

#include <algorithm>
#include <iostream>
#include <limits>
#include <random>

#include "data/topojson.hpp"
#include "geocell/s2.hpp"
#include "tests/support/source_dir.hpp"

namespace geocell::s2 {
namespace {

using Cells = std::vector<std::int64_t>;
using Rings = std::vector<std::vector<LngLat>>;  // closed

Cells sorted_ids(const std::vector<S2CellId>& cells) {
  Cells ids;
  for (const S2CellId cell : cells) ids.push_back(static_cast<std::int64_t>(cell.id()));
  std::ranges::sort(ids);
  return ids;
}

S2RegionCoverer::Options fixed_level(int level) {
  S2RegionCoverer::Options options;
  options.set_fixed_level(level);
  options.set_max_cells(std::numeric_limits<int>::max());
  return options;
}

Cells intersecting(const S2Region& region, int level) {
  std::vector<S2CellId> cells;
  S2RegionCoverer(fixed_level(level)).GetCovering(region, &cells);
  return sorted_ids(cells);
}

Cells contained(const S2Region& region, int level) {
  std::vector<S2CellId> cells;
  S2RegionCoverer(fixed_level(level)).GetInteriorCovering(region, &cells);
  return sorted_ids(cells);
}

Cells centered(const S2Polygon& polygon, int level) {
  Cells cells;
  for (const std::int64_t cell : intersecting(polygon, level)) {
    if (polygon.Contains(S2CellId(static_cast<std::uint64_t>(cell)).ToPoint())) cells.push_back(cell);
  }
  return cells;
}

// Leaves out the south pole, which Antarctica's outline visits along the antimeridian: S2Polygon has no other
// way to make nothing of that seam.
std::vector<S2Point> to_points(const std::vector<LngLat>& line) {
  std::vector<S2Point> points;
  for (const LngLat& at : line) {
    if (at.lat_deg == -90) continue;
    const S2Point point = S2LatLng::FromDegrees(at.lat_deg, at.lng_deg).Normalized().ToPoint();
    if (points.empty() || points.back() != point) points.push_back(point);
  }
  return points;
}

// Null when s2geometry says that the rings are not a valid polygon.
std::unique_ptr<S2Polygon> to_polygon(const Rings& rings) {
  std::vector<std::unique_ptr<S2Loop>> loops;
  for (const auto& ring : rings) {
    auto points = to_points(ring);
    while (points.size() > 1 && (points.front() - points.back()).Norm() < 1e-14) points.pop_back();
    if (points.size() < 3) return nullptr;
    auto loop = std::make_unique<S2Loop>();
    loop->set_s2debug_override(S2Debug::DISABLE);
    loop->Init(points);
    if (!loop->IsValid()) return nullptr;
    loop->Normalize();
    loops.push_back(std::move(loop));
  }
  auto polygon = std::make_unique<S2Polygon>();
  polygon->set_s2debug_override(S2Debug::DISABLE);
  polygon->InitNested(std::move(loops));
  return polygon->IsValid() ? std::move(polygon) : nullptr;
}

void append_ring(Geometry& geometry, const std::vector<LngLat>& ring) {
  geometry.rings.push_back({geometry.points.size(), ring.size()});
  geometry.points.insert(geometry.points.end(), ring.begin(), ring.end());
}

Geometry to_geometry(GeometryType type, const Rings& rings) {
  Geometry geometry;
  geometry.elements.push_back({type, 0, 0, rings.size()});
  for (const auto& ring : rings) append_ring(geometry, ring);
  return geometry;
}

Cells ours(const Geometry& geometry, int level, std::string_view mode) {
  const auto runs = polyfill({}, geometry, level, mode);
  if (!runs) {
    ADD_FAILURE() << runs.error().message;
    return {};
  }
  Cells ids(runs->count());
  runs->fill(ids);
  return ids;
}

struct Tally {
  std::uint64_t cases = 0;
  std::uint64_t cells = 0;
};

void compare(const Geometry& geometry, const S2Polygon& polygon, int level, Tally& tally) {
  const Cells touching = intersecting(polygon, level);
  EXPECT_EQ(ours(geometry, level, "intersects"), touching) << write_wkt(geometry) << "\nlevel " << level;
  EXPECT_EQ(ours(geometry, level, "contains"), contained(polygon, level))
      << write_wkt(geometry) << "\nlevel " << level;
  EXPECT_EQ(ours(geometry, level, "center"), centered(polygon, level))
      << write_wkt(geometry) << "\nlevel " << level;
  ++tally.cases;
  tally.cells += touching.size();
}

class RandomShapes {
 public:
  explicit RandomShapes(std::uint64_t seed) : random_(seed) {}

  double uniform(double low, double high) { return std::uniform_real_distribution(low, high)(random_); }

  // A place anywhere on the sphere, as often near a pole as elsewhere.
  S2Point place() {
    const S2Point point(uniform(-1, 1), uniform(-1, 1), uniform(-1, 1));
    return point.Norm() > 0.01 ? point.Normalize() : place();
  }

  // A star-shaped ring around a place, radii in radians; neighbouring spokes are less than 90 degrees apart.
  std::vector<LngLat> ring(const S2Point& at, double min_radius, double max_radius) {
    const S2Point x = S2::Ortho(at);
    const S2Point y = at.CrossProd(x);
    const int spokes = std::uniform_int_distribution(8, 40)(random_);
    std::vector<LngLat> ring;
    for (int i = 0; i < spokes; ++i) {
      const double angle = 2 * M_PI * (i + uniform(0.05, 0.95) * 0.9) / spokes;
      const double radius = uniform(min_radius, max_radius);
      ring.push_back(
          lng_lat((std::cos(radius) * at + std::sin(radius) * (std::cos(angle) * x + std::sin(angle) * y))));
    }
    ring.push_back(ring.front());
    if (uniform(0, 1) < 0.5) std::ranges::reverse(ring);
    return ring;
  }

  static LngLat lng_lat(const S2Point& point) {
    const S2LatLng at(point.Normalize());
    return {at.lng().degrees(), at.lat().degrees()};
  }

 private:
  std::mt19937_64 random_;
};

TEST(S2PolyfillOracle, RandomPolygonsWithHoles) {
  RandomShapes random(20240602);
  Tally tally;
  for (int i = 0; i < 300; ++i) {
    const double size = std::exp(random.uniform(std::log(1e-6), std::log(1.2)));
    const S2Point at = random.place();
    Rings rings = {random.ring(at, 0.6 * size, size)};
    if (i % 2 == 0) rings.push_back(random.ring(at, 0.1 * size, 0.3 * size));
    const auto polygon = to_polygon(rings);
    ASSERT_TRUE(polygon);
    const Geometry geometry = to_geometry(GeometryType::polygon, rings);
    const int about = S2::kAvgEdge.GetClosestLevel(size);
    for (const int level : {about, about + 2, about + 4}) {
      if (level <= kMaxResolution) compare(geometry, *polygon, level, tally);
    }
  }
  std::cout << "[ compared ] " << tally.cases << " polygons x levels in 3 modes, " << tally.cells
            << " cells\n";
  EXPECT_GT(tally.cases, 700u);
}

TEST(S2PolyfillOracle, RandomLines) {
  RandomShapes random(20240603);
  for (int i = 0; i < 200; ++i) {
    const double size = std::exp(random.uniform(std::log(1e-6), std::log(1.2)));
    const auto line = random.ring(random.place(), 0, size);
    const S2Polyline polyline(to_points(line));
    const int level = std::min(S2::kAvgEdge.GetClosestLevel(size) + 4, kMaxResolution);
    const Geometry geometry = to_geometry(GeometryType::linestring, {line});
    EXPECT_EQ(ours(geometry, level, "intersects"), intersecting(polyline, level)) << write_wkt(geometry);
    EXPECT_EQ(ours(geometry, level, "contains"), Cells());
  }
}

TEST(S2PolyfillOracle, RandomMultipolygonsAreUnions) {
  RandomShapes random(20240604);
  for (int i = 0; i < 60; ++i) {
    Geometry geometry;
    geometry.elements.push_back({GeometryType::multipolygon, 3, 0, 0});
    Cells expected[3];
    for (int member = 0; member < 3; ++member) {
      const auto ring = random.ring(random.place(), 0.05, 0.4);
      geometry.elements.push_back({GeometryType::polygon, 0, geometry.rings.size(), 1});
      append_ring(geometry, ring);
      const auto polygon = to_polygon({ring});
      ASSERT_TRUE(polygon);
      const Cells found[3] = {centered(*polygon, 5), intersecting(*polygon, 5), contained(*polygon, 5)};
      for (int mode = 0; mode < 3; ++mode) {
        Cells both;
        std::ranges::set_union(expected[mode], found[mode], std::back_inserter(both));
        expected[mode] = std::move(both);
      }
    }
    EXPECT_EQ(ours(geometry, 5, "center"), expected[0]) << write_wkt(geometry);
    EXPECT_EQ(ours(geometry, 5, "intersects"), expected[1]) << write_wkt(geometry);
    EXPECT_EQ(ours(geometry, 5, "contains"), expected[2]) << write_wkt(geometry);
  }
}

// Of one of topojson's polygons.
template <class Outlines>
Rings rings_of(const Outlines& outlines) {
  Rings rings;
  for (const auto& outline : outlines) {
    std::vector<LngLat> ring;
    for (const auto& at : outline) ring.push_back({at.lng_deg, at.lat_deg});
    rings.push_back(std::move(ring));
  }
  return rings;
}

TEST(S2PolyfillOracle, Countries) {
  Tally tally;
  std::vector<std::string> invalid;
  for (const auto& country :
       topojson::read_countries_file(test::source_dir() + "/data/natural-earth/countries-110m.json")) {
    for (const auto& outlines : country.polygons) {
      const Rings rings = rings_of(outlines);
      const auto polygon = to_polygon(rings);
      if (!polygon) {
        invalid.push_back(country.name);
        continue;
      }
      const Geometry geometry = to_geometry(GeometryType::polygon, rings);
      for (const int level : {4, 7}) compare(geometry, *polygon, level, tally);
    }
  }
  std::cout << "[ compared ] " << tally.cases << " polygons x levels in 3 modes, " << tally.cells
            << " cells\n";
  EXPECT_GT(tally.cases, 500u);
  // Their outlines cross themselves.
  EXPECT_EQ(invalid, (std::vector<std::string>{"Sudan", "North Korea"}));
}

// Small polygons of few edges, at levels where one is within a few cells, and where it has hundreds.
TEST(S2PolyfillOracle, Counties) {
  Tally tally;
  std::uint64_t number = 0;
  for (const auto& county :
       topojson::read_countries_file(test::source_dir() + "/data/us-atlas/counties-10m.json", "counties")) {
    if (number++ % 4 != 0) continue;
    for (const auto& outlines : county.polygons) {
      const Rings rings = rings_of(outlines);
      const auto polygon = to_polygon(rings);
      if (!polygon) continue;
      const Geometry geometry = to_geometry(GeometryType::polygon, rings);
      for (const int level : {5, 8, 11}) compare(geometry, *polygon, level, tally);
    }
  }
  std::cout << "[ compared ] " << tally.cases << " polygons x levels in 3 modes, " << tally.cells
            << " cells\n";
  EXPECT_GT(tally.cases, 2000u);
}

}  // namespace
}  // namespace geocell::s2
