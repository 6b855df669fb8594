#include <s2/mutable_s2shape_index.h>
#include <s2/s2cell.h>
#include <s2/s2contains_point_query.h>
#include <s2/s2shape_index_region.h>

#include <algorithm>
#include <memory>
#include <span>
#include <vector>

#include "geocell/s2.hpp"
#include "s2_internal.hpp"
#include "s2_shapes.hpp"

namespace geocell::s2 {
namespace {

constexpr std::uint64_t kCellsPerPoll = 256;
// What the bounds on the count may cost before the real walk begins: a few milliseconds.
constexpr std::uint64_t kProbeCells = 4096;

// What becomes of the cells that a walk finds: take(id), of the target level or coarser, in ascending order.
// All ids, up to the limit.
class RunsSink {
 public:
  RunsSink(const CallContext& context, int level) : context_(context), level_(level) {}
  std::optional<Error> take(S2CellId id) {
    const std::uint64_t count = descendant_count(level_ - id.level());
    if (count > context_.max_cells - cells_.count()) {
      return too_many_cells(context_, "s2_polyfill", cells_.count() + count, true);
    }
    cells_.append(to_signed(id.child_begin(level_)), count, id_stride(level_));
    return std::nullopt;
  }
  CellRuns take_cells() { return std::move(cells_); }

 private:
  const CallContext& context_;
  int level_;
  CellRuns cells_;
};

class CountSink {
 public:
  explicit CountSink(int level) : level_(level) {}
  std::optional<Error> take(S2CellId id) {
    count_ += descendant_count(level_ - id.level());
    return std::nullopt;
  }
  std::int64_t count() const { return static_cast<std::int64_t>(count_); }

 private:
  int level_;
  std::uint64_t count_ = 0;
};

// The fewest cells. Four brothers can only be the last four found.
class CompactSink {
 public:
  explicit CompactSink(const CallContext& context) : context_(context) {}
  std::optional<Error> take(S2CellId id) {
    cells_.push_back(id);
    while (!id.is_face() && cells_.size() >= 4) {
      const S2CellId parent = id.parent();
      const auto brothers = std::span(cells_).last(4);
      if (!std::ranges::all_of(brothers, [&](S2CellId brother) {
            return brother.level() == id.level() && brother.parent() == parent;
          })) {
        break;
      }
      cells_.resize(cells_.size() - 4);
      cells_.push_back(parent);
      id = parent;
    }
    if (cells_.size() <= context_.max_cells) return std::nullopt;
    return too_many_cells(context_, "s2_polyfill_compact", cells_.size(), true, "s2_polyfill_cells");
  }
  std::vector<std::int64_t> ids() const {
    std::vector<std::int64_t> ids;
    ids.reserve(cells_.size());
    for (const S2CellId id : cells_) ids.push_back(to_signed(id));
    return ids;
  }

 private:
  const CallContext& context_;
  std::vector<S2CellId> cells_;
};

// Walks the cells from the faces down to the target level, in ascending order. A cell that one polygon
// contains gives all its descendants as one run; a cell that nothing touches gives none; the others are
// divided.
template <class Sink>
class Descent {
 public:
  Descent(const CallContext& context, const MutableS2ShapeIndex& index, int level, PolyfillMode mode,
          Sink& sink)
      : context_(context),
        sink_(sink),
        iterator_(&index),
        region_(&index),
        points_(&index, S2VertexModel::CLOSED),
        level_(level),
        mode_(mode) {}

  std::optional<Error> visit(const S2Cell& cell) {
    if (++visited_ % kCellsPerPoll == 0 && context_.is_cancelled()) return canceled();
    const S2ShapeIndex::CellRelation relation = iterator_.Locate(cell.id());
    if (relation == S2ShapeIndex::DISJOINT) return std::nullopt;
    if (cell.level() == level_) return belongs(cell, relation) ? sink_.take(cell.id()) : std::nullopt;
    if (relation == S2ShapeIndex::INDEXED) {
      if (!region_.MayIntersect(cell)) return std::nullopt;
      if (region_.Contains(cell)) return sink_.take(cell.id());
    }
    S2Cell children[4];
    cell.Subdivide(children);
    for (const S2Cell& child : children) {
      if (auto error = visit(child)) return error;
    }
    return std::nullopt;
  }

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

  const CallContext& context_;
  Sink& sink_;
  MutableS2ShapeIndex::Iterator iterator_;
  S2ShapeIndexRegion<MutableS2ShapeIndex> region_;
  S2ContainsPointQuery<MutableS2ShapeIndex> points_;
  int level_;
  PolyfillMode mode_;
  std::uint64_t visited_ = 0;
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
      return too_many_cells(context, "s2_polyfill", bounds.at_least(), true);
    }
  }
  return std::nullopt;
}

// A geometry made ready for the walk.
class Task {
 public:
  static Result<Task> create(const CallContext& context, const Geometry& geometry, std::int32_t resolution,
                             std::optional<std::string_view> mode) {
    if (auto error = check_resolution(resolution)) return *error;
    const auto parsed_mode = parse_polyfill_mode(mode.value_or("center"));
    if (!parsed_mode) return parsed_mode.error();
    if (auto supported = require_lng_lat(geometry); !supported) return supported.error();
    auto shapes = make_shapes(context, geometry, *parsed_mode);
    if (!shapes) return shapes.error();
    Task task(resolution, *parsed_mode);
    for (auto& shape : *shapes) task.index_->Add(std::move(shape));
    task.index_->ForceBuild();
    return task;
  }

  const MutableS2ShapeIndex& index() const { return *index_; }

  template <class Sink>
  std::optional<Error> walk(const CallContext& context, Sink& sink) const {
    Descent<Sink> descent(context, *index_, level_, mode_, sink);
    for (const int face : kFacesAscending) {
      if (auto error = descent.visit(S2Cell::FromFace(face))) return error;
    }
    return std::nullopt;
  }

 private:
  Task(int level, PolyfillMode mode)
      : level_(level), mode_(mode), index_(std::make_unique<MutableS2ShapeIndex>()) {}

  int level_;
  PolyfillMode mode_;
  std::unique_ptr<MutableS2ShapeIndex> index_;
};

}  // namespace

Result<CellRuns> polyfill(const CallContext& context, const Geometry& geometry, std::int32_t resolution,
                          std::optional<std::string_view> mode) {
  const auto task = Task::create(context, geometry, resolution, mode);
  if (!task) return task.error();
  if (auto error = refuse_far_too_many(context, task->index(), resolution)) return *error;
  RunsSink sink(context, resolution);
  if (auto error = task->walk(context, sink)) return *error;
  return sink.take_cells();
}

Result<std::int64_t> polyfill_count(const CallContext& context, const Geometry& geometry,
                                    std::int32_t resolution, std::optional<std::string_view> mode) {
  const auto task = Task::create(context, geometry, resolution, mode);
  if (!task) return task.error();
  CountSink sink(resolution);
  if (auto error = task->walk(context, sink)) return *error;
  return sink.count();
}

Result<std::vector<std::int64_t>> polyfill_compact(const CallContext& context, const Geometry& geometry,
                                                   std::int32_t resolution,
                                                   std::optional<std::string_view> mode) {
  const auto task = Task::create(context, geometry, resolution, mode);
  if (!task) return task.error();
  CompactSink sink(context);
  if (auto error = task->walk(context, sink)) return *error;
  return sink.ids();
}

}  // namespace geocell::s2
