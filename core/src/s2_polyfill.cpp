#include <s2/mutable_s2shape_index.h>
#include <s2/s2cell.h>
#include <s2/s2contains_point_query.h>
#include <s2/s2shape_index_region.h>

#include <vector>

#include "geocell/s2.hpp"
#include "s2_internal.hpp"
#include "s2_shapes.hpp"

namespace geocell::s2 {
namespace {

constexpr std::uint64_t kCellsPerPoll = 256;
// What the bounds on the count may cost before the real walk begins: a few milliseconds.
constexpr std::uint64_t kProbeCells = 4096;

// Walks the cells from the faces down to the target level, in ascending order. A cell that one polygon
// contains gives all its descendants as one run; a cell that nothing touches gives none; the others are
// divided.
class Descent {
 public:
  Descent(const CallContext& context, const MutableS2ShapeIndex& index, int level, PolyfillMode mode)
      : context_(context),
        iterator_(&index),
        region_(&index),
        points_(&index, S2VertexModel::CLOSED),
        level_(level),
        mode_(mode) {}

  std::optional<Error> visit(const S2Cell& cell) {
    if (++visited_ % kCellsPerPoll == 0 && context_.is_cancelled()) return canceled();
    const S2ShapeIndex::CellRelation relation = iterator_.Locate(cell.id());
    if (relation == S2ShapeIndex::DISJOINT) return std::nullopt;
    if (cell.level() == level_) return belongs(cell, relation) ? append(cell.id()) : std::nullopt;
    if (relation == S2ShapeIndex::INDEXED) {
      if (!region_.MayIntersect(cell)) return std::nullopt;
      if (region_.Contains(cell)) return append(cell.id());
    }
    S2Cell children[4];
    cell.Subdivide(children);
    for (const S2Cell& child : children) {
      if (auto error = visit(child)) return error;
    }
    return std::nullopt;
  }

  CellRuns take_cells() { return std::move(cells_); }

 private:
  // REQUIRES: iterator_ is where Locate(cell.id()) left it, with the answer `relation`
  bool belongs(const S2Cell& cell, S2ShapeIndex::CellRelation relation) {
    switch (mode_) {
      case PolyfillMode::intersects:
        return region_.MayIntersect(cell);
      case PolyfillMode::contains:
        return relation == S2ShapeIndex::INDEXED ? region_.Contains(cell)
                                                 : one_contains_subdivided(cell.id());
      case PolyfillMode::center:
        break;
    }
    // The centre as SQL sees it: the point that s2_center gives, read like any other coordinates.
    const LngLat center = to_lng_lat(cell.GetCenter());
    return points_.Contains(to_point(center.lng_deg, center.lat_deg));
  }

  // The index divides a cell because of the many edges in it; one polygon may contain it all the same, when
  // the edges are those of others. It then covers each of the index's cells without an edge there.
  bool one_contains_subdivided(S2CellId id) {
    std::vector<int> candidates;
    const auto covers = [](const S2ClippedShape& shape) {
      return shape.num_edges() == 0 && shape.contains_center();
    };
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

  std::optional<Error> append(S2CellId id) {
    const std::uint64_t count = descendant_count(level_ - id.level());
    if (count > context_.max_cells - cells_.count()) {
      return too_many_cells("s2_polyfill", cells_.count() + count, true, context_.max_cells);
    }
    cells_.append(to_signed(id.child_begin(level_)), count, id_stride(level_));
    return std::nullopt;
  }

  const CallContext& context_;
  MutableS2ShapeIndex::Iterator iterator_;
  S2ShapeIndexRegion<MutableS2ShapeIndex> region_;
  S2ContainsPointQuery<MutableS2ShapeIndex> points_;
  int level_;
  PolyfillMode mode_;
  std::uint64_t visited_ = 0;
  CellRuns cells_;
};

// Bounds on the number of cells of a level that a walk to a coarser level finds: descendants of cells that
// one polygon contains are in the answer in every mode, descendants of cells that nothing touches in none.
class Bounds {
 public:
  Bounds(const MutableS2ShapeIndex& index, int level) : iterator_(&index), region_(&index), level_(level) {}

  void probe(int probe_level) {
    at_least_ = at_most_ = 0;
    for (const int face : kFacesAscending) visit(S2Cell::FromFace(face), probe_level);
  }
  std::uint64_t at_least() const { return at_least_; }
  std::uint64_t at_most() const { return at_most_; }
  std::uint64_t visited() const { return visited_; }

 private:
  void visit(const S2Cell& cell, int probe_level) {
    ++visited_;
    const S2ShapeIndex::CellRelation relation = iterator_.Locate(cell.id());
    if (relation == S2ShapeIndex::DISJOINT) return;
    const std::uint64_t count = descendant_count(level_ - cell.level());
    if (relation == S2ShapeIndex::INDEXED) {
      if (!region_.MayIntersect(cell)) return;
      if (region_.Contains(cell)) {
        at_least_ += count;
        at_most_ += count;
        return;
      }
    }
    if (cell.level() == probe_level) {
      at_most_ += count;
      return;
    }
    S2Cell children[4];
    cell.Subdivide(children);
    for (const S2Cell& child : children) visit(child, probe_level);
  }

  MutableS2ShapeIndex::Iterator iterator_;
  S2ShapeIndexRegion<MutableS2ShapeIndex> region_;
  int level_;
  std::uint64_t at_least_ = 0;
  std::uint64_t at_most_ = 0;
  std::uint64_t visited_ = 0;
};

// Refuses what is surely too much before the walk, which may follow a boundary of a billion cells until it
// meets enough of the inside.
std::optional<Error> refuse_far_too_many(const CallContext& context, const MutableS2ShapeIndex& index,
                                         int level) {
  Bounds bounds(index, level);
  for (int probe_level = 0; probe_level < level && bounds.visited() < kProbeCells; ++probe_level) {
    bounds.probe(probe_level);
    if (bounds.at_most() <= context.max_cells) break;
    if (bounds.at_least() > context.max_cells) {
      return too_many_cells("s2_polyfill", bounds.at_least(), true, context.max_cells);
    }
  }
  return std::nullopt;
}

}  // namespace

Result<CellRuns> polyfill(const CallContext& context, const Geometry& geometry, std::int32_t resolution,
                          std::optional<std::string_view> mode) {
  if (auto error = check_resolution(resolution)) return *error;
  const auto parsed_mode = parse_polyfill_mode(mode.value_or("center"));
  if (!parsed_mode) return parsed_mode.error();
  if (auto supported = require_lng_lat(geometry); !supported) return supported.error();
  auto shapes = make_shapes(context, geometry, *parsed_mode);
  if (!shapes) return shapes.error();

  MutableS2ShapeIndex index;
  for (auto& shape : *shapes) index.Add(std::move(shape));
  index.ForceBuild();
  if (auto error = refuse_far_too_many(context, index, resolution)) return *error;
  Descent descent(context, index, resolution, *parsed_mode);
  for (const int face : kFacesAscending) {
    if (auto error = descent.visit(S2Cell::FromFace(face))) return *error;
  }
  return descent.take_cells();
}

}  // namespace geocell::s2
