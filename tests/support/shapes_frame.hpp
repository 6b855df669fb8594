// Coordinates in units of cells, and the WKT of shapes made of them.
#pragma once

#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include "geocell/geometry.hpp"

namespace geocell::shapes {

using Path = std::vector<LngLat>;

// The grid of one resolution, seen from one tile: u counts cells eastward and v southward from its
// north-western corner. Multiples of one half are the grid's own doubles (borders and centres); others lie
// between them on a line.
class CellFrame {
 public:
  CellFrame(int resolution, std::uint32_t x, std::uint32_t y) : resolution_(resolution), x_(x), y_(y) {}
  int resolution() const { return resolution_; }
  double lng(double u) const;
  double lat(double v) const;
  LngLat at(double u, double v) const { return {lng(u), lat(v)}; }
  // A power of two of degrees, about an eighth of a cell: small multiples of it add exactly to a coordinate.
  double step() const { return std::ldexp(1.0, 5 - resolution_); }
  Path path(std::initializer_list<LngLat> cells) const;  // (u, v) pairs

 private:
  int resolution_;
  std::uint32_t x_, y_;
};

// Moves each coordinate by that many doubles.
LngLat nudge(LngLat p, int lng_ulps, int lat_ulps);

std::string point_wkt(LngLat p);
std::string multipoint_wkt(const Path& points);
std::string line_wkt(const Path& points);
std::string multiline_wkt(const std::vector<Path>& lines);
// Rings are closed here: give each corner once.
std::string polygon_wkt(const std::vector<Path>& rings);
std::string multipolygon_wkt(const std::vector<std::vector<Path>>& polygons);
std::string collection_wkt(const std::vector<std::string>& members);

}  // namespace geocell::shapes
