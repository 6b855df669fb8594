#include "core/src/s2/relations.hpp"

#include <s2/s2edge_clipping.h>

#include <algorithm>

namespace geocell::s2 {
namespace {

bool covers(const S2ClippedShape& shape) { return shape.num_edges() == 0 && shape.contains_center(); }

// How far an edge is looked for around a cell: the errors of the projection and of the test.
double max_error_uv() { return S2::kFaceClipErrorUVCoord + S2::kIntersectsRectErrorUVDist; }

}  // namespace

// REQUIRES: iterator_ is at a cell of the index
void Relations::project_edges(int face) {
  if (projected_ == iterator_.id()) return;
  projected_ = iterator_.id();
  edges_.clear();
  ends_.clear();
  const S2ShapeIndexCell& cell = iterator_.cell();
  const double padding = max_error_uv();
  for (int s = 0; s < cell.num_clipped(); ++s) {
    const S2ClippedShape& clipped = cell.clipped(s);
    const S2Shape& shape = *index_.shape(clipped.shape_id());
    for (int i = 0; i < clipped.num_edges(); ++i) {
      const S2Shape::Edge edge = shape.edge(clipped.edge(i));
      R2Point a;
      R2Point b;
      if (!S2::ClipToPaddedFace(edge.v0, edge.v1, face, padding, &a, &b)) continue;
      edges_.push_back({a, b, std::min(a.x(), b.x()), std::max(a.x(), b.x()), std::min(a.y(), b.y()),
                        std::max(a.y(), b.y())});
    }
    ends_.push_back(edges_.size());
  }
}

bool Relations::edge_meets(std::size_t first, std::size_t end, const R2Rect& bound) const {
  const double u_low = bound.x().lo();
  const double u_high = bound.x().hi();
  const double v_low = bound.y().lo();
  const double v_high = bound.y().hi();
  for (std::size_t i = first; i < end; ++i) {
    const Edge& edge = edges_[i];
    const bool apart =
        (edge.u_min > u_high) | (edge.u_max < u_low) | (edge.v_min > v_high) | (edge.v_max < v_low);
    if (!apart && S2::IntersectsRect(edge.a, edge.b, bound)) return true;
  }
  return false;
}

Relation Relations::of(const S2Cell& cell) {
  switch (iterator_.Locate(cell.id())) {
    case S2ShapeIndex::DISJOINT:
      return Relation::disjoint;
    case S2ShapeIndex::SUBDIVIDED:
      return Relation::meets;
    case S2ShapeIndex::INDEXED:
      break;
  }
  const S2ShapeIndexCell& found = iterator_.cell();
  if (iterator_.id() == cell.id()) {
    for (int s = 0; s < found.num_clipped(); ++s) {
      if (covers(found.clipped(s))) return Relation::contained;
    }
    return Relation::meets;
  }
  project_edges(cell.face());
  const R2Rect bound = cell.GetBoundUV().Expanded(max_error_uv());
  Relation relation = Relation::disjoint;
  std::size_t first = 0;
  for (int s = 0; s < found.num_clipped(); ++s) {
    const std::size_t end = ends_[static_cast<std::size_t>(s)];
    if (edge_meets(first, end, bound)) {
      relation = Relation::meets;
    } else if (points_.ShapeContains(iterator_.id(), found.clipped(s), cell.GetCenter())) {
      return Relation::contained;
    }
    first = end;
  }
  return relation;
}

bool Relations::contains(const S2Cell& cell) {
  const Relation relation = of(cell);
  if (relation != Relation::meets) return relation == Relation::contained;
  return iterator_.Locate(cell.id()) == S2ShapeIndex::SUBDIVIDED && one_contains_divided(cell.id());
}

// The index divides a cell because of the many edges in it; one polygon may contain it all the same, when
// the edges are those of others. It then covers each of the index's cells without an edge there.
// REQUIRES: iterator_ is where Locate(id) left it
bool Relations::one_contains_divided(S2CellId id) {
  std::vector<int> candidates;
  for (int i = 0; i < iterator_.cell().num_clipped(); ++i) {
    const S2ClippedShape& shape = iterator_.cell().clipped(i);
    if (covers(shape)) candidates.push_back(shape.shape_id());
  }
  for (iterator_.Next(); !candidates.empty() && !iterator_.done() && iterator_.id() <= id.range_max();
       iterator_.Next()) {
    std::erase_if(candidates, [&](int shape_id) {
      const S2ClippedShape* shape = iterator_.cell().find_clipped(shape_id);
      return shape == nullptr || !covers(*shape);
    });
  }
  return !candidates.empty();
}

}  // namespace geocell::s2
