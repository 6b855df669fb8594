// The walk that finds the cells of one part (one polygon, or all lines and points of a geometry) on one copy
// of the world. walker.cpp says how it decides, docs/design/polyfill.md draws it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/src/polyfill/levels.hpp"
#include "core/src/polyfill/rows.hpp"
#include "core/src/polyfill/shape.hpp"
#include "core/src/polyfill/trace.hpp"
#include "core/src/polyfill/window.hpp"
#include "geocell/cells.hpp"

namespace geocell::polyfill {

class PolyfillWalker {
 public:
  // On the copy of the world whose longitudes are shifted by 360° * world. The part and `rows` must outlive
  // the walker.
  PolyfillWalker(const Part& part, int world, int resolution, CellTest test, RowLats& rows);

  // No cell of the walk has an id below this.
  std::int64_t first_id() const { return first_id_; }

  enum class End : std::uint8_t { more, done, cancelled };
  // Appends cells to `out` in ascending order until it holds more than `enough` runs. After `more` or
  // `cancelled`, the next call continues where this one stopped.
  End walk(const CallContext& context, CellRuns& out, std::size_t enough);

 private:
  struct Node {
    int level;
    std::uint32_t x, y;
    double west_deg, south_deg;
    bool inside;  // the point infinitesimally north-east of the south-west corner is inside
  };
  struct List {  // a range of chains_
    std::size_t begin, end;
  };
  // The lists of a node's touched children, one behind the other in chains_; taken in the children's order.
  struct ChildLists {
    std::size_t begin;                    // of the first list
    std::size_t next;                     // where the list that is taken next begins
    std::array<std::uint32_t, 64> sizes;  // by child; set for touched children only

    List take(int child) {
      const List list{next, next + sizes[static_cast<std::size_t>(child)]};
      next = list.end;
      return list;
    }
  };
  // A node that has been split; bit i of the masks is child i in id order.
  struct Frame {
    Node node;
    int levels;             // by which its children are deeper
    double width_deg;       // of a child
    std::uint64_t rest;     // the children still to be visited
    std::uint64_t touched;  // those that the boundary meets
    std::uint64_t inside;   // Node::inside of each
    ChildLists lists;
  };
  // A chain in one of the boxes that a node is split into.
  struct Piece {
    Chain chain;
    std::uint32_t box;
  };
  struct SplitResult {
    BoxMask touched = 0;
    BoxMask toggled = 0;  // those whose moved corner is cut off from the node's
  };

  Node start_node(int world) const;
  std::int64_t first_id_of(const Node& node) const;
  void emit(const Node& node, CellRuns& out) const;
  void fill_window(const WindowPlace& place, std::span<const Chain> chains, CellRuns& out);
  void fill_only_window(CellRuns& out);
  void visit(const Node& node, List list, CellRuns& out);
  void start(CellRuns& out);
  void push(const Node& node, List list);
  SplitResult split(const Node& node, int levels, List list);
  template <bool kClosed>
  SplitResult trace_pieces(const Grid& grid, int levels, List list);

  const Part* part_;
  int resolution_;
  CellTest test_;
  RowLats* rows_;
  std::optional<WindowPlace> window_;  // if one window holds the part: then there is no tree to walk
  Node start_{};
  std::int64_t first_id_;
  bool started_ = false;
  std::vector<Frame> frames_;
  std::vector<Chain> chains_;
  std::vector<Piece> pieces_;  // of the node that is being split
  std::uint64_t work_ = 0;     // segments and nodes since the cancel flag was last read
};

}  // namespace geocell::polyfill
