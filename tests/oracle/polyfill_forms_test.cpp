// All forms of polyfill describe the set that the other tests hold against GEOS; and the interior of ranges
// is what exact arithmetic says of it.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <iterator>

#include "geocell/polyfill.hpp"
#include "geocell/quadbin.hpp"
#include "tests/oracle/support/budget.hpp"
#include "tests/oracle/support/compare.hpp"
#include "tests/oracle/support/random_shapes.hpp"

namespace geocell::oracle {
namespace {

using Ids = std::vector<std::int64_t>;

constexpr const char* kModes[] = {"center", "intersects", "contains"};

Ids streamed(const Geometry& geometry, int resolution, std::string_view mode, std::size_t piece) {
  auto made = quadbin::polyfill_stream(geometry, resolution, mode);
  CellStream& stream = made.value();
  Ids all;
  Ids ids(piece);
  while (const std::size_t count = stream.read({}, ids).value()) {
    all.insert(all.end(), ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(count));
  }
  return all;
}

// The polygons of a geometry, each alone, and the rings of each as lines.
struct Polygon {
  Geometry area;
  Geometry boundary;
};
std::vector<Polygon> polygons_of(const Geometry& geometry) {
  std::vector<Polygon> polygons;
  for (const Element& element : geometry.elements) {
    if (element.type != GeometryType::polygon || element.ring_count == 0) continue;
    Polygon polygon{geometry, geometry};
    polygon.area.elements = {element};
    polygon.boundary.elements = {{GeometryType::multilinestring, element.ring_count, 0, 0}};
    for (std::size_t i = 0; i < element.ring_count; ++i) {
      polygon.boundary.elements.push_back({GeometryType::linestring, 0, element.first_ring + i, 1});
    }
    // The oracle takes bounds from all points, so there are no others.
    const auto keep = [&](Geometry& part) {
      part.points.clear();
      part.rings.clear();
      for (const Ring& ring : geometry.element_rings(element)) {
        const auto points = geometry.ring_points(ring);
        part.rings.push_back({part.points.size(), points.size()});
        part.points.insert(part.points.end(), points.begin(), points.end());
      }
      for (Element& own : part.elements) own.first_ring -= own.ring_count > 0 ? element.first_ring : 0;
    };
    keep(polygon.area);
    keep(polygon.boundary);
    polygons.push_back(std::move(polygon));
  }
  return polygons;
}

// Contained in one polygon, none of whose edges touches the cell.
Ids exact_interior(const std::vector<Polygon>& polygons, int resolution) {
  Ids interior;
  for (const Polygon& polygon : polygons) {
    const Ids contained = exact_polyfill(polygon.area, resolution)[2];
    const Ids touched = exact_polyfill(polygon.boundary, resolution)[1];
    std::ranges::set_difference(contained, touched, std::back_inserter(interior));
  }
  return sorted_set(std::move(interior));
}

void compare_forms(const shapes::Shape& shape, std::uint64_t& cells, std::uint64_t& interior_cells) {
  SCOPED_TRACE(shape.name + " at " + std::to_string(shape.resolution) + "\n" + shape.wkt);
  const Geometry geometry = read_wkt(shape.wkt).value();
  const int z = shape.resolution;
  const Answers answers = core_polyfill(geometry, z);
  const auto polygons = polygons_of(geometry);
  const bool beyond =
      std::ranges::any_of(geometry.points, [](LngLat p) { return std::abs(p.lng_deg) > 180; });
  for (std::size_t mode = 0; mode < 3; ++mode) {
    const Ids& expected = answers[mode];
    EXPECT_EQ(quadbin::polyfill_count({}, geometry, z, kModes[mode]).value(),
              static_cast<std::int64_t>(expected.size()));
    EXPECT_EQ(streamed(geometry, z, kModes[mode], 7), expected);
    EXPECT_EQ(quadbin::polyfill_compact({}, geometry, z, kModes[mode]).value(),
              quadbin::compact({}, expected).value());

    Ids in_ranges;
    Ids interior;
    const auto ranges = quadbin::polyfill_ranges({}, geometry, z, kModes[mode]).value();
    for (std::size_t i = 0; i < ranges.size(); ++i) {
      const CellRange& range = ranges[i];
      for (std::int64_t id = range.first; id <= range.last;
           id += static_cast<std::int64_t>(quadbin::id_stride(z))) {
        in_ranges.push_back(id);
        if (range.interior) interior.push_back(id);
      }
      if (i > 0 && ranges[i - 1].interior == range.interior) {
        EXPECT_GT(range.first, ranges[i - 1].last + static_cast<std::int64_t>(quadbin::id_stride(z)))
            << "ranges that should be one";
      }
    }
    EXPECT_EQ(in_ranges, expected);
    // A cell may lie in the interior on one copy of the world and be touched on another: it is interior then,
    // which a difference of sets does not say.
    if (!beyond) {
      EXPECT_EQ(interior, exact_interior(polygons, z));
    }
    cells += expected.size();
    interior_cells += interior.size();
  }
}

void print(const std::string& what, std::size_t cases, std::uint64_t cells, std::uint64_t interior) {
  std::cout << "[ compared ] forms of " << what << ": " << cases
            << " geometries x resolutions, each in 3 modes; " << cells << " cells, " << interior
            << " of them interior\n";
}

TEST(PolyfillForms, HostileShapes) {
  std::uint64_t cells = 0;
  std::uint64_t interior = 0;
  auto shapes = shapes::valid_shapes();
  const auto invalid = shapes::invalid_shapes();
  shapes.insert(shapes.end(), invalid.begin(), invalid.end());
  for (const shapes::Shape& shape : shapes) compare_forms(shape, cells, interior);
  print("hostile shapes", shapes.size(), cells, interior);
  EXPECT_GT(interior, 1000u);
}

TEST(PolyfillForms, RandomShapes) {
  RandomShapes random(20261121);
  std::uint64_t cells = 0;
  std::uint64_t interior = 0;
  const std::uint64_t cases = scaled(2000);
  for (std::uint64_t i = 0; i < cases; ++i) {
    compare_forms(i % 3 == 0 ? random.next_tangled() : random.next(), cells, interior);
  }
  print("random shapes", cases, cells, interior);
  EXPECT_GT(interior, 1000u);
}

}  // namespace
}  // namespace geocell::oracle
