// Hand-made hostile geometries for polyfill, as WKT with names. Most are made of the grid's own doubles, so
// that edges lie exactly on cell borders, vertices exactly on corners and centres, and one unit in the last
// place beside them.
#pragma once

#include <string>
#include <vector>

namespace geocell::shapes {

struct Shape {
  std::string name;
  std::string wkt;
  int resolution;  // the one to fill it at; its cells' lines are what it touches
};

// Valid in the OGC sense: PostGIS and GEOS have an answer.
std::vector<Shape> valid_shapes();

// Valid, but of doubles so close to zero that products of them underflow in GEOS 3.11, which then answers as
// if the coordinates were zero (or calls the shape invalid): for the exact oracle alone.
std::vector<Shape> subnormal_shapes();

// Self-crossing, degenerate or badly nested. The even-odd rule says what the answer is.
std::vector<Shape> invalid_shapes();

}  // namespace geocell::shapes
