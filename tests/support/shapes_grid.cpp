// Hostile shapes on the grid of one tile: borders, corners, centres,
// and one unit in the last place beside them.
#include <numbers>

#include "tests/support/shapes_lists.hpp"

namespace geocell::shapes {

namespace {

Path box(const CellFrame& f, double west, double north, double east, double south) {
  return f.path({{west, south}, {east, south}, {east, north}, {west, north}});
}

LngLat shift(LngLat p, double lng_deg, double lat_deg) { return {p.lng_deg + lng_deg, p.lat_deg + lat_deg}; }

void add_boxes(const CellFrame& f, List& list) {
  list.add("one cell", polygon_wkt({box(f, 0, 0, 1, 1)}));
  list.add("4x4 cells", polygon_wkt({box(f, 0, 0, 4, 4)}));
  list.add("one cell less one ulp", polygon_wkt({{nudge(f.at(0, 1), 1, 1), nudge(f.at(1, 1), -1, 1),
                                                  nudge(f.at(1, 0), -1, -1), nudge(f.at(0, 0), 1, -1)}}));
  list.add("one cell plus one ulp", polygon_wkt({{nudge(f.at(0, 1), -1, -1), nudge(f.at(1, 1), 1, -1),
                                                  nudge(f.at(1, 0), 1, 1), nudge(f.at(0, 0), -1, 1)}}));
  list.add("one corner pulled in by an ulp",
           polygon_wkt({{f.at(0, 2), f.at(2, 2), nudge(f.at(2, 0), -1, 0), f.at(0, 0)}}));
  list.add("centre to centre", polygon_wkt({box(f, .5, .5, 3.5, 3.5)}));
  list.add("centre to centre less one ulp",
           polygon_wkt({{nudge(f.at(.5, 3.5), 1, 1), nudge(f.at(3.5, 3.5), -1, 1),
                         nudge(f.at(3.5, .5), -1, -1), nudge(f.at(.5, .5), 1, -1)}}));
  list.add("one cell hole", polygon_wkt({box(f, 0, 0, 4, 4), box(f, 1, 1, 2, 2)}));
  list.add("2x2 cells hole", polygon_wkt({box(f, -.3, -.3, 4.2, 4.1), box(f, 1, 1, 3, 3)}));
  list.add("hole at centres", polygon_wkt({box(f, 0, 0, 4, 4), box(f, .5, 1.5, 2.5, 3.5)}));
  list.add("hole smaller than a cell", polygon_wkt({box(f, 0, 0, 3, 3), box(f, 1.2, 1.3, 1.4, 1.6)}));
  list.add("hole around a centre", polygon_wkt({box(f, 0, 0, 3, 3), box(f, 1.4, 1.4, 1.6, 1.6)}));
  list.add("hole of one ulp at a corner",
           polygon_wkt({box(f, 0, 0, 3, 3), {f.at(1, 1), nudge(f.at(1, 1), 1, 0), nudge(f.at(1, 1), 0, 1)}}));
  list.add("hole of one ulp at a centre",
           polygon_wkt({box(f, 0, 0, 3, 3),
                        {f.at(1.5, 1.5), nudge(f.at(1.5, 1.5), 1, 0), nudge(f.at(1.5, 1.5), 0, 1)}}));
  list.add("hole touches the shell at a vertex",
           polygon_wkt({box(f, 0, 0, 4, 4), f.path({{0, 2}, {2, 1}, {3, 2}, {2, 3}})}));
  list.add("hole touches the shell at a cell's corner",
           polygon_wkt({f.path({{0, 0}, {4, 0}, {4, 4}, {2, 4}, {0, 4}}), f.path({{2, 4}, {1, 2}, {3, 2}})}));
  list.add("two holes touch at a corner",
           polygon_wkt({box(f, 0, 0, 5, 5), box(f, 1, 1, 2, 2), box(f, 2, 2, 3, 3)}));
  list.add("island in a hole",
           multipolygon_wkt({{box(f, 0, 0, 6, 6), box(f, 1, 1, 5, 5)}, {box(f, 2, 2, 4, 4)}}));
  list.add("island fills the hole up to its corners",
           multipolygon_wkt(
               {{box(f, 0, 0, 6, 6), box(f, 1, 1, 5, 5)}, {f.path({{3, 1}, {1, 3}, {3, 5}, {5, 3}})}}));
  list.add("diagonal neighbours",
           multipolygon_wkt({{box(f, 0, 0, 1, 1)}, {box(f, 1, 1, 2, 2)}, {box(f, 2, 0, 3, 1)}}));
  list.add("neighbours one ulp apart",
           multipolygon_wkt({{{f.at(0, 0), f.at(0, 2), nudge(f.at(1, 2), -1, 0), nudge(f.at(1, 0), -1, 0)}},
                             {box(f, 1, 0, 2, 2)}}));
  list.add("duplicate and collinear vertices", polygon_wkt({f.path({{0, 0},
                                                                    {0, 0},
                                                                    {0, 1},
                                                                    {0, 1.5},
                                                                    {0, 3},
                                                                    {1, 3},
                                                                    {1, 3},
                                                                    {1, 3},
                                                                    {3, 3},
                                                                    {3, .5},
                                                                    {3, 0},
                                                                    {1.5, 0}})}));
}

void add_slivers(const CellFrame& f, List& list) {
  const double thin = f.step() / 1024;
  list.add("upright sliver on a border",
           polygon_wkt({{f.at(1, 0), f.at(1, 3), shift(f.at(1, 3), thin, 0), shift(f.at(1, 0), thin, 0)}}));
  list.add("upright sliver over centres",
           polygon_wkt({{f.at(1.5, 0), f.at(1.5, 3), nudge(f.at(1.5, 3), 1, 0), nudge(f.at(1.5, 0), 1, 0)}}));
  list.add("sliver between borders", polygon_wkt({box(f, .2, .7, 4.1, .7000001)}));
  list.add("sliver of one ulp along a border",
           polygon_wkt({{f.at(0, 1), f.at(4, 1), nudge(f.at(4, 1), 0, 1), nudge(f.at(0, 1), 0, 1)}}));
  list.add("diagonal sliver", polygon_wkt({{f.at(0, 0), f.at(5.3, 4.2), shift(f.at(5.3, 4.2), thin, 0)}}));
  list.add("steep diagonal sliver", polygon_wkt({f.path({{0, 6}, {3.4641, .0001}, {3.46411, 0}})}));
  list.add("needle of one ulp", polygon_wkt({{f.at(.1, .1), f.at(6.9, 3.3), nudge(f.at(6.9, 3.3), 1, 0)}}));
  list.add("thin 60 degree band", polygon_wkt({f.path({{0, 7}, {4, .0718}, {4.01, .0718}, {.01, 7}})}));
  list.add("tiny inside one cell", polygon_wkt({f.path({{.3, .3}, {.31, .3}, {.305, .32}})}));
  list.add("tiny around a corner", polygon_wkt({f.path({{.99, .99}, {1.01, .99}, {1, 1.01}})}));
  list.add("tiny around a centre", polygon_wkt({f.path({{.49, .49}, {.51, .49}, {.5, .52}})}));
  list.add("tiny triangle with its tip on a corner", polygon_wkt({f.path({{1, 1}, {.9, .95}, {.95, .9}})}));
}

// Edges that pass exactly through a corner or a centre: the ends are that point plus
// and minus the same exact offset.
void add_through(const CellFrame& f, List& list, const std::string& what, LngLat p) {
  const double s = f.step();
  list.add("diamond around " + what,
           polygon_wkt({{shift(p, 8 * s, 0), shift(p, 0, 8 * s), shift(p, -8 * s, 0), shift(p, 0, -8 * s)}}));
  list.add("edge through " + what,
           polygon_wkt({{shift(p, -13 * s, -7 * s), shift(p, 13 * s, 7 * s), shift(p, -13 * s, 19 * s)}}));
  list.add("edge through " + what + " from below",
           polygon_wkt({{shift(p, -13 * s, 7 * s), shift(p, 20 * s, -23 * s), shift(p, 13 * s, -7 * s)}}));
  list.add("edge one ulp beside " + what,
           polygon_wkt({{nudge(shift(p, -13 * s, -7 * s), 0, 1), shift(p, 13 * s, 7 * s),
                         shift(p, -13 * s, 19 * s)}}));
  list.add("edge one ulp short of " + what,
           polygon_wkt({{nudge(shift(p, -13 * s, -7 * s), 0, -1), shift(p, 13 * s, 7 * s),
                         shift(p, 13 * s, -19 * s)}}));
  list.add("vertex on " + what, polygon_wkt({{p, shift(p, 9 * s, 3 * s), shift(p, 5 * s, 11 * s)}}));
  list.add("vertex one ulp from " + what,
           polygon_wkt({{nudge(p, 1, 1), shift(p, 9 * s, 3 * s), shift(p, 5 * s, 11 * s)}}));
  list.add("reflex vertex on " + what,
           polygon_wkt({{p, shift(p, 9 * s, 20 * s), shift(p, -20 * s, 0), shift(p, 9 * s, -20 * s)}}));
  list.add("slit to " + what, polygon_wkt({{shift(p, -20 * s, -20 * s), shift(p, 20 * s, -20 * s),
                                            shift(p, 20 * s, 20 * s), nudge(shift(p, 0, 20 * s), 1, 0), p,
                                            shift(p, 0, 20 * s), shift(p, -20 * s, 20 * s)}}));
  list.add("point on " + what, point_wkt(p));
  list.add("points around " + what,
           multipoint_wkt({p, nudge(p, 1, 0), nudge(p, -1, 0), nudge(p, 0, 1), nudge(p, 0, -1)}));
  list.add("point beside " + what, point_wkt(nudge(p, -1, -1)));
  list.add("line through " + what, line_wkt({shift(p, -13 * s, -7 * s), shift(p, 13 * s, 7 * s)}));
  list.add("line one ulp beside " + what,
           line_wkt({nudge(shift(p, -13 * s, -7 * s), -1, 0), shift(p, 13 * s, 7 * s)}));
  list.add("line ends on " + what, line_wkt({shift(p, 3 * s, 17 * s), p}));
  list.add("line ends beside " + what, line_wkt({shift(p, 3 * s, 17 * s), nudge(p, 1, 1)}));
  list.add("line of one ulp at " + what, line_wkt({p, nudge(p, 1, 1)}));
}

void add_lines(const CellFrame& f, List& list) {
  list.add("line along a meridian border", line_wkt(f.path({{1, -.5}, {1, 3.5}})));
  list.add("line along a parallel border", line_wkt(f.path({{-1, 2}, {4, 2}})));
  list.add("line from corner to corner on a border", line_wkt(f.path({{1, 1}, {3, 1}})));
  list.add("line one ulp beside a border", line_wkt({nudge(f.at(1, 0), 1, 0), nudge(f.at(1, 3), 1, 0)}));
  list.add("line crosses a border at one ulp", line_wkt({nudge(f.at(1, 0), 1, 0), nudge(f.at(1, 3), -1, 0)}));
  list.add("line along centres", line_wkt(f.path({{-.5, 1.5}, {3.5, 1.5}})));
  list.add("line of stairs on borders",
           line_wkt(f.path({{0, 0}, {1, 0}, {1, 1}, {2, 1}, {2, 2}, {3, 2}, {3, 3}})));
  list.add("line corner to corner diagonally", line_wkt(f.path({{0, 0}, {1, 1}, {2, 0}, {3, 1}})));
  list.add("closed line around a cell", line_wkt(f.path({{0, 0}, {0, 1}, {1, 1}, {1, 0}, {0, 0}})));
  list.add("line that crosses itself", line_wkt(f.path({{0, 0}, {3, 3}, {3, 0}, {0, 3}})));
  list.add("line over its own track", line_wkt(f.path({{.5, .5}, {3.5, .5}, {.5, .5}, {.5, 2.5}})));
  list.add("lines", multiline_wkt({f.path({{0, 0}, {2.5, 2.5}}), f.path({{2.5, .5}, {3, 4}}),
                                   f.path({{1, 1}, {1, 2}})}));
  list.add("points on corners, centres and borders",
           multipoint_wkt(f.path({{0, 0}, {2, 2}, {4.5, 2.5}, {6, 1.5}, {7.5, 3}, {7.2, 4.9}})));
}

void add_figures(const CellFrame& f, List& list) {
  Path comb{f.at(0, 6), f.at(8, 6)};
  for (int tooth = 7; tooth >= 0; --tooth) {
    const double u = tooth;
    for (const LngLat& p : f.path({{u + 1, .25 * u}, {u + .5, 0}, {u + .5, 5}, {u + .25, 5}}))
      comb.push_back(p);
  }
  list.add("comb", polygon_wkt({comb}));
  Path spiral, back;
  for (int i = 0; i < 48; ++i) {
    const double angle = i * std::numbers::pi / 8, radius = .5 + i * .12;
    spiral.push_back(f.at(6 + radius * std::cos(angle), 6 + radius * std::sin(angle)));
    back.insert(back.begin(), f.at(6 + (radius + .4) * std::cos(angle), 6 + (radius + .4) * std::sin(angle)));
  }
  spiral.insert(spiral.end(), back.begin(), back.end());
  list.add("spiral", polygon_wkt({spiral}));
  Path star;
  for (int i = 0; i < 14; ++i) {
    const double angle = i * std::numbers::pi / 7, radius = i % 2 == 0 ? 5 : .7;
    star.push_back(f.at(5.5 + radius * std::cos(angle), 5.5 + radius * std::sin(angle)));
  }
  list.add("star", polygon_wkt({star}));
  list.add("U around a cell",
           polygon_wkt({f.path({{0, 0}, {1, 0}, {1, 2}, {2, 2}, {2, 0}, {3, 0}, {3, 3}, {0, 3}})}));
  list.add(
      "U one ulp around a cell",
      polygon_wkt({{f.at(0, 0), nudge(f.at(1, 0), -1, 0), nudge(f.at(1, 2), -1, -1), nudge(f.at(2, 2), 1, -1),
                    nudge(f.at(2, 0), 1, 0), f.at(3, 0), f.at(3, 3), f.at(0, 3)}}));
  list.add("ring with a slit", polygon_wkt({f.path({{0, 0},
                                                    {5, 0},
                                                    {5, 5},
                                                    {0, 5},
                                                    {0, 2.6},
                                                    {1, 2.6},
                                                    {1, 4},
                                                    {4, 4},
                                                    {4, 1},
                                                    {1, 1},
                                                    {1, 2.4},
                                                    {0, 2.4}})}));
  std::vector<Path> cheese{box(f, -.1, -.2, 9.1, 9.3)};
  for (int i = 0; i < 81; ++i) {
    const double u = i % 9, v = i / 9, r = .02 + .0055 * i;  // NOLINT: whole rows
    cheese.push_back(
        f.path({{u + .5 - r, v + .5}, {u + .5, v + .5 + r}, {u + .5 + r, v + .5}, {u + .5, v + .5 - r}}));
  }
  list.add("Swiss cheese", polygon_wkt(cheese));
  list.add("collection of all kinds",
           collection_wkt({point_wkt(f.at(0, 0)), line_wkt(f.path({{1.5, 1.5}, {4, 2}})),
                           polygon_wkt({box(f, 3, 3, 5, 5)})}));
  list.add("nested collections",
           collection_wkt({collection_wkt({polygon_wkt({box(f, 0, 0, 2, 2)}), "GEOMETRYCOLLECTION EMPTY"}),
                           collection_wkt({collection_wkt({point_wkt(f.at(6.5, 6.5))}), "POLYGON EMPTY"}),
                           multiline_wkt({f.path({{4, 4}, {5, 6}})})}));
  list.add("collection of polygons that share an edge",
           collection_wkt({polygon_wkt({box(f, 0, 0, 1.5, 3)}), polygon_wkt({box(f, 1.5, 0, 4, 3)})}));
  list.add("collection of polygons that overlap",
           collection_wkt({polygon_wkt({box(f, 0, 0, 2.3, 3)}), polygon_wkt({box(f, 1.5, 1, 5, 4)})}));
  list.add("collection of a polygon and a line across it",
           collection_wkt({polygon_wkt({box(f, 0, 0, 4, 4)}), line_wkt(f.path({{0, 2.5}, {4, 2.5}}))}));
}

}  // namespace

void add_grid_shapes(const CellFrame& frame, List& list) {
  add_boxes(frame, list);
  add_slivers(frame, list);
  add_through(frame, list, "a corner", frame.at(2, 2));
  add_through(frame, list, "a centre", frame.at(2.5, 2.5));
  add_through(frame, list, "a border", frame.at(2, 2.5));
  add_lines(frame, list);
  add_figures(frame, list);
}

void add_invalid_grid_shapes(const CellFrame& f, List& list) {
  list.add("bow-tie", polygon_wkt({f.path({{0, 0}, {4, 4}, {4, 0}, {0, 4}})}));
  list.add("bow-tie on centres", polygon_wkt({f.path({{.5, .5}, {2.5, 2.5}, {2.5, .5}, {.5, 2.5}})}));
  list.add("pentagram", polygon_wkt({f.path({{4, 0}, {6.4, 7.2}, {.2, 2.8}, {7.8, 2.8}, {1.6, 7.2}})}));
  list.add("spike outward",
           polygon_wkt({f.path({{0, 0}, {3, 0}, {3, 1.5}, {6, 1.5}, {3, 1.5}, {3, 3}, {0, 3}})}));
  list.add("spike inward", polygon_wkt({f.path({{0, 0}, {4, 0}, {4, 2}, {1.5, 2}, {4, 2}, {4, 4}, {0, 4}})}));
  list.add("ring of equal points", polygon_wkt({f.path({{1, 1}, {1, 1}, {1, 1}})}));
  list.add("ring of equal points at a centre", polygon_wkt({f.path({{1.5, 1.5}, {1.5, 1.5}, {1.5, 1.5}})}));
  list.add("flat ring on a border", polygon_wkt({f.path({{0, 1}, {3, 1}, {1.5, 1}})}));
  list.add("flat ring over centres", polygon_wkt({f.path({{.5, 1.5}, {3.5, 1.5}, {2, 1.5}})}));
  list.add("flat diagonal ring", polygon_wkt({f.path({{0, 0}, {3.3, 2.7}, {0, 0}})}));
  list.add("overlapping multipolygon", multipolygon_wkt({{box(f, 0, 0, 3, 3)}, {box(f, 1.5, 1.5, 5, 5)}}));
  list.add("multipolygon that shares an edge",
           multipolygon_wkt({{box(f, 0, 0, 1.5, 3)}, {box(f, 1.5, 0, 4, 3)}}));
  list.add("the same polygon twice", multipolygon_wkt({{box(f, 0, 0, 3, 3)}, {box(f, 0, 0, 3, 3)}}));
  list.add("ring traversed twice",
           polygon_wkt({f.path({{0, 0}, {0, 3}, {3, 3}, {3, 0}, {0, 0}, {0, 3}, {3, 3}, {3, 0}})}));
  list.add("shell repeated as hole", polygon_wkt({box(f, 0, 0, 3, 3), box(f, 0, 0, 3, 3)}));
  list.add("overlapping holes", polygon_wkt({box(f, 0, 0, 6, 6), box(f, 1, 1, 4, 4), box(f, 2, 2, 5, 5)}));
  list.add("hole in a hole", polygon_wkt({box(f, 0, 0, 6, 6), box(f, 1, 1, 5, 5), box(f, 2, 2, 4, 4)}));
  list.add("hole outside the shell", polygon_wkt({box(f, 0, 0, 2, 2), box(f, 3, 3, 5, 5)}));
  list.add("hole across the shell", polygon_wkt({box(f, 0, 0, 3, 3), box(f, 2, 2, 5, 5)}));
  list.add("hole that shares an edge with the shell", polygon_wkt({box(f, 0, 0, 4, 4), box(f, 0, 1, 2, 3)}));
  list.add("line of equal points", line_wkt(f.path({{1, 1}, {1, 1}})));
}

}  // namespace geocell::shapes
