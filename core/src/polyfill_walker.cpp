// How the walk decides.
//
// The cells of all resolutions are boxes on a rectilinear longitude/latitude grid whose lines nest exactly
// (row_lat_deg is a function of y/2^z alone). The walk descends that quadtree in Morton order, so cells come
// out sorted. Each node carries exactly the edges that meet its box: the closed box where touching counts,
// else the open one. A node without edges is wholly inside or outside and costs one run, whatever its size.
// A node of 8 x 8 cells that still has edges is decided at once (polyfill_block.hpp).
//
// An edge meets a box unless one of three axes separates them: x, y, or the edge's normal; along the normal
// only two opposite corners matter. So every question becomes the sign of an orientation of a grid point
// about an edge, which orientation.hpp answers exactly.
//
// Inside or outside is carried along: each node knows it for its south-west corner moved by (e1, e2), e1 >>
// e2 > 0 infinitesimal (simulation of simplicity: such a point is on no edge, and lies in the open box). The
// corners of the children follow by counting the edges crossed on the way there, along x and then y; all of
// those meet the open box, so they are in the node's list.
#include "polyfill_walker.hpp"

#include <algorithm>
#include <cmath>

#include "geocell/quadbin.hpp"
#include "orientation.hpp"

namespace geocell::quadbin {
namespace {

// Children in Morton order: bit 0 is east, bit 1 is south.
constexpr unsigned kNorthWest = 0, kNorthEast = 1, kSouthWest = 2, kSouthEast = 3;
constexpr std::uint64_t kWorkPerPoll =
    1 << 14;  // edge tests between two looks at the cancel flag, about 0.2 ms

// The signs of the orientations of an edge about the 3 x 3 grid points of a node: column 0 west, 1 middle, 2
// east; row 0 south, 1 middle, 2 north. The products are shared between the nine.
class Sides {
 public:
  Sides(const Edge& edge, const std::array<double, 3>& lngs, const std::array<double, 3>& lats)
      : edge_(edge),
        lngs_(lngs),
        lats_(lats),
        dx_(edge.b.lng_deg - edge.a.lng_deg),
        dy_(edge.b.lat_deg - edge.a.lat_deg) {
    for (std::size_t i = 0; i < 3; ++i) {
      left_[i] = dx_ * (lats[i] - edge.a.lat_deg);
      right_[i] = dy_ * (lngs[i] - edge.a.lng_deg);
    }
  }

  // +1 when the grid point is left of the edge, seen from its southern to its northern end.
  int at(std::size_t column, std::size_t row) const {
    return orientation_sign(left_[row], right_[column], edge_.a, edge_.b, {lngs_[column], lats_[row]});
  }
  // The same for the point moved by (e1, e2): never 0 for an edge of any length. The move adds dx*e2 - dy*e1.
  bool moved_is_left(std::size_t column, std::size_t row) const {
    const int sign = at(column, row);
    if (sign != 0) return sign > 0;
    return edge_.b.lat_deg != edge_.a.lat_deg ? false : edge_.b.lng_deg > edge_.a.lng_deg;
  }
  bool rising() const { return edge_.b.lng_deg > edge_.a.lng_deg; }

 private:
  const Edge& edge_;
  const std::array<double, 3>& lngs_;
  const std::array<double, 3>& lats_;
  double dx_, dy_;
  std::array<double, 3> left_, right_;
};

template <bool kClosed>
bool below(double value, double line) {
  return kClosed ? value <= line : value < line;
}

// `left_corner` is the corner of the box that lies furthest to the left of the edge, `right_corner` furthest
// right.
template <bool kClosed>
bool straddles(int left_corner, int right_corner) {
  return kClosed ? left_corner >= 0 && right_corner <= 0 : left_corner > 0 && right_corner < 0;
}

// Which children of a node an edge meets (bit c for child c). REQUIRES: the edge meets the node's box.
template <bool kClosed>
unsigned touched_children(const Edge& edge, const Sides& sides, LngLat middle) {
  const auto [min_lng, max_lng] = std::minmax(edge.a.lng_deg, edge.b.lng_deg);
  const bool west = below<kClosed>(min_lng, middle.lng_deg);
  const bool east = below<kClosed>(middle.lng_deg, max_lng);
  const bool south = below<kClosed>(edge.a.lat_deg, middle.lat_deg);
  const bool north = below<kClosed>(middle.lat_deg, edge.b.lat_deg);
  const unsigned columns = (west ? 0b0101U : 0U) | (east ? 0b1010U : 0U);
  const unsigned rows = (north ? 0b0011U : 0U) | (south ? 0b1100U : 0U);
  const unsigned candidates = columns & rows;
  // One candidate: what the edge shares with the node lies there. Axis-parallel: the normal is one of the two
  // axes.
  if ((candidates & (candidates - 1)) == 0 || is_axis_parallel(edge)) return candidates;

  unsigned touched = 0;
  if (sides.rising()) {  // furthest left of it is north-west, furthest right south-east
    const int center = sides.at(1, 1);
    if (candidates & 1U << kNorthWest && straddles<kClosed>(sides.at(0, 2), center))
      touched |= 1U << kNorthWest;
    if (candidates & 1U << kNorthEast && straddles<kClosed>(sides.at(1, 2), sides.at(2, 1)))
      touched |= 1U << kNorthEast;
    if (candidates & 1U << kSouthWest && straddles<kClosed>(sides.at(0, 1), sides.at(1, 0)))
      touched |= 1U << kSouthWest;
    if (candidates & 1U << kSouthEast && straddles<kClosed>(center, sides.at(2, 0)))
      touched |= 1U << kSouthEast;
  } else {  // furthest left is south-west, furthest right north-east
    const int center = sides.at(1, 1);
    if (candidates & 1U << kNorthWest && straddles<kClosed>(sides.at(0, 1), sides.at(1, 2)))
      touched |= 1U << kNorthWest;
    if (candidates & 1U << kNorthEast && straddles<kClosed>(center, sides.at(2, 2)))
      touched |= 1U << kNorthEast;
    if (candidates & 1U << kSouthWest && straddles<kClosed>(sides.at(0, 0), center))
      touched |= 1U << kSouthWest;
    if (candidates & 1U << kSouthEast && straddles<kClosed>(sides.at(1, 0), sides.at(2, 1)))
      touched |= 1U << kSouthEast;
  }
  return touched;
}

// Which of the three steps between the moved corners cross the edge: bit 0 the south side from west to
// middle, bit 1 the west side from south to middle, bit 2 the middle column from south to middle.
constexpr unsigned kStepEast = 1, kStepNorth = 2, kStepNorthInMiddle = 4;
unsigned crossed_steps(const Edge& edge, const Sides& sides, const Box& box, double middle_lng_deg) {
  const double a_lng = edge.a.lng_deg;
  const double b_lng = edge.b.lng_deg;
  unsigned crossed = 0;
  // A vertex on a line counts as west or south of the moved line.
  if (edge.a.lat_deg <= box.south_deg && edge.b.lat_deg > box.south_deg &&
      sides.moved_is_left(0, 0) != sides.moved_is_left(1, 0)) {
    crossed |= kStepEast;
  }
  if ((a_lng > box.west_deg) != (b_lng > box.west_deg) &&
      sides.moved_is_left(0, 0) != sides.moved_is_left(0, 1)) {
    crossed |= kStepNorth;
  }
  if ((a_lng > middle_lng_deg) != (b_lng > middle_lng_deg) &&
      sides.moved_is_left(1, 0) != sides.moved_is_left(1, 1)) {
    crossed |= kStepNorthInMiddle;
  }
  return crossed;
}

template <bool kClosed>
bool meets_box(const Edge& edge, const Box& box) {
  const auto [min_lng, max_lng] = std::minmax(edge.a.lng_deg, edge.b.lng_deg);
  if (!below<kClosed>(min_lng, box.east_deg) || !below<kClosed>(box.west_deg, max_lng)) return false;
  if (!below<kClosed>(edge.a.lat_deg, box.north_deg) || !below<kClosed>(box.south_deg, edge.b.lat_deg))
    return false;
  if (is_axis_parallel(edge)) return true;
  if (edge.b.lng_deg > edge.a.lng_deg) {
    return straddles<kClosed>(orientation(edge.a, edge.b, {box.west_deg, box.north_deg}),
                              orientation(edge.a, edge.b, {box.east_deg, box.south_deg}));
  }
  return straddles<kClosed>(orientation(edge.a, edge.b, {box.west_deg, box.south_deg}),
                            orientation(edge.a, edge.b, {box.east_deg, box.north_deg}));
}

// Even-odd rule for the moved south-west corner, by the ray to the east.
bool moved_corner_is_inside(std::span<const Edge> edges, const Box& box) {
  const LngLat corner{box.west_deg, box.south_deg};
  bool inside = false;
  for (const Edge& edge : edges) {
    if (edge.a.lat_deg > corner.lat_deg || edge.b.lat_deg <= corner.lat_deg) continue;
    // On the edge counts as right of it, since e1 >> e2: then the ray to the east does not cross it.
    if (orientation(edge.a, edge.b, corner) > 0) inside = !inside;
  }
  return inside;
}

bool strictly_inside(const Box& inner, const Box& outer) {
  return inner.west_deg > outer.west_deg && inner.east_deg < outer.east_deg &&
         inner.south_deg > outer.south_deg && inner.north_deg < outer.north_deg;
}

}  // namespace

PolyfillWalker::PolyfillWalker(const Part& part, int world, int resolution, CellTest test, RowLats& rows)
    : part_(&part),
      resolution_(resolution),
      block_level_(std::max(0, resolution - kBlockLevels)),
      test_(test),
      rows_(&rows),
      start_(start_node(world)),
      first_id_(first_id_of(start_)) {}

LngLat PolyfillWalker::middle_of(const Node& node) const {
  return {(node.box.west_deg + node.box.east_deg) / 2, rows_->middle_deg(node.level, node.y)};
}

PolyfillWalker::Node PolyfillWalker::child_of(const Frame& frame, unsigned child) {
  const Node& node = frame.node;
  const bool east = (child & 1) != 0;
  const bool south = (child & 2) != 0;
  return {
      node.level + 1,
      2 * node.x + (east ? 1U : 0U),
      2 * node.y + (south ? 1U : 0U),
      {east ? frame.middle.lng_deg : node.box.west_deg, south ? node.box.south_deg : frame.middle.lat_deg,
       east ? node.box.east_deg : frame.middle.lng_deg, south ? frame.middle.lat_deg : node.box.north_deg},
      (frame.inside >> child & 1) != 0};
}

// The smallest node whose open box holds the part, where there is one: its corner is outside, and all edges
// are in its list.
PolyfillWalker::Node PolyfillWalker::start_node(int world) const {
  const double shift = 360.0 * world;
  Node node{0, 0, 0, {shift - 180, row_lat_deg(0, 1), shift + 180, row_lat_deg(0, 0)}, false};
  while (node.level < block_level_) {
    const LngLat middle = middle_of(node);
    const unsigned child = (part_->bounds.west_deg > middle.lng_deg ? 1U : 0U) |
                           (part_->bounds.north_deg < middle.lat_deg ? 2U : 0U);
    const Node smaller = child_of(Frame{node, middle, 0, 0, 0, 0, 0}, child);
    if (!strictly_inside(part_->bounds, smaller.box)) break;
    node = smaller;
  }
  return node;
}

std::int64_t PolyfillWalker::first_id_of(const Node& node) const {
  const int deeper = resolution_ - node.level;
  return encode_unchecked({resolution_, node.x << deeper, node.y << deeper});
}

void PolyfillWalker::emit(const Node& node, CellRuns& out) const {
  out.append(first_id_of(node), std::uint64_t{1} << (2 * (resolution_ - node.level)), id_stride(resolution_));
}

void PolyfillWalker::emit_block(const Node& node, std::span<const std::uint32_t> list, CellRuns& out) {
  const int columns = 1 << (resolution_ - node.level);
  const std::uint32_t row = node.y << (resolution_ - node.level);
  const bool centers = test_ == CellTest::center;
  const Block block{node.box.west_deg,
                    node.box.south_deg,
                    (node.box.east_deg - node.box.west_deg) / columns,
                    columns,
                    node.inside,
                    centers ? nullptr : &rows_->lines(row),
                    centers ? &rows_->centers(row) : nullptr};
  const std::uint64_t cells = cells_of_block(test_, block, part_->area, part_->edges, list);
  if (cells != 0) out.append_mask(first_id_of(node), cells, id_stride(resolution_));
  work_ += list.size() * static_cast<std::size_t>(columns);
}

// A node whose edges are on top of the stack, from `list`: a run, a block, nothing, or a frame to go through
// its children.
void PolyfillWalker::visit(const Node& node, std::size_t list, CellRuns& out) {
  if (edge_stack_.size() == list) {
    if (node.inside) emit(node, out);
  } else if (node.level < block_level_) {
    needs_touching_edges(test_) ? push<true>(node, list) : push<false>(node, list);
  } else {
    emit_block(node, std::span(edge_stack_).subspan(list), out);
    edge_stack_.resize(list);
  }
}

// Enters a node: sorts its edges to its children.
template <bool kClosed>
void PolyfillWalker::push(const Node& node, std::size_t list) {
  const LngLat middle = middle_of(node);
  const std::array<double, 3> lngs{node.box.west_deg, middle.lng_deg, node.box.east_deg};
  const std::array<double, 3> lats{node.box.south_deg, middle.lat_deg, node.box.north_deg};
  const std::size_t size = edge_stack_.size() - list;
  touched_stack_.resize(edge_stack_.size());
  unsigned all_touched = 0;
  unsigned crossed = 0;
  for (std::size_t i = list; i < list + size; ++i) {
    const Edge& edge = part_->edges[edge_stack_[i]];
    const Sides sides(edge, lngs, lats);
    const unsigned touched = touched_children<kClosed>(edge, sides, middle);
    touched_stack_[i] = static_cast<std::uint8_t>(touched);
    all_touched |= touched;
    if (part_->area) crossed ^= crossed_steps(edge, sides, node.box, middle.lng_deg);
  }
  work_ += size;

  const bool south_west = node.inside;
  const bool south_east = south_west != ((crossed & kStepEast) != 0);
  const bool north_west = south_west != ((crossed & kStepNorth) != 0);
  const bool north_east = south_east != ((crossed & kStepNorthInMiddle) != 0);
  const unsigned inside = (north_west ? 1U << kNorthWest : 0U) | (north_east ? 1U << kNorthEast : 0U) |
                          (south_west ? 1U << kSouthWest : 0U) | (south_east ? 1U << kSouthEast : 0U);
  frames_.push_back({node, middle, list, size, static_cast<std::uint8_t>(all_touched),
                     static_cast<std::uint8_t>(inside), 0});
}

template <bool kClosed>
void PolyfillWalker::collect_start_edges() {
  const auto& edges = part_->edges;
  const bool whole = strictly_inside(part_->bounds, start_.box);
  for (std::uint32_t i = 0; i < edges.size(); ++i) {
    if (whole || meets_box<kClosed>(edges[i], start_.box)) edge_stack_.push_back(i);
  }
  start_.inside = !whole && part_->area && moved_corner_is_inside(edges, start_.box);
}

PolyfillWalker::End PolyfillWalker::walk(const CallContext& context, CellRuns& out, std::size_t enough) {
  if (!started_) {
    started_ = true;
    needs_touching_edges(test_) ? collect_start_edges<true>() : collect_start_edges<false>();
    visit(start_, 0, out);
  }
  while (!frames_.empty()) {
    if (out.runs().size() > enough) return End::more;
    if (++work_ >= kWorkPerPoll) {
      work_ = 0;
      if (context.is_cancelled()) return End::cancelled;
    }
    Frame& frame = frames_.back();
    if (frame.next_child == 4) {
      edge_stack_.resize(frame.list);
      frames_.pop_back();
      continue;
    }
    const unsigned child = frame.next_child++;
    const bool touched = (frame.touched >> child & 1) != 0;
    const bool inside = (frame.inside >> child & 1) != 0;
    if (!touched && !inside) continue;
    const Node node = child_of(frame, child);
    const std::size_t list = edge_stack_.size();
    if (touched) {
      const std::size_t parent_end = frame.list + frame.size;
      for (std::size_t i = frame.list; i < parent_end; ++i) {
        if ((touched_stack_[i] >> child & 1) != 0) edge_stack_.push_back(edge_stack_[i]);
      }
    }
    visit(node, list, out);
  }
  return End::done;
}

}  // namespace geocell::quadbin
