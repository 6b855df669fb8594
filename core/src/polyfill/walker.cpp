// How the walk decides.
//
// The cells of all resolutions are boxes of a rectilinear longitude/latitude grid whose lines nest exactly
// (row_lat_deg is a function of y/2^z alone). The walk descends that quadtree in id order, three levels at a
// time, so the cells come out sorted. Each node carries exactly the boundary segments that meet its box (the
// closed box where touching counts, else the open one), as chains of consecutive segments: so a part of the
// boundary that stays within one child costs one look at each of its points. A node without segments is
// wholly inside or outside and costs at most one run, whatever its size. The last step, to a window of 64 x
// 64 cells, gives bitmaps (window.hpp). A part that fits into one window needs no walk.
//
// Whether a node is inside is carried along, for its south-west corner moved by (e1, e2), e1 >> e2 > 0
// infinitesimal. (Simulation of simplicity: a point so moved is on no segment, and it lies in the open box.)
// For the boxes that a node is split into it follows from the segments crossed on the way there from the
// node's own corner (trace.hpp); all of those meet the node's open box, so they are in its list.
#include "core/src/polyfill/walker.hpp"

#include <array>
#include <bit>

#include "core/src/geometry/orientation.hpp"
#include "geocell/quadbin.hpp"

namespace geocell::polyfill {
namespace {

// Segments and nodes between two looks at the cancel flag: about 0.2 ms.
constexpr std::uint64_t kWorkPerPoll = 1 << 14;
constexpr int kWindowLevels = 6;
static_assert(1 << kWindowLevels == 64);

// A child's column and row among its siblings, from the north-west. Its number is in id order: x in the even
// bits, y in the odd ones.
struct ChildOffset {
  std::uint32_t x, y;
};
ChildOffset offset_of_child(int child) {
  const auto number = static_cast<std::uint32_t>(child);
  return {(number & 1) | (number >> 1 & 2) | (number >> 2 & 4),
          (number >> 1 & 1) | (number >> 2 & 2) | (number >> 3 & 4)};
}
// A child's bit in a BoxMask, which is in row-major order.
std::size_t box_of_child(int child, int levels) {
  const auto [x, y] = offset_of_child(child);
  return 8 * ((std::size_t{1} << levels) - 1 - y) + x;
}

// Whether a point moved by (e1, e2) is inside by the even-odd rule: counts along the ray to the east.
bool moved_point_is_inside(const Part& part, LngLat point) {
  bool inside = false;
  for (const Ring& ring : part.rings) {
    for (std::size_t i = ring.first; i + 1 < ring.first + ring.count; ++i) {
      LngLat a = part.points.at[i], b = part.points.at[i + 1];
      if (a.lat_deg > b.lat_deg) std::swap(a, b);
      if (a.lat_deg > point.lat_deg || b.lat_deg <= point.lat_deg) continue;
      // A point on the segment counts as east of it, since e1 >> e2: its ray does not cross the segment.
      if (orientation(a, b, point) > 0) inside = !inside;
    }
  }
  return inside;
}

Chain chain_of(const Ring& ring) {
  return {static_cast<std::uint32_t>(ring.first), static_cast<std::uint32_t>(ring.first + ring.count - 1)};
}

// A sink of trace_boxes(): what one segment does to the boxes that a node is split into.
struct Boxes {
  BoxMask touched = 0;
  BoxMask toggled = 0;

  // Columns -1 and 8 fall off.
  void met(int row, int first, int last) {
    touched |= BoxMask{(((2U << (last + 1)) - (1U << (first + 1))) >> 1) & 0xff} << 8 * row;
  }
  void toggle(int row, int first) { toggled ^= BoxMask{(0xffU << first) & 0xff} << 8 * row; }
  void toggle_rows(int row) { toggled ^= kAllBoxes << 8 * row; }
};

}  // namespace

PolyfillWalker::PolyfillWalker(const Part& part, int world, int resolution, CellTest test, RowLats& rows)
    : part_(&part),
      resolution_(resolution),
      test_(test),
      rows_(&rows),
      window_(window_around(part.bounds, world, resolution)) {
  if (window_) {
    first_id_ = quadbin::encode_unchecked({resolution, window_->x, window_->y});
  } else {
    start_ = start_node(world);
    first_id_ = first_id_of(start_);
  }
}

// The smallest node whose open box holds the part, or that holds all of the part's cells.
PolyfillWalker::Node PolyfillWalker::start_node(int world) const {
  const Box& bounds = part_->bounds;
  const double shift_deg = 360.0 * world;
  double north_deg = quadbin::row_lat_deg(0, 0);
  Node node{0, 0, 0, shift_deg - 180, quadbin::row_lat_deg(0, 1), false};
  while (node.level + kBlockLevels < resolution_) {
    const double middle_lng_deg = node.west_deg + column_width_deg(node.level + 1);
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
  return quadbin::encode_unchecked({resolution_, node.x << deeper, node.y << deeper});
}

void PolyfillWalker::emit(const Node& node, CellRuns& out) const {
  out.append(first_id_of(node), std::uint64_t{1} << (2 * (resolution_ - node.level)),
             quadbin::id_stride(resolution_));
}

PolyfillWalker::SplitResult PolyfillWalker::split(const Node& node, int levels, List list) {
  const int level = node.level + levels;
  const Grid grid{node.west_deg,
                  column_width_deg(level),
                  columns_per_deg(level),
                  1 << levels,
                  1 << levels,
                  rows_->lines_deg(node.level, node.y, levels).data() + 1};
  return touching_counts(test_) ? trace_pieces<true>(grid, levels, list)
                                : trace_pieces<false>(grid, levels, list);
}

// Finds the boxes that the chains of the list meet, and puts what lies in each of them into pieces_.
template <bool kClosed>
PolyfillWalker::SplitResult PolyfillWalker::trace_pieces(const Grid& grid, int levels, List list) {
  constexpr std::uint32_t kNone = ~std::uint32_t{0};
  const BoxMask existing = existing_boxes(levels);
  const Points& points = part_->points;
  SplitResult result;
  std::array<std::uint32_t, 64> latest;  // by box: the piece that was begun last
  latest.fill(kNone);
  pieces_.clear();
  const auto add = [&](std::uint32_t box, std::uint32_t segment) {
    std::uint32_t& piece = latest[box];
    if (piece != kNone && pieces_[piece].chain.end == segment) {
      ++pieces_[piece].chain.end;
      return;
    }
    piece = static_cast<std::uint32_t>(pieces_.size());
    pieces_.push_back({{segment, segment + 1}, box});
  };
  for (std::size_t index = list.begin; index != list.end; ++index) {
    const Chain chain = chains_[index];
    work_ += chain.end - chain.begin;
    Vertex from = vertex_at(grid, points[chain.begin], grid.rows / 2);
    for (std::uint32_t i = chain.begin; i != chain.end; ++i) {
      const Vertex to = vertex_at(grid, points[i + 1], from.row);
      Boxes boxes;
      trace_boxes<kClosed>(grid, from, to, boxes);
      boxes.touched &= existing;
      result.touched |= boxes.touched;
      result.toggled ^= boxes.toggled;
      for (BoxMask rest = boxes.touched; rest != 0; rest &= rest - 1) {
        add(static_cast<std::uint32_t>(std::countr_zero(rest)), i);
      }
      from = to;
      // As long as the boundary stays in the open box that it has reached, it meets no other.
      if (const auto home = home_of(grid, to)) {
        i = points.first_outside(home->box, i + 2, chain.end) - 2;
        pieces_[latest[8 * static_cast<std::size_t>(home->row) + static_cast<std::size_t>(home->column)]]
            .chain.end = i + 1;
        from.point = points[i + 1];
      }
    }
  }
  return result;
}

void PolyfillWalker::fill_window(const WindowPlace& place, std::span<const Chain> chains, CellRuns& out) {
  Window window(place, resolution_, test_, *rows_);
  for (const Chain& chain : chains) {
    work_ += chain.end - chain.begin;
    window.add(part_->points, chain);
  }
  window.emit(part_->area, out);
}

void PolyfillWalker::fill_only_window(CellRuns& out) {
  Window window(*window_, resolution_, test_, *rows_);
  for (const Ring& ring : part_->rings) window.add(part_->points, chain_of(ring));
  window.emit(part_->area, out);
}

// Emits the node as a run, or as a window, or not at all; or pushes a frame for its children.
void PolyfillWalker::visit(const Node& node, List list, CellRuns& out) {
  if (list.begin == list.end) {
    if (node.inside) emit(node, out);
    return;
  }
  const int deeper = resolution_ - node.level;
  if (deeper > kWindowLevels) return push(node, list);
  const int size = 1 << deeper;
  fill_window({node.x << deeper, node.y << deeper, size, size, node.west_deg, node.inside, false},
              std::span(chains_).subspan(list.begin, list.end - list.begin), out);
}

// Splits a node and distributes its chains among its children: a counting sort of pieces_ by box.
void PolyfillWalker::push(const Node& node, List list) {
  // As many levels as leave whole steps of kBlockLevels down to the windows.
  const int levels = (resolution_ - kWindowLevels - node.level - 1) % kBlockLevels + 1;
  const SplitResult boxes = split(node, levels, list);
  const BoxMask inside = part_->area ? boxes.toggled ^ (node.inside ? kAllBoxes : 0) : 0;

  Frame& frame = frames_.emplace_back();
  frame.node = node;
  frame.levels = levels;
  frame.width_deg = column_width_deg(node.level + levels);
  frame.touched = in_id_order(boxes.touched, levels);
  frame.inside = in_id_order(inside, levels);
  frame.rest = frame.touched | frame.inside;
  std::array<std::uint32_t, 64> sizes{};  // by box
  for (const Piece& piece : pieces_) ++sizes[piece.box];
  std::array<std::size_t, 64> ends;  // by box: the end of what its list holds so far
  std::size_t end = chains_.size();
  frame.lists.begin = frame.lists.next = end;
  for (std::uint64_t rest = frame.touched; rest != 0; rest &= rest - 1) {
    const int child = std::countr_zero(rest);
    const std::size_t box = box_of_child(child, levels);
    frame.lists.sizes[static_cast<std::size_t>(child)] = sizes[box];
    ends[box] = end;
    end += sizes[box];
  }
  chains_.resize(end);
  for (const Piece& piece : pieces_) chains_[ends[piece.box]++] = piece.chain;
}

void PolyfillWalker::start(CellRuns& out) {
  if (window_) return fill_only_window(out);
  for (const Ring& ring : part_->rings) chains_.push_back(chain_of(ring));
  const Box& bounds = part_->bounds;
  const double east_deg = start_.west_deg + column_width_deg(start_.level);
  const double north_deg = rows_->lines_deg(start_.level, start_.y, 0)[2];
  const bool holds_all = bounds.west_deg > start_.west_deg && bounds.east_deg < east_deg &&
                         bounds.south_deg > start_.south_deg && bounds.north_deg < north_deg;
  if (!holds_all) {
    split(start_, 0, {0, chains_.size()});
    chains_.clear();
    for (const Piece& piece : pieces_) chains_.push_back(piece.chain);
    start_.inside = part_->area && moved_point_is_inside(*part_, {start_.west_deg, start_.south_deg});
  }
  visit(start_, {0, chains_.size()}, out);
}

PolyfillWalker::End PolyfillWalker::walk(const CallContext& context, CellRuns& out, std::size_t enough) {
  if (!started_) {
    started_ = true;
    start(out);
  }
  while (!frames_.empty()) {
    if (out.runs().size() > enough) return End::more;
    if (++work_ >= kWorkPerPoll) {
      work_ = 0;
      if (context.is_cancelled()) return End::cancelled;
    }
    Frame& frame = frames_.back();
    if (frame.rest == 0) {
      chains_.resize(frame.lists.begin);
      frames_.pop_back();
      continue;
    }
    const int child = std::countr_zero(frame.rest);
    frame.rest &= frame.rest - 1;
    const std::uint64_t bit = std::uint64_t{1} << child;
    const auto [x, y] = offset_of_child(child);
    const std::uint32_t rows = 1U << frame.levels;
    const Node node{frame.node.level + frame.levels,
                    frame.node.x * rows + x,
                    frame.node.y * rows + y,
                    frame.node.west_deg + x * frame.width_deg,
                    rows_->lines_deg(frame.node.level, frame.node.y, frame.levels)[rows - y],
                    (frame.inside & bit) != 0};
    const List list = (frame.touched & bit) != 0 ? frame.lists.take(child) : List{};
    visit(node, list, out);
  }
  return End::done;
}

}  // namespace geocell::polyfill
