// The walk that finds the cells of one part (one polygon, or all lines and points of a geometry) on one copy
// of the world. See polyfill_walker.cpp for how it decides.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "geocell/polyfill.hpp"

namespace geocell::quadbin {

// A boundary segment, directed so that a.lat_deg <= b.lat_deg. A point is a segment with a == b.
struct Edge {
  LngLat a;
  LngLat b;
};

struct Box {
  double west_deg, south_deg, east_deg, north_deg;
};

struct Part {
  bool area;  // the edges bound an inside, by the even-odd rule
  Box bounds;
  std::vector<Edge> edges;
};

enum class WalkEnd : std::uint8_t { done, limit, cancelled };

class PolyfillWalker {
 public:
  PolyfillWalker(const CallContext& context, int resolution, PolyfillMode mode);

  // Appends the part's cells on the world copy whose longitudes are shifted by 360° * world to `out`, in
  // ascending order. Ends early when `out` holds more than context.max_cells, or on cancellation.
  WalkEnd walk(const Part& part, int world, CellRuns& out);

 private:
  struct Node {
    int level;
    std::uint32_t x, y;
    Box box;
    bool inside;  // the point infinitesimally north-east of the south-west corner is inside
  };
  struct Frame {
    Node node;
    LngLat middle;
    std::size_t list;  // the node's edges: edge_stack_[list, list + size)
    std::size_t size;
    std::uint8_t touched;     // bit c: some edge meets child c
    std::uint8_t inside;      // bit c: Node::inside of child c
    std::uint8_t next_child;  // 0..4
  };

  Node child_of(const Frame& frame, unsigned child) const;
  double middle_lat_deg(const Node& node);
  Node start_node(const Part& part, int world);
  void emit(const Node& node, CellRuns& out) const;
  template <bool kClosed>
  WalkEnd walk_mode(const Part& part, int world, CellRuns& out);
  template <bool kClosed>
  void push(const Part& part, const Node& node, std::size_t list);
  bool center_is_in(const Part& part, const Node& node, std::span<const std::uint32_t> list);

  struct RowLat {
    std::uint32_t row = UINT32_MAX;
    double lat_deg = 0;
  };
  static constexpr std::size_t kRowsCached = 64;

  const CallContext& context_;
  int resolution_;
  PolyfillMode mode_;
  std::vector<Frame> frames_;
  std::vector<std::uint32_t> edge_stack_;  // indices into Part::edges
  std::vector<std::uint8_t>
      touched_stack_;  // beside edge_stack_: which children of the frame's node the edge meets
  std::vector<std::array<RowLat, kRowsCached>>
      row_lats_;  // by level: latitude of the line through the node's middle
  std::uint64_t work_ = 0;
};

}  // namespace geocell::quadbin
