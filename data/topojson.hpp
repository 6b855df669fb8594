// Reads the polygons of a TopoJSON file (https://github.com/topojson/topojson-specification), for the demo
// and for tests that want real countries. Independent of the core, so that a test's input does not pass
// through the code under test.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace topojson {

struct Position {
  double lng_deg;
  double lat_deg;
  friend bool operator==(const Position&, const Position&) = default;
};

using Ring = std::vector<Position>;  // closed: first == last; at least 4 positions
using Polygon = std::vector<Ring>;   // the shell, then the holes
struct Country {
  std::string name;               // properties.name; empty where the geometry has no properties
  bool multi = false;             // MultiPolygon in the file
  std::vector<Polygon> polygons;  // one unless multi

  std::size_t vertex_count() const;  // closing positions included
  std::string wkt() const;  // POLYGON((…)) or MULTIPOLYGON(((…))), numbers that read back the same
};

// The Polygon and MultiPolygon geometries of `objects[object]`, in file order. A ring that crosses the
// antimeridian comes with continuous longitudes, beyond ±180° (at most to ±360°); one around a pole is closed
// along the pole. Throws std::runtime_error (or nlohmann's own exceptions)
// when the text is not such a topology.
std::vector<Country> read_countries(std::string_view text, const std::string& object = "countries");

// The same from a file.
std::vector<Country> read_countries_file(const std::string& path, const std::string& object = "countries");

}  // namespace topojson
