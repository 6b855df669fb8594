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

enum class CellTest : std::uint8_t {
  center,      // the centre point intersects the part
  intersects,  // the closed cell meets the part
  contains,    // the part contains the cell
  interior,    // the closed cell lies in the interior: contained, and no edge touches it
};

class PolyfillWalker {
 public:
  // On the copy of the world whose longitudes are shifted by 360° * world. The part and the table of lines
  // must outlive the walk.
  PolyfillWalker(const Part& part, int world, int resolution, CellTest test, RowLats& rows);

  // No cell of the walk has an id below this.
  std::int64_t first_id() const { return first_id_; }

  enum class End : std::uint8_t { more, done, cancelled };
  // Appends cells to `out` in ascending order until it holds more than `enough` runs. To be called again
  // after `more` or `cancelled`.
  End walk(const CallContext& context, CellRuns& out, std::size_t enough);

 private:
  struct Node {
    int level;
    std::uint32_t x, y;
    double west_deg, south_deg;
    bool inside;  // the point infinitesimally north-east of the south-west corner is inside
  };
  struct List {  // a range of edge_stack_
    std::size_t begin, end;
  };
  // A node that is being split; bit i of the masks is child i in the order of ids.
  struct Frame {
    Node node;
    int levels;                           // that its children are deeper
    double width_deg;                     // of a child
    std::uint64_t rest;                   // children to go to
    std::uint64_t touched;                // those that edges meet
    std::uint64_t inside;                 // Node::inside of each
    List lists;                           // the edges of the touched children, one child after the other
    std::size_t next;                     // where the list of the next touched child begins
    std::array<std::uint32_t, 64> sizes;  // of the lists of the touched children
  };

  Node start_node(int world) const;
  std::int64_t first_id_of(const Node& node) const;
  void emit(const Node& node, CellRuns& out) const;
  void emit_block(const Node& node, List list, CellRuns& out);
  void visit(const Node& node, List list, CellRuns& out);
  void collect_start_edges();
  void push(const Node& node, List list);
  Split split(const Node& node, int levels) const;
  template <bool kClosed>
  BoxMask meet_edges(const Split& split, List list, BoxMask& inside);

  const Part* part_;
  int resolution_;
  CellTest test_;
  RowLats* rows_;
  Node start_;
  std::int64_t first_id_;
  bool started_ = false;
  std::vector<Frame> frames_;
  std::vector<std::uint32_t> edge_stack_;  // indices into Part::edges
  std::vector<BoxMask> met_;               // by each edge of the node that is being split
  std::uint64_t work_ = 0;
};

}  // namespace geocell::quadbin
