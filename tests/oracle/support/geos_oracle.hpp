// Brute-force polyfill with GEOS, the engine under PostGIS:
// one ST_Intersects or ST_Contains per cell and mode.
//
// Collections: every member is asked by itself and the answers are united. As a whole, GEOS 3.11
// (PostGIS 3.3) answers ST_Intersects(collection, cell) as that union; the other two only while the members
// keep apart. Where they meet, it is at odds with itself:
//   - polygons that overlap: "TopologyException: side location conflict" instead of an answer, for
//     ST_Contains and for ST_Intersects with a point:
//     GEOMETRYCOLLECTION(POLYGON((0 0,3 0,3 4,0 4,0 0)),POLYGON((1 0,4 0,4 4,1 4,1 0)));
//   - a polygon that contains the cell, and a line through both: ST_Contains is false when the line's ends
//     lie on the polygon's boundary (LINESTRING(0 2,4 2) over a 4x4 square), true when they do not.
//   - polygons that share an edge: ST_Contains is false for a cell across that edge, as here.
//     (GEOS 3.13 will say true.)
#pragma once

#include <geos_c.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "tests/oracle/support/exact_oracle.hpp"

namespace geocell::oracle {

// Prepared and plain predicates are different code in GEOS; so they are two oracles.
enum class GeosPath : std::uint8_t { prepared, plain };

class GeosOracle {
 public:
  GeosOracle();
  ~GeosOracle();
  GeosOracle(const GeosOracle&) = delete;
  GeosOracle& operator=(const GeosOracle&) = delete;

  struct Destroy {
    GEOSContextHandle_t handle;
    void operator()(GEOSGeometry* geometry) const { GEOSGeom_destroy_r(handle, geometry); }
  };
  using Owned = std::unique_ptr<GEOSGeometry, Destroy>;

  // All throw std::runtime_error with GEOS's own message where GEOS fails.
  Owned from_wkt(const std::string& wkt);
  Owned from_wkb(std::string_view wkb);
  std::string to_wkb(const GEOSGeometry* geometry);
  std::string to_wkt(const GEOSGeometry* geometry);
  bool is_valid(const GEOSGeometry* geometry);
  Owned make_valid(const GEOSGeometry* geometry);

  Answers polyfill(const GEOSGeometry* geometry, int resolution, GeosPath path);
  // The same for the collection as one geometry, as PostGIS would ask: `intersects` alone.
  std::vector<std::int64_t> intersects_as_one(const GEOSGeometry* geometry, int resolution);

 private:
  class Relation;
  Owned own(GEOSGeometry* geometry);
  bool answer(char result);
  Owned box(const Bounds& bounds);
  Owned point(const LngLat& at);
  Bounds bounds_of(const GEOSGeometry* geometry);
  void add_members(const GEOSGeometry* geometry, const std::vector<Candidate>& cells, GeosPath path,
                   Answers& answers);
  [[noreturn]] void fail();

  GEOSContextHandle_t handle_;
  std::string message_;
};

}  // namespace geocell::oracle
