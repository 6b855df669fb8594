#include "tests/support/shapes.hpp"

#include <initializer_list>

#include "tests/support/shapes_lists.hpp"

namespace geocell::shapes {

namespace {

// Tiles that differ in what rounding does near them: the equator at longitude 0 (coordinates change sign and
// exponent), the Americas, the first rows under the grid's edge,
// the last column (shapes run past 180), fine grids.
std::vector<CellFrame> frames() {
  const auto middle = [](int resolution) { return std::uint32_t{1} << (resolution - 1); };
  return {{4, middle(4) - 4, middle(4) - 4},
          {6, 11, 23},
          {8, middle(8) - 2, middle(8) - 2},
          {9, 60, 0},
          {9, (1U << 9U) - 3, 300},
          {10, 7, (1U << 10U) - 5},
          {15, 17000, 12345},
          {21, middle(21) - 2, middle(21) - 1},
          {26, 33123456, 24123457}};
}

template <class Add>
void add_on_frames(std::vector<Shape>& shapes, Add add) {
  for (const CellFrame& frame : frames()) {
    List list{shapes, frame.resolution(),
              " (z" + std::to_string(frame.resolution()) + " at " + point_wkt(frame.at(0, 0)) + ")"};
    add(frame, list);
  }
}

void add_everywhere(std::vector<Shape>& shapes, std::initializer_list<int> resolutions,
                    const std::string& name, const std::string& wkt) {
  for (const int resolution : resolutions) {
    shapes.push_back({name + " (z" + std::to_string(resolution) + ")", wkt, resolution});
  }
}

void add_antimeridian(std::vector<Shape>& shapes) {
  const auto add = [&](const std::string& name, const std::string& wkt) {
    add_everywhere(shapes, {0, 1, 3, 6}, name, wkt);
  };
  add("178 to 182", "POLYGON((178 -5,182 -5,182 5,178 5,178 -5))");
  add("-182 to -178", "POLYGON((-182 -5,-178 -5,-178 5,-182 5,-182 -5))");
  add("170 to 530", "POLYGON((170 10,530 10,530 20,170 20,170 10))");
  add("-900 to 900", "POLYGON((-900 3,900 2,900 4,-900 5,-900 3))");
  add("beyond 180 altogether", "POLYGON((181 -5,190 -5,190 5,181 5,181 -5))");
  add("from 180 on", "POLYGON((180 -5,190 -5,190 5,180 5,180 -5))");
  add("up to 180", "POLYGON((170 -5,180 -5,180 5,170 5,170 -5))");
  add("up to -180", "POLYGON((-180 -5,-170 -5,-170 5,-180 5,-180 -5))");
  add("up to 180 and an ulp", "POLYGON((170 -5,180.00000000000003 -5,180.00000000000003 5,170 5,170 -5))");
  add("from -180 less an ulp",
      "POLYGON((-180.00000000000003 -5,-170 -5,-170 5,-180.00000000000003 5,-180.00000000000003 -5))");
  add("from 540 on", "POLYGON((540 -5,550 -5,550 5,540 5,540 -5))");
  add("3590 to 3600", "POLYGON((3590 -5,3600 -5,3600 5,3590 5,3590 -5))");
  add("-3600 to -3590", "POLYGON((-3600 -5,-3590 -5,-3590 5,-3600 5,-3600 -5))");
  add("hole across 180",
      "POLYGON((170 -20,190 -20,190 20,170 20,170 -20),(178 -5,178 5,182 5,182 -5,178 -5))");
  add("triangle across 180", "POLYGON((171.3 -12.1,188.8 3.3,176.4 21.7,171.3 -12.1))");
  add("one turn and overlapping itself when wrapped", "POLYGON((0 0,400 0,400 30,0 10,0 0))");
  add("line across 180", "LINESTRING(175 -10,186 15)");
  add("line up to 180", "LINESTRING(175 -10,180 15)");
  add("line along 180", "LINESTRING(180 -10,180 15)");
  add("line along -180", "LINESTRING(-180 -10,-180 15)");
  add("line along 540", "LINESTRING(540 -10,540 15)");
  add("point on 180", "POINT(180 10)");
  add("point on -180", "POINT(-180 10)");
  add("point beyond 180", "POINT(181 10)");
  add("point on 540", "POINT(540 10)");
  add("points on both sides", "MULTIPOINT((179 1),(-179 1),(181 30),(-181 30))");
  add("both sides cut at 180",
      "MULTIPOLYGON(((178 -5,180 -5,180 5,178 5,178 -5)),((-180 -5,-178 -5,-178 5,-180 5,-180 -5)))");
  add("collection across 180",
      "GEOMETRYCOLLECTION(LINESTRING(170 0,190 10),POINT(-185 5),POLYGON((350 1,370 1,360 9,350 1)))");
}

void add_world(std::vector<Shape>& shapes) {
  const auto add = [&](const std::string& name, const std::string& wkt) {
    add_everywhere(shapes, {0, 1, 2, 5, 7}, name, wkt);
  };
  add("the world", "POLYGON((-180 -90,180 -90,180 90,-180 90,-180 -90))");
  add("more than the world", "POLYGON((-190 -100,190 -100,190 100,-190 100,-190 -100))");
  add("the Mercator square",
      "POLYGON((-180 -85.0511287798066,180 -85.0511287798066,180 85.0511287798066,-180 85.0511287798066,-180 "
      "-85.0511287798066))");
  add("half the world", "POLYGON((-180 -90,0 -90,0 90,-180 90,-180 -90))");
  add("northern hemisphere", "POLYGON((-180 0,180 0,180 90,-180 90,-180 0))");
  add("world with a hole",
      "POLYGON((-180 -90,180 -90,180 90,-180 90,-180 -90),(-90 -45,-90 45,90 45,90 -45,-90 -45))");
  add("huge triangle", "POLYGON((-180 -90,180 -90,0 90,-180 -90))");
  add("huge needle", "POLYGON((-180 -84.9,180 84.9,179.9999 84.9,-180 -84.9))");
  add("above the grid", "POLYGON((-20 85.06,20 85.06,20 90,-20 90,-20 85.06))");
  add("just above the grid", "POLYGON((-20 85.052,20 85.052,20 86,-20 86,-20 85.052))");
  add("below the grid", "POLYGON((-20 -90,20 -90,20 -85.06,-20 -85.06,-20 -90))");
  add("across the grid's edge", "POLYGON((-20 84,20 84,20 90,-20 90,-20 84))");
  add("across the grid's southern edge, slanted", "POLYGON((-33 -89,41 -90,60 -80.3,-33 -89))");
  add("triangle from the pole", "POLYGON((0 90,-60 60,60 61,0 90))");
  add("beyond the poles", "POLYGON((10 -200,20 -200,20 300,10 300,10 -200))");
  add("line from pole to pole", "LINESTRING(12.5 -90,13.5 90)");
  add("line along longitude 0", "LINESTRING(0 -90,0 90)");
  add("line along the equator", "LINESTRING(-180 0,180 0)");
  add("diagonal of the world", "LINESTRING(-180 -90,180 90)");
  add("line above the grid", "LINESTRING(-20 86,20 89)");
  add("poles", "MULTIPOINT((0 90),(0 -90))");
  add("origin", "POINT(0 0)");
  add("negative zero", "POINT(-0 -0)");
  for (const char* type : {"POINT", "LINESTRING", "POLYGON", "MULTIPOINT", "MULTILINESTRING", "MULTIPOLYGON",
                           "GEOMETRYCOLLECTION"}) {
    add(std::string("empty ") + type, std::string(type) + " EMPTY");
  }
  add("collection of empties",
      "GEOMETRYCOLLECTION(POINT EMPTY,POLYGON EMPTY,GEOMETRYCOLLECTION(LINESTRING EMPTY))");
  add("collection with empties",
      "GEOMETRYCOLLECTION(POINT EMPTY,POLYGON((1 1,9 1,9 9,1 1)),MULTIPOLYGON EMPTY)");
}

}  // namespace

std::vector<Shape> valid_shapes() {
  std::vector<Shape> shapes;
  add_on_frames(shapes, add_grid_shapes);
  add_antimeridian(shapes);
  add_world(shapes);
  return shapes;
}

std::vector<Shape> subnormal_shapes() {
  std::vector<Shape> shapes;
  const auto add = [&](const std::string& name, const std::string& wkt) {
    add_everywhere(shapes, {0, 1, 8, 21}, name, wkt);
  };
  add("tiniest triangle", "POLYGON((0 0,5e-324 0,5e-324 5e-324,0 0))");
  add("tiniest triangle around the origin",
      "POLYGON((-5e-324 -5e-324,5e-324 -5e-324,0 5e-324,-5e-324 -5e-324))");
  add("tiniest step off longitude 0", "POLYGON((-3e-4 -2e-4,0 -2e-4,-5e-324 2e-4,-3e-4 2e-4,-3e-4 -2e-4))");
  add("tiniest slope through the origin",
      "POLYGON((-2e-4 -5e-324,2e-4 5e-324,2e-4 1e-4,-2e-4 1e-4,-2e-4 -5e-324))");
  add("tiniest step off the equator",
      "POLYGON((-3e-4 5e-324,3e-4 5e-324,3e-4 4e-4,-3e-4 4e-4,-3e-4 5e-324))");
  add("tiniest line across the origin", "LINESTRING(-5e-324 -5e-324,5e-324 5e-324)");
  add("line the tiniest step beside the origin", "LINESTRING(-1e-4 -1e-4,1e-4 1.0000000000000002e-4)");
  add("tiniest point", "POINT(5e-324 -5e-324)");
  return shapes;
}

std::vector<Shape> invalid_shapes() {
  std::vector<Shape> shapes;
  add_on_frames(shapes, add_invalid_grid_shapes);
  add_everywhere(shapes, {0, 2, 5}, "bow-tie across 180", "POLYGON((170 -10,190 10,190 -10,170 10,170 -10))");
  add_everywhere(shapes, {0, 2, 5}, "world traversed twice",
                 "POLYGON((-180 -90,180 -90,180 90,-180 90,-180 -90,180 -90,180 90,-180 90,-180 -90))");
  return shapes;
}

}  // namespace geocell::shapes
