// How cells stand to the shapes of an index: what S2ShapeIndexRegion answers, by the same predicates of
// s2geometry and to the same 15 nanometres, for a walk that asks about many cells within one cell of the
// index. The edges there are projected onto the cube face once, not once for every question, and those that
// are far from the cell asked about are passed over without a call.
#pragma once

#include <s2/mutable_s2shape_index.h>
#include <s2/r2.h>
#include <s2/s2cell.h>
#include <s2/s2contains_point_query.h>

#include <cstdint>
#include <vector>

namespace geocell::s2 {

enum class Relation : std::uint8_t {
  disjoint,   // no shape has a point of the cell
  meets,      // a shape has one, or the index divides the cell; nothing is said about containing
  contained,  // one polygon contains the cell
};

// Not for several threads at once.
class Relations {
 public:
  // The index must outlive the object.
  explicit Relations(const MutableS2ShapeIndex& index) : index_(index), iterator_(&index), points_(&index) {}

  Relation of(const S2Cell& cell);
  // Whether one polygon contains the cell, also where the index divides it.
  bool contains(const S2Cell& cell);

 private:
  struct Edge {
    R2Point a;
    R2Point b;
    double u_min, u_max, v_min, v_max;
  };
  void project_edges(int face);
  bool edge_meets(std::size_t first, std::size_t end, const R2Rect& bound) const;
  bool one_contains_divided(S2CellId id);

  const MutableS2ShapeIndex& index_;
  MutableS2ShapeIndex::Iterator iterator_;
  S2ContainsPointQuery<MutableS2ShapeIndex> points_;
  S2CellId projected_ = S2CellId::None();  // the cell of the index whose edges these are
  std::vector<Edge> edges_;
  std::vector<std::size_t> ends_;  // of each clipped shape's edges in edges_
};

}  // namespace geocell::s2
