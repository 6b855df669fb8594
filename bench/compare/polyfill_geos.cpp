// GEOS by brute force: the prepared predicate, once per cell of the bounding box. What PostGIS users write by
// hand, without the cost of SQL.
#include <geos_c.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numbers>
#include <stdexcept>

#include "bench/compare/peer.hpp"
#include "geocell/quadbin.hpp"

namespace geocell::bench {

namespace {

struct Context {
  GEOSContextHandle_t handle = GEOS_init_r();
  Context() = default;
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  ~Context() { GEOS_finish_r(handle); }
};

class BruteForce {
 public:
  BruteForce(const std::vector<Geometry>& geometries, int resolution, PolyfillMode mode)
      : resolution_(resolution), mode_(mode) {
    GEOSWKBReader* reader = GEOSWKBReader_create_r(context_.handle);
    for (const Geometry& geometry : geometries) {
      const std::string wkb = write_wkb(geometry);
      geometries_.push_back(GEOSWKBReader_read_r(
          context_.handle, reader, reinterpret_cast<const unsigned char*>(wkb.data()), wkb.size()));
    }
    GEOSWKBReader_destroy_r(context_.handle, reader);
  }
  BruteForce(const BruteForce&) = delete;
  BruteForce& operator=(const BruteForce&) = delete;
  ~BruteForce() {
    for (GEOSGeometry* geometry : geometries_) GEOSGeom_destroy_r(context_.handle, geometry);
  }

  std::span<const std::int64_t> fill(std::size_t index) {
    const GEOSGeometry* geometry = geometries_[index];
    cells_.clear();
    double west = 0, south = 0, east = 0, north = 0;
    GEOSGeom_getXMin_r(context_.handle, geometry, &west);
    GEOSGeom_getYMin_r(context_.handle, geometry, &south);
    GEOSGeom_getXMax_r(context_.handle, geometry, &east);
    GEOSGeom_getYMax_r(context_.handle, geometry, &north);
    const double tiles = std::ldexp(1.0, resolution_);
    const auto column = [&](double lng_deg) { return (lng_deg + 180) / 360 * tiles; };
    const auto row = [&](double lat_deg) {
      return (1 - std::asinh(std::tan(lat_deg * std::numbers::pi / 180)) / std::numbers::pi) / 2 * tiles;
    };
    // One ring more: closed cells are met from beside.
    const auto first = [](double index) {
      return static_cast<std::uint32_t>(std::max(std::floor(index) - 1, 0.0));
    };
    const auto last = [&](double index) {
      return static_cast<std::uint32_t>(std::min(std::floor(index) + 1, tiles - 1));
    };
    const GEOSPreparedGeometry* prepared = GEOSPrepare_r(context_.handle, geometry);
    for (std::uint32_t y = first(row(north)); y <= last(row(south)); ++y) {
      const Row lats{quadbin::row_lat_deg(resolution_, y), quadbin::row_lat_deg(resolution_ + 1, 2 * y + 1),
                     quadbin::row_lat_deg(resolution_, y + 1)};
      for (std::uint32_t x = first(column(west)); x <= last(column(east)); ++x) {
        if (has(prepared, x, lats)) cells_.push_back(quadbin::encode_unchecked({resolution_, x, y}));
      }
    }
    GEOSPreparedGeom_destroy_r(context_.handle, prepared);
    std::ranges::sort(cells_);
    return cells_;
  }

 private:
  struct Row {
    double north_deg, center_deg, south_deg;
  };

  bool has(const GEOSPreparedGeometry* prepared, std::uint32_t x, const Row& row) {
    GEOSGeometry* shape =
        mode_ == PolyfillMode::center
            ? GEOSGeom_createPointFromXY_r(
                  context_.handle, quadbin::column_lng_deg(resolution_ + 1, 2 * x + 1), row.center_deg)
            : GEOSGeom_createRectangle_r(context_.handle, quadbin::column_lng_deg(resolution_, x),
                                         row.south_deg, quadbin::column_lng_deg(resolution_, x + 1),
                                         row.north_deg);
    const char answer = mode_ == PolyfillMode::contains
                            ? GEOSPreparedContains_r(context_.handle, prepared, shape)
                            : GEOSPreparedIntersects_r(context_.handle, prepared, shape);
    GEOSGeom_destroy_r(context_.handle, shape);
    if (answer == 2) throw std::runtime_error("GEOS has no answer");
    return answer == 1;
  }

  Context context_;
  int resolution_;
  PolyfillMode mode_;
  std::vector<GEOSGeometry*> geometries_;
  std::vector<std::int64_t> cells_;
};

}  // namespace

Fill geos_peer(const std::vector<Geometry>& geometries, int resolution, PolyfillMode mode) {
  const auto engine = std::make_shared<BruteForce>(geometries, resolution, mode);
  return [engine](std::size_t index) { return engine->fill(index); };
}

}  // namespace geocell::bench
