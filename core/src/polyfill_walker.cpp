// How the walk decides.
//
// The cells of all resolutions are boxes on a rectilinear longitude/latitude grid whose lines nest exactly
// (row_lat_deg is a function of y/2^z alone). The walk descends that quadtree, three levels at a time, in the
// order of ids, so cells come out sorted. Each node carries exactly the edges that meet its box: the closed
// box where touching counts, else the open one. A node without edges is wholly inside or outside and costs
// one run, whatever its size. The last step, to a block of 8 x 8 cells, gives a mask of cells.
//
// Inside or outside is carried along: each node knows it for its south-west corner moved by (e1, e2), e1 >>
// e2 > 0 infinitesimal (simulation of simplicity: such a point is on no edge, and lies in the open box). It
// follows for the boxes that a node is split into by counting the edges crossed on the way; all of those meet
// the open box, so they are in the node's list.
#include "polyfill_walker.hpp"

#include <array>
#include <bit>
#include <limits>

#include "geocell/quadbin.hpp"
#include "orientation.hpp"

namespace geocell::quadbin {
namespace {

// Edge tests between two looks at the cancel flag, about 0.2 ms.
constexpr std::uint64_t kWorkPerPoll = 1 << 14;

// Whether a walk must keep the edges that only touch a box from outside.
constexpr bool touching_counts(CellTest test) {
  return test == CellTest::intersects || test == CellTest::interior;
}

// Of a node at each level; halving is exact.
constexpr auto kWidthDeg = [] {
  std::array<double, kMaxResolution + 1> widths{};
  double width = 360;
  for (double& at_level : widths) {
    at_level = width;
    width /= 2;
  }
  return widths;
}();
double width_deg(int level) { return kWidthDeg[static_cast<std::size_t>(level)]; }
constexpr auto kPerDeg = [] {
  auto factors = kWidthDeg;
  for (double& factor : factors) factor = 1 / factor;
  return factors;
}();

// Among its brothers, from the north-west: the even and the odd bits of the child's number.
struct Place {
  std::uint32_t x, y;
};
Place place_of_child(int child) {
  const auto number = static_cast<std::uint32_t>(child);
  return {(number & 1) | (number >> 1 & 2) | (number >> 2 & 4),
          (number >> 1 & 1) | (number >> 2 & 2) | (number >> 3 & 4)};
}
// Its bit in a BoxMask.
std::size_t box_of_child(int child, int levels) {
  const auto [x, y] = place_of_child(child);
  return 8 * ((std::size_t{1} << levels) - 1 - y) + x;
}

// Even-odd rule for a point moved by (e1, e2), by the ray to the east.
bool moved_point_is_inside(std::span<const Edge> edges, LngLat point) {
  bool inside = false;
  for (const Edge& edge : edges) {
    if (edge.a.lat_deg > point.lat_deg || edge.b.lat_deg <= point.lat_deg) continue;
    // On the edge counts as right of it, since e1 >> e2: then the ray to the east does not cross it.
    if (orientation(edge.a, edge.b, point) > 0) inside = !inside;
  }
  return inside;
}

}  // namespace

PolyfillWalker::PolyfillWalker(const Part& part, int world, int resolution, CellTest test, RowLats& rows)
    : part_(&part),
      resolution_(resolution),
      test_(test),
      rows_(&rows),
      start_(start_node(world)),
      first_id_(first_id_of(start_)) {}

// The smallest node that holds the part in its open box, or that all of the part's cells lie in.
PolyfillWalker::Node PolyfillWalker::start_node(int world) const {
  const Box& bounds = part_->bounds;
  const double shift_deg = 360.0 * world;
  double north_deg = row_lat_deg(0, 0);
  Node node{0, 0, 0, shift_deg - 180, row_lat_deg(0, 1), false};
  while (node.level + kBlockLevels < resolution_) {
    const double middle_lng_deg = node.west_deg + width_deg(node.level + 1);
    const double middle_lat_deg = rows_->centers_deg(node.level, node.y, 0)[0];
    Node child{node.level + 1, 2 * node.x, 2 * node.y, node.west_deg, node.south_deg, false};
    double child_north_deg = north_deg;
    if (bounds.west_deg > middle_lng_deg) {
      child.x += 1;
      child.west_deg = middle_lng_deg;
    } else if (bounds.east_deg >= middle_lng_deg) {
      break;
    }
    if (bounds.north_deg < middle_lat_deg) {
      child.y += 1;
      child_north_deg = middle_lat_deg;
    } else if (bounds.south_deg > middle_lat_deg) {
      child.south_deg = middle_lat_deg;
    } else {
      break;
    }
    node = child;
    north_deg = child_north_deg;
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

Split PolyfillWalker::split(const Node& node, int levels) const {
  const int level = node.level + levels;
  return {node.west_deg,
          node.south_deg,
          width_deg(level),
          kPerDeg[static_cast<std::size_t>(level)],
          levels,
          test_ == CellTest::center && level == resolution_ ? nullptr
                                                            : &rows_->lines_deg(node.level, node.y, levels)};
}

// The boxes that any edge of the list meets, and those that each of them meets in met_.
template <bool kClosed>
BoxMask PolyfillWalker::meet_edges(const Split& split, List list, BoxMask& inside) {
  BoxMask all = 0;
  BoxMask toggled = 0;
  // The box that the edge before lay in: the next one of the ring often does, too.
  constexpr double kNowhere = std::numeric_limits<double>::infinity();
  Box home{kNowhere, kNowhere, -kNowhere, -kNowhere};
  BoxMask at_home = 0;
  met_.resize(list.end - list.begin);
  for (std::size_t i = list.begin; i != list.end; ++i) {
    const Edge& edge = part_->edges[edge_stack_[i]];
    const bool stays = edge.a.lat_deg > home.south_deg && edge.b.lat_deg < home.north_deg &&
                       edge.a.lng_deg > home.west_deg && edge.a.lng_deg < home.east_deg &&
                       edge.b.lng_deg > home.west_deg && edge.b.lng_deg < home.east_deg;
    if (stays) {
      met_[i - list.begin] = at_home;
      continue;
    }
    const BoxMask met = boxes_met<kClosed>(edge, split, toggled) & existing_boxes(split.levels);
    met_[i - list.begin] = met;
    all |= met;
    if (std::has_single_bit(met)) {
      const int box = std::countr_zero(met);
      const auto row = static_cast<std::size_t>(box / 8);
      const double west_deg = split.west_deg + box % 8 * split.width_deg;
      home = {west_deg, (*split.lines_deg)[row], west_deg + split.width_deg, (*split.lines_deg)[row + 1]};
      at_home = met;
    }
  }
  if (part_->area) inside ^= toggled;
  return all;
}

void PolyfillWalker::emit_block(const Node& node, List list, CellRuns& out) {
  const int levels = resolution_ - node.level;
  BoxMask inside = node.inside ? kAllBoxes : 0;
  BoxMask cells = 0;
  if (test_ == CellTest::center) {
    const Split block = split(node, levels);
    const BlockCenters& centers_deg = rows_->centers_deg(node.level, node.y, levels);
    BoxMask toggled = 0;
    for (std::size_t i = list.begin; i != list.end; ++i) {
      cells |= centers_met(part_->edges[edge_stack_[i]], block, centers_deg, toggled);
    }
    if (part_->area) cells |= inside ^ toggled;
  } else {
    const Split block = split(node, levels);
    const BoxMask met = touching_counts(test_) ? meet_edges<true>(block, list, inside)
                                               : meet_edges<false>(block, list, inside);
    cells = test_ == CellTest::intersects ? met | inside : inside & ~met;
  }
  cells = in_id_order(cells, levels);
  if (cells != 0) out.append_mask(first_id_of(node), cells, id_stride(resolution_));
  work_ += list.end - list.begin;
}

// A run, a block, nothing, or a frame to go through the node's children.
void PolyfillWalker::visit(const Node& node, List list, CellRuns& out) {
  if (list.begin == list.end) {
    if (node.inside) emit(node, out);
  } else if (node.level + kBlockLevels >= resolution_) {
    emit_block(node, list, out);
  } else {
    push(node, list);
  }
}

// Splits a node and sorts its edges to its children.
void PolyfillWalker::push(const Node& node, List list) {
  // So many levels that whole steps of kBlockLevels are left.
  const int levels = (resolution_ - node.level - 1) % kBlockLevels + 1;
  const Split children = split(node, levels);
  BoxMask inside = node.inside ? kAllBoxes : 0;
  BoxMask touched = touching_counts(test_) ? meet_edges<true>(children, list, inside)
                                           : meet_edges<false>(children, list, inside);

  Frame& frame = frames_.emplace_back();
  frame.node = node;
  frame.levels = levels;
  frame.width_deg = children.width_deg;
  frame.touched = in_id_order(touched, levels);
  frame.inside = in_id_order(inside, levels);
  frame.rest = frame.touched | frame.inside;
  std::array<std::uint32_t, 64> sizes{};  // by box
  for (const BoxMask met : met_) {
    for (BoxMask rest = met; rest != 0; rest &= rest - 1) {
      ++sizes[static_cast<std::size_t>(std::countr_zero(rest))];
    }
  }
  std::array<std::size_t, 64> ends;  // by box, as far as it is filled
  std::size_t end = edge_stack_.size();
  frame.lists.begin = frame.next = end;
  for (std::uint64_t rest = frame.touched; rest != 0; rest &= rest - 1) {
    const int child = std::countr_zero(rest);
    const std::size_t box = box_of_child(child, levels);
    frame.sizes[static_cast<std::size_t>(child)] = sizes[box];
    ends[box] = end;
    end += sizes[box];
  }
  frame.lists.end = end;
  edge_stack_.resize(end);
  for (std::size_t i = 0; i < met_.size(); ++i) {
    const std::uint32_t edge = edge_stack_[list.begin + i];
    for (BoxMask rest = met_[i]; rest != 0; rest &= rest - 1) {
      edge_stack_[ends[static_cast<std::size_t>(std::countr_zero(rest))]++] = edge;
    }
  }
  work_ += met_.size() + (end - frame.lists.begin);
}

void PolyfillWalker::collect_start_edges() {
  edge_stack_.resize(part_->edges.size());
  for (std::uint32_t i = 0; i < edge_stack_.size(); ++i) edge_stack_[i] = i;
  const Box& bounds = part_->bounds;
  const double east_deg = start_.west_deg + width_deg(start_.level);
  const double north_deg = rows_->lines_deg(start_.level, start_.y, 0)[1];
  if (bounds.west_deg > start_.west_deg && bounds.east_deg < east_deg &&
      bounds.south_deg > start_.south_deg && bounds.north_deg < north_deg) {
    return;  // the corner is outside, and all edges meet the node
  }
  const Split whole{start_.west_deg,
                    start_.south_deg,
                    width_deg(start_.level),
                    kPerDeg[static_cast<std::size_t>(start_.level)],
                    0,
                    &rows_->lines_deg(start_.level, start_.y, 0)};
  BoxMask inside = 0;
  const List all{0, edge_stack_.size()};
  touching_counts(test_) ? meet_edges<true>(whole, all, inside) : meet_edges<false>(whole, all, inside);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < met_.size(); ++i) {
    if ((met_[i] & 1) != 0) edge_stack_[kept++] = edge_stack_[i];
  }
  edge_stack_.resize(kept);
  start_.inside = part_->area && moved_point_is_inside(part_->edges, {start_.west_deg, start_.south_deg});
}

PolyfillWalker::End PolyfillWalker::walk(const CallContext& context, CellRuns& out, std::size_t enough) {
  if (!started_) {
    started_ = true;
    collect_start_edges();
    visit(start_, {0, edge_stack_.size()}, out);
  }
  while (!frames_.empty()) {
    if (out.runs().size() > enough) return End::more;
    if (++work_ >= kWorkPerPoll) {
      work_ = 0;
      if (context.is_cancelled()) return End::cancelled;
    }
    Frame& frame = frames_.back();
    if (frame.rest == 0) {
      edge_stack_.resize(frame.lists.begin);
      frames_.pop_back();
      continue;
    }
    const int child = std::countr_zero(frame.rest);
    frame.rest &= frame.rest - 1;
    const std::uint64_t bit = std::uint64_t{1} << child;
    const auto [x, y] = place_of_child(child);
    const std::uint32_t rows = 1U << frame.levels;
    const Node node{frame.node.level + frame.levels,
                    frame.node.x * rows + x,
                    frame.node.y * rows + y,
                    frame.node.west_deg + x * frame.width_deg,
                    rows_->lines_deg(frame.node.level, frame.node.y, frame.levels)[rows - 1 - y],
                    (frame.inside & bit) != 0};
    const std::size_t edges = (frame.touched & bit) != 0 ? frame.sizes[static_cast<std::size_t>(child)] : 0;
    const List list{frame.next, frame.next + edges};
    frame.next = list.end;
    visit(node, list, out);
  }
  return End::done;
}

}  // namespace geocell::quadbin
