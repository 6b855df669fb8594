// bench_data COUNTIES COUNTRIES_10M COUNTRIES_50M FOLDER: makes the data sets of the benchmarks from TopoJSON
// files, each as GeoJSON geometries, one a line. Every geometry is made valid (GEOS's MakeValid), reduced to
// its polygons and cut to [-180, 180] x [-85, 85], so that peers that end there, or never return from a
// pole, have an answer.
#include <geos_c.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <exception>
#include <fstream>
#include <iostream>
#include <memory>
#include <numbers>
#include <random>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "data/topojson.hpp"
#include "geocell/geometry.hpp"

namespace {

using geocell::Geometry;
using geocell::LngLat;

constexpr double kMaxLatDeg = 85;

class Geos {
 public:
  struct Destroy {
    GEOSContextHandle_t handle;
    void operator()(GEOSGeometry* geometry) const { GEOSGeom_destroy_r(handle, geometry); }
  };
  using Owned = std::unique_ptr<GEOSGeometry, Destroy>;

  Geos() : handle_(GEOS_init_r()) {}
  ~Geos() { GEOS_finish_r(handle_); }
  Geos(const Geos&) = delete;
  Geos& operator=(const Geos&) = delete;

  Owned read_wkb(const std::string& wkb) {
    GEOSWKBReader* reader = GEOSWKBReader_create_r(handle_);
    GEOSGeometry* geometry =
        GEOSWKBReader_read_r(handle_, reader, reinterpret_cast<const unsigned char*>(wkb.data()), wkb.size());
    GEOSWKBReader_destroy_r(handle_, reader);
    return own(geometry);
  }

  std::string write_wkb(const GEOSGeometry* geometry) {
    GEOSWKBWriter* writer = GEOSWKBWriter_create_r(handle_);
    std::size_t size = 0;
    unsigned char* bytes = GEOSWKBWriter_write_r(handle_, writer, geometry, &size);
    GEOSWKBWriter_destroy_r(handle_, writer);
    if (bytes == nullptr) throw std::runtime_error("GEOS cannot write a geometry");
    std::string wkb(reinterpret_cast<const char*>(bytes), size);
    GEOSFree_r(handle_, bytes);
    return wkb;
  }

  // The polygons of the geometry, valid, within the world; a multipolygon that may be empty.
  Owned repaired(const GEOSGeometry* geometry) {
    const Owned valid = own(GEOSMakeValid_r(handle_, geometry));
    std::vector<GEOSGeometry*> polygons;
    for (const double turn_deg : {-360.0, 0.0, 360.0}) {
      const Owned world =
          own(GEOSGeom_createRectangle_r(handle_, turn_deg - 180, -kMaxLatDeg, turn_deg + 180, kMaxLatDeg));
      if (GEOSCovers_r(handle_, world.get(), valid.get()) == 1 && turn_deg == 0) {
        collect_polygons(valid.get(), polygons);
        continue;
      }
      const Owned part = own(GEOSIntersection_r(handle_, valid.get(), world.get()));
      const Owned moved = own(GEOSGeom_transformXY_r(
          handle_, part.get(),
          [](double* x, double*, void* by_deg) {
            *x -= *static_cast<double*>(by_deg);
            return 1;
          },
          const_cast<double*>(&turn_deg)));
      collect_polygons(moved.get(), polygons);
    }
    return own(GEOSGeom_createCollection_r(handle_, GEOS_MULTIPOLYGON, polygons.data(),
                                           static_cast<unsigned>(polygons.size())));
  }

 private:
  static Owned null_checked(GEOSGeometry* geometry, GEOSContextHandle_t handle) {
    if (geometry == nullptr) throw std::runtime_error("GEOS has no answer");
    return {geometry, Destroy{handle}};
  }
  Owned own(GEOSGeometry* geometry) { return null_checked(geometry, handle_); }

  void collect_polygons(const GEOSGeometry* geometry, std::vector<GEOSGeometry*>& polygons) {
    if (GEOSGeomTypeId_r(handle_, geometry) == GEOS_POLYGON) {
      if (GEOSisEmpty_r(handle_, geometry) == 0) polygons.push_back(GEOSGeom_clone_r(handle_, geometry));
      return;
    }
    if (GEOSGeomTypeId_r(handle_, geometry) < GEOS_MULTIPOINT) return;
    const int members = GEOSGetNumGeometries_r(handle_, geometry);
    for (int i = 0; i < members; ++i) collect_polygons(GEOSGetGeometryN_r(handle_, geometry, i), polygons);
  }

  GEOSContextHandle_t handle_;
};

Geometry from_wkb(const std::string& wkb) {
  auto geometry = geocell::read_wkb(std::as_bytes(std::span(wkb)));
  if (!geometry) throw std::runtime_error(geometry.error().message);
  return std::move(*geometry);
}

Geometry from_wkt(const std::string& wkt) {
  auto geometry = geocell::read_wkt(wkt);
  if (!geometry) throw std::runtime_error(geometry.error().message);
  return std::move(*geometry);
}

class DataSet {
 public:
  DataSet(const std::string& folder, const std::string& name)
      : name_(name), output_(folder + "/" + name + ".geojsonl", std::ios::binary) {}
  void add(const Geometry& geometry) {
    output_ << geocell::write_geojson(geometry) << '\n';
    ++geometries_;
    vertices_ += geometry.points.size();
  }
  void close() {
    if (!output_.flush()) throw std::runtime_error("cannot write " + name_);
    std::cout << "  " << name_ << ": " << geometries_ << " geometries, " << vertices_ << " vertices\n";
  }

 private:
  std::string name_;
  std::ofstream output_;
  std::size_t geometries_ = 0;
  std::size_t vertices_ = 0;
};

std::size_t vertices_of(const topojson::Polygon& polygon) {
  std::size_t count = 0;
  for (const topojson::Ring& ring : polygon) count += ring.size();
  return count;
}

// A star-shaped island whose coast is rough at every scale: the distance of its `vertices` corners from the
// middle is a sum of waves with random phases, each half as long and 0.6 times as high as the one before.
// Star-shaped, so it never crosses itself.
Geometry island(std::size_t vertices) {
  constexpr LngLat kMiddle{10.3, 47.1};
  constexpr double kRadiusDeg = 4;
  constexpr int kOctaves = 15;
  std::mt19937_64 random(100000);
  std::vector<double> phases;
  for (int octave = 0; octave < kOctaves; ++octave) {
    phases.push_back(std::ldexp(static_cast<double>(random() >> 11), -53) * 2 * std::numbers::pi);
  }
  std::vector<LngLat> ring;
  for (std::size_t i = 0; i < vertices; ++i) {
    const double angle = 2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(vertices);
    double radius_deg = kRadiusDeg;
    double height_deg = kRadiusDeg * 0.25;
    for (int octave = 0; octave < kOctaves; ++octave, height_deg *= 0.6) {
      radius_deg +=
          height_deg * std::sin(std::ldexp(angle, octave) + phases[static_cast<std::size_t>(octave)]);
    }
    ring.push_back(
        {kMiddle.lng_deg + radius_deg * std::cos(angle), kMiddle.lat_deg + radius_deg * std::sin(angle)});
  }
  ring.push_back(ring.front());
  return geocell::make_polygon(ring, 0);
}

void make(const std::string& counties, const std::string& countries_10m, const std::string& countries_50m,
          const std::string& folder) {
  Geos geos;
  const auto repaired = [&geos](const topojson::Country& shape) {
    const Geometry raw = from_wkt(shape.wkt());
    return from_wkb(geos.write_wkb(geos.repaired(geos.read_wkb(geocell::write_wkb(raw)).get()).get()));
  };
  const auto write_all = [&](const std::string& name, const std::vector<topojson::Country>& shapes) {
    DataSet set(folder, name);
    for (const topojson::Country& shape : shapes) {
      const Geometry geometry = repaired(shape);
      if (!geometry.empty()) set.add(geometry);
    }
    set.close();
  };
  write_all("counties", topojson::read_countries_file(counties, "counties"));
  write_all("countries-50m", topojson::read_countries_file(countries_50m));
  const auto countries = topojson::read_countries_file(countries_10m);
  write_all("countries-10m", countries);
  const auto brazil = std::ranges::find(countries, "Brazil", &topojson::Country::name);
  if (brazil == countries.end()) throw std::runtime_error(countries_10m + " has no Brazil");
  write_all("brazil", {*brazil});

  // The land polygon with the most vertices is Africa, Asia and Europe.
  topojson::Country largest{.name = "Afro-Eurasia", .multi = false, .polygons = {{}}};
  for (const topojson::Country& land : topojson::read_countries_file(countries_10m, "land")) {
    for (const topojson::Polygon& polygon : land.polygons) {
      if (vertices_of(polygon) > vertices_of(largest.polygons.front())) largest.polygons.front() = polygon;
    }
  }
  write_all("afroeurasia", {largest});

  DataSet set(folder, "island-100k");
  set.add(island(100'000));
  set.close();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::cerr << "usage: bench_data COUNTIES COUNTRIES_10M COUNTRIES_50M FOLDER\n";
    return 2;
  }
  try {
    make(argv[1], argv[2], argv[3], argv[4]);
  } catch (const std::exception& error) {
    std::cerr << "bench_data: " << error.what() << '\n';
    return 1;
  }
  return 0;
}
