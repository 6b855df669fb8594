// s2geometry's coverer. Another grid, and edges are great circles: its cells are counted, not compared.
#include <s2/mutable_s2shape_index.h>
#include <s2/s2cell_union.h>
#include <s2/s2latlng.h>
#include <s2/s2lax_polygon_shape.h>
#include <s2/s2region_coverer.h>
#include <s2/s2shape_index_region.h>

#include <algorithm>
#include <limits>
#include <memory>

#include "bench/compare/peer.hpp"

namespace geocell::bench {

namespace {

double signed_area(std::span<const LngLat> ring) {
  double area = 0;
  for (std::size_t i = 1; i < ring.size(); ++i) {
    area += (ring[i - 1].lng_deg - ring[0].lng_deg) * (ring[i].lat_deg - ring[0].lat_deg) -
            (ring[i].lng_deg - ring[0].lng_deg) * (ring[i - 1].lat_deg - ring[0].lat_deg);
  }
  return area;
}

// The inside is on the left of every loop: shells counter-clockwise, holes clockwise.
std::vector<std::vector<S2Point>> loops_of(const Geometry& geometry) {
  std::vector<std::vector<S2Point>> loops;
  for (const Element& element : geometry.elements) {
    if (element.type != GeometryType::polygon) continue;
    bool hole = false;
    for (const Ring& ring : geometry.element_rings(element)) {
      const auto points = geometry.ring_points(ring);
      std::vector<S2Point>& loop = loops.emplace_back();
      for (const LngLat& point : points.first(points.size() - 1)) {
        const S2Point vertex = S2LatLng::FromDegrees(point.lat_deg, point.lng_deg).ToPoint();
        if (loop.empty() || loop.back() != vertex) loop.push_back(vertex);
      }
      if ((signed_area(points) < 0) != hole) std::ranges::reverse(loop);
      hole = true;
    }
  }
  return loops;
}

}  // namespace

Fill s2_peer(const std::vector<Geometry>& geometries, int level, bool compact) {
  const auto cells = std::make_shared<std::vector<std::int64_t>>();
  return [&geometries, level, compact, cells](std::size_t index) -> std::span<const std::int64_t> {
    MutableS2ShapeIndex shapes;
    shapes.Add(std::make_unique<S2LaxPolygonShape>(loops_of(geometries[index])));
    S2RegionCoverer::Options options;
    options.set_max_cells(std::numeric_limits<int>::max());
    if (compact) {
      options.set_max_level(level);
    } else {
      options.set_fixed_level(level);
    }
    S2RegionCoverer coverer(options);
    const auto region = MakeS2ShapeIndexRegion(&shapes);
    S2CellUnion covering = coverer.GetCovering(region);
    std::vector<S2CellId> ids;
    if (compact) {
      covering.Denormalize(level, 1, &ids);
    } else {
      ids = covering.Release();
    }
    cells->resize(ids.size());
    std::ranges::transform(ids, cells->begin(),
                           [](S2CellId id) { return static_cast<std::int64_t>(id.id()); });
    return *cells;
  };
}

}  // namespace geocell::bench
