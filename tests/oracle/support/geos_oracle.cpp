#include "tests/oracle/support/geos_oracle.hpp"

#include <stdexcept>

namespace geocell::oracle {

// One member, with the predicates of the chosen path.
class GeosOracle::Relation {
 public:
  Relation(GeosOracle& oracle, const GEOSGeometry* geometry, GeosPath path)
      : oracle_(oracle),
        geometry_(geometry),
        prepared_(path == GeosPath::prepared ? GEOSPrepare_r(oracle.handle_, geometry) : nullptr) {
    if (path == GeosPath::prepared && prepared_ == nullptr) oracle_.fail();
  }
  ~Relation() {
    if (prepared_ != nullptr) GEOSPreparedGeom_destroy_r(oracle_.handle_, prepared_);
  }
  Relation(const Relation&) = delete;
  Relation& operator=(const Relation&) = delete;

  bool intersects(const GEOSGeometry* other) {
    return oracle_.answer(prepared_ != nullptr ? GEOSPreparedIntersects_r(oracle_.handle_, prepared_, other)
                                               : GEOSIntersects_r(oracle_.handle_, geometry_, other));
  }
  bool contains(const GEOSGeometry* other) {
    return oracle_.answer(prepared_ != nullptr ? GEOSPreparedContains_r(oracle_.handle_, prepared_, other)
                                               : GEOSContains_r(oracle_.handle_, geometry_, other));
  }

 private:
  GeosOracle& oracle_;
  const GEOSGeometry* geometry_;
  const GEOSPreparedGeometry* prepared_;
};

GeosOracle::GeosOracle() : handle_(GEOS_init_r()) {
  const auto keep = [](const char* text, void* message) { *static_cast<std::string*>(message) = text; };
  GEOSContext_setErrorMessageHandler_r(handle_, keep, &message_);
  GEOSContext_setNoticeMessageHandler_r(
      handle_, [](const char*, void*) {}, nullptr);
}

GeosOracle::~GeosOracle() { GEOS_finish_r(handle_); }

void GeosOracle::fail() { throw std::runtime_error("GEOS: " + message_); }

GeosOracle::Owned GeosOracle::own(GEOSGeometry* geometry) {
  if (geometry == nullptr) fail();
  return {geometry, Destroy{handle_}};
}

bool GeosOracle::answer(char result) {
  if (result == 2) fail();
  return result == 1;
}

GeosOracle::Owned GeosOracle::from_wkt(const std::string& wkt) {
  GEOSWKTReader* reader = GEOSWKTReader_create_r(handle_);
  GEOSGeometry* geometry = GEOSWKTReader_read_r(handle_, reader, wkt.c_str());
  GEOSWKTReader_destroy_r(handle_, reader);
  return own(geometry);
}

GeosOracle::Owned GeosOracle::from_wkb(std::string_view wkb) {
  GEOSWKBReader* reader = GEOSWKBReader_create_r(handle_);
  GEOSGeometry* geometry =
      GEOSWKBReader_read_r(handle_, reader, reinterpret_cast<const unsigned char*>(wkb.data()), wkb.size());
  GEOSWKBReader_destroy_r(handle_, reader);
  return own(geometry);
}

std::string GeosOracle::to_wkb(const GEOSGeometry* geometry) {
  GEOSWKBWriter* writer = GEOSWKBWriter_create_r(handle_);
  std::size_t size = 0;
  unsigned char* bytes = GEOSWKBWriter_write_r(handle_, writer, geometry, &size);
  GEOSWKBWriter_destroy_r(handle_, writer);
  if (bytes == nullptr) fail();
  std::string wkb(reinterpret_cast<const char*>(bytes), size);
  GEOSFree_r(handle_, bytes);
  return wkb;
}

std::string GeosOracle::to_wkt(const GEOSGeometry* geometry) {
  GEOSWKTWriter* writer = GEOSWKTWriter_create_r(handle_);
  GEOSWKTWriter_setTrim_r(handle_, writer, 1);
  GEOSWKTWriter_setRoundingPrecision_r(handle_, writer, 17);
  char* text = GEOSWKTWriter_write_r(handle_, writer, geometry);
  GEOSWKTWriter_destroy_r(handle_, writer);
  if (text == nullptr) fail();
  std::string wkt(text);
  GEOSFree_r(handle_, text);
  return wkt;
}

bool GeosOracle::is_valid(const GEOSGeometry* geometry) { return answer(GEOSisValid_r(handle_, geometry)); }

GeosOracle::Owned GeosOracle::make_valid(const GEOSGeometry* geometry) {
  return own(GEOSMakeValid_r(handle_, geometry));
}

GeosOracle::Owned GeosOracle::box(const Bounds& bounds) {
  return own(GEOSGeom_createRectangle_r(handle_, bounds.west, bounds.south, bounds.east, bounds.north));
}

GeosOracle::Owned GeosOracle::point(const LngLat& at) {
  return own(GEOSGeom_createPointFromXY_r(handle_, at.lng_deg, at.lat_deg));
}

Bounds GeosOracle::bounds_of(const GEOSGeometry* geometry) {
  Bounds bounds{};
  if (GEOSGeom_getXMin_r(handle_, geometry, &bounds.west) == 0 ||
      GEOSGeom_getYMin_r(handle_, geometry, &bounds.south) == 0 ||
      GEOSGeom_getXMax_r(handle_, geometry, &bounds.east) == 0 ||
      GEOSGeom_getYMax_r(handle_, geometry, &bounds.north) == 0) {
    fail();
  }
  return bounds;
}

void GeosOracle::add_members(const GEOSGeometry* geometry, const std::vector<Candidate>& cells, GeosPath path,
                             Answers& answers) {
  if (GEOSGeomTypeId_r(handle_, geometry) == GEOS_GEOMETRYCOLLECTION) {
    const int members = GEOSGetNumGeometries_r(handle_, geometry);
    for (int i = 0; i < members; ++i) {
      add_members(GEOSGetGeometryN_r(handle_, geometry, i), cells, path, answers);
    }
    return;
  }
  Relation relation(*this, geometry, path);
  for (const Candidate& cell : cells) {
    if (relation.intersects(point(cell.center).get())) answers[0].push_back(cell.id);
    const Owned cell_box = box(cell.box);
    if (relation.intersects(cell_box.get())) answers[1].push_back(cell.id);
    if (relation.contains(cell_box.get())) answers[2].push_back(cell.id);
  }
}

Answers GeosOracle::polyfill(const GEOSGeometry* geometry, int resolution, GeosPath path) {
  Answers answers;
  if (answer(GEOSisEmpty_r(handle_, geometry))) return answers;
  add_members(geometry, candidate_cells(bounds_of(geometry), resolution), path, answers);
  for (auto& ids : answers) ids = sorted_set(std::move(ids));
  return answers;
}

std::vector<std::int64_t> GeosOracle::intersects_as_one(const GEOSGeometry* geometry, int resolution) {
  std::vector<std::int64_t> ids;
  if (answer(GEOSisEmpty_r(handle_, geometry))) return ids;
  Relation relation(*this, geometry, GeosPath::plain);
  for (const Candidate& cell : candidate_cells(bounds_of(geometry), resolution)) {
    if (relation.intersects(box(cell.box).get())) ids.push_back(cell.id);
  }
  return sorted_set(std::move(ids));
}

}  // namespace geocell::oracle
