// Random geometries for polyfill, from a seed: the same on every machine and in every run.
#pragma once

#include <cstdint>
#include <random>

#include "tests/support/shapes.hpp"
#include "tests/support/shapes_frame.hpp"

namespace geocell::oracle {

class RandomShapes {
 public:
  explicit RandomShapes(std::uint64_t seed) : engine_(seed) {}

  // Mostly valid: stars with and without holes, rectilinear skylines, multi geometries, lines, points,
  // collections, of 0.01 to 40 cells, anywhere, across ±180° and over the poles too. Half of them have their
  // vertices pulled onto grid borders, corners and centres, or one double beside these;
  // that may make them invalid.
  shapes::Shape next();
  // Polygons with rings of random corners, repeated corners and overlapping members: mostly invalid.
  shapes::Shape next_tangled();

 private:
  enum class Snap : std::uint8_t { none, halves, halves_and_ulps };
  std::uint64_t below(std::uint64_t bound) { return engine_() % bound; }
  double unit() { return std::ldexp(static_cast<double>(engine_() >> 11), -53); }
  double between(double low, double high) { return low + (high - low) * unit(); }
  shapes::CellFrame frame();
  LngLat corner(const shapes::CellFrame& frame, double u, double v);
  shapes::Path star(const shapes::CellFrame& frame, double u, double v, double inner, double outer);
  shapes::Path aimed(const shapes::CellFrame& frame);
  shapes::Path skyline(const shapes::CellFrame& frame);
  shapes::Path walk(const shapes::CellFrame& frame, std::size_t vertices);
  std::vector<shapes::Path> star_with_holes(const shapes::CellFrame& frame, double u, double v,
                                            double radius);
  std::vector<std::vector<shapes::Path>> archipelago(const shapes::CellFrame& frame);
  std::string any(const shapes::CellFrame& frame, int depth);

  std::mt19937_64 engine_;
  Snap snap_ = Snap::none;
  double size_ = 1;  // in cells
};

}  // namespace geocell::oracle
