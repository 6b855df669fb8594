// The walk that finds the cells of one part (one polygon, or all lines and points of a geometry) on one copy
// of the world. See polyfill_walker.cpp for how it decides.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "geocell/types.hpp"
#include "polyfill_block.hpp"
#include "polyfill_part.hpp"
#include "polyfill_rows.hpp"

namespace geocell::quadbin {

class PolyfillWalker {
 public:
  // On the copy of the world whose longitudes are shifted by 360° * world. The part and the table of lines
  // must outlive the walk; the table's resolution is the walk's.
  PolyfillWalker(const Part& part, int world, int resolution, CellTest test, RowLats& rows);

  // No cell of the walk has an id below this.
  std::int64_t first_id() const { return first_id_; }

  enum class End : std::uint8_t { more, done, cancelled };
  // Appends cells to `out` in ascending order until it holds `enough` runs, and at least one more where there
  // is one. To be called again after `more` or `cancelled`.
  End walk(const CallContext& context, CellRuns& out, std::size_t enough);

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

  LngLat middle_of(const Node& node) const;
  static Node child_of(const Frame& frame, unsigned child);
  Node start_node(int world) const;
  std::int64_t first_id_of(const Node& node) const;
  void emit(const Node& node, CellRuns& out) const;
  void emit_block(const Node& node, std::span<const std::uint32_t> list, CellRuns& out);
  void visit(const Node& node, std::size_t list, CellRuns& out);
  template <bool kClosed>
  void collect_start_edges();
  template <bool kClosed>
  void push(const Node& node, std::size_t list);

  const Part* part_;
  int resolution_;
  int block_level_;  // nodes of this level are decided as blocks
  CellTest test_;
  RowLats* rows_;
  Node start_;
  std::int64_t first_id_;
  bool started_ = false;
  std::vector<Frame> frames_;
  std::vector<std::uint32_t> edge_stack_;  // indices into Part::edges
  std::vector<std::uint8_t>
      touched_stack_;  // beside edge_stack_: which children of the frame's node the edge meets
  std::uint64_t work_ = 0;
};

}  // namespace geocell::quadbin
