// Polyfill on the sphere: a walk down the cells that asks s2geometry's index of the geometry about each, and
// the forms in which its cells are returned.
#include <s2/mutable_s2shape_index.h>
#include <s2/s2cell.h>
#include <s2/s2contains_point_query.h>
#include <s2/s2metrics.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "core/src/cells/compaction.hpp"
#include "core/src/s2/relations.hpp"
#include "core/src/s2/sphere.hpp"
#include "core/src/s2/sphere_shapes.hpp"
#include "geocell/s2.hpp"

namespace geocell::s2 {
namespace {

constexpr std::uint64_t kCellsPerPoll = 256;
// What the bounds on the count may cost before the real walk begins: a few milliseconds.
constexpr std::uint64_t kProbeCells = 4096;

// The cells, in ascending order, below which everything in the index lies: the least one that holds all, of
// the level or coarser; or the faces.
std::vector<S2Cell> roots_of(const MutableS2ShapeIndex& index, int level) {
  std::vector<S2Cell> roots;
  MutableS2ShapeIndex::Iterator iterator(&index, S2ShapeIndex::BEGIN);
  if (iterator.done()) return roots;
  const S2CellId first = iterator.id();
  iterator.Finish();
  iterator.Prev();
  const int common = first.GetCommonAncestorLevel(iterator.id());
  if (common >= 0) {
    roots.emplace_back(first.parent(std::min(common, level)));
  } else {
    for (const int face : kFacesAscending) roots.push_back(S2Cell::FromFace(face));
  }
  return roots;
}

// Walks the cells from the roots down to the target level, in ascending order. A cell that one polygon
// contains stands for all its descendants; one that nothing touches is dropped; the others are divided.
// What the walk remembers are the cells that it has yet to come to: three for each level, and the roots.
class Walk {
 public:
  // The index must outlive the walk.
  Walk(const MutableS2ShapeIndex& index, int level, PolyfillMode mode)
      : relations_(index),
        points_(&index, S2VertexModel::CLOSED),
        level_(level),
        mode_(mode),
        waiting_(roots_of(index, level)) {
    std::ranges::reverse(waiting_);
  }

  // The next cell, of the target level or coarser; nothing at the end. After ErrorCode::canceled, calling
  // again goes on where it stopped.
  Result<std::optional<S2CellId>> next(const CallContext& context) {
    while (!waiting_.empty()) {
      if (++visited_ % kCellsPerPoll == 0 && context.is_cancelled()) return canceled();
      const S2Cell cell = waiting_.back();
      waiting_.pop_back();
      if (cell.level() == level_) {
        if (belongs(cell)) return std::optional(cell.id());
        continue;
      }
      switch (relations_.of(cell)) {
        case Relation::disjoint:
          break;
        case Relation::contained:
          return std::optional(cell.id());
        case Relation::meets:
          S2Cell children[4];
          cell.Subdivide(children);
          waiting_.insert(waiting_.end(), std::rbegin(children), std::rend(children));
      }
    }
    return std::optional<S2CellId>();
  }

 private:
  bool belongs(const S2Cell& cell) {
    switch (mode_) {
      case PolyfillMode::intersects:
        return relations_.of(cell) != Relation::disjoint;
      case PolyfillMode::contains:
        return relations_.contains(cell);
      case PolyfillMode::center:
        break;
    }
    // The centre as SQL sees it: the point that s2_center returns, read like any other coordinates.
    const LngLat center = to_lng_lat(cell.GetCenter());
    return points_.Contains(to_point(center.lng_deg, center.lat_deg));
  }

  Relations relations_;
  S2ContainsPointQuery<MutableS2ShapeIndex> points_;
  int level_;
  PolyfillMode mode_;
  std::vector<S2Cell> waiting_;  // the next one at the end
  std::uint64_t visited_ = 0;
};

// Bounds on the number of cells of a level that a walk to a coarser level finds: descendants of cells that
// one polygon contains are in the answer in every mode, descendants of cells that nothing touches in none.
class Bounds {
 public:
  Bounds(const MutableS2ShapeIndex& index, int level)
      : relations_(index), roots_(roots_of(index, level)), level_(level) {}

  void probe(int probe_level) {
    at_least_ = at_most_ = 0;
    for (const S2Cell& root : roots_) visit(root, probe_level);
  }
  std::uint64_t at_least() const { return at_least_; }
  std::uint64_t at_most() const { return at_most_; }
  std::uint64_t visited() const { return visited_; }

 private:
  void visit(const S2Cell& cell, int probe_level) {
    ++visited_;
    const std::uint64_t count = descendant_count(level_ - cell.level());
    const Relation relation = relations_.of(cell);
    if (relation == Relation::disjoint) return;
    if (relation == Relation::contained) at_least_ += count;
    if (relation == Relation::contained || cell.level() >= probe_level) {
      at_most_ += count;
      return;
    }
    S2Cell children[4];
    cell.Subdivide(children);
    for (const S2Cell& child : children) visit(child, probe_level);
  }

  Relations relations_;
  std::vector<S2Cell> roots_;
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

// How many edges a cell of the index may have before it is divided. The walk tests the edges of one cell of
// the index against each cell that it visits there, and does not look below its level: a division that goes
// on there is wasted, one that ends far above makes every test long. So it should end near the level of
// the walk, where a cell has about as many edges as its width holds edges of average length. The factor and
// the bounds are those of the least time over the sets of bench/ (counties, coasts and the island, levels 6
// to 13).
int max_edges_per_index_cell(std::span<const std::unique_ptr<S2Shape>> shapes, int level) {
  constexpr double kPerEdgeOfWidth = 3;
  constexpr double kFewest = 4;
  constexpr double kMost = 64;
  double length = 0;
  double count = 0;  // of edges that have a length
  for (const auto& shape : shapes) {
    for (int i = 0; i < shape->num_edges(); ++i) {
      const S2Shape::Edge edge = shape->edge(i);
      const double edge_length = (edge.v1 - edge.v0).Norm();
      length += edge_length;
      count += edge_length > 0 ? 1 : 0;
    }
  }
  if (count == 0) return MutableS2ShapeIndex::Options().max_edges_per_cell();
  const double edges_of_width = S2::kAvgEdge.GetValue(level) * count / length;
  return static_cast<int>(std::clamp(kPerEdgeOfWidth * edges_of_width, kFewest, kMost));
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
    if (shapes->empty()) return task;
    MutableS2ShapeIndex::Options options;
    options.set_max_edges_per_cell(max_edges_per_index_cell(*shapes, resolution));
    task.index_->Init(options);
    for (auto& shape : *shapes) task.index_->Add(std::move(shape));
    task.index_->ForceBuild();
    return task;
  }

  const MutableS2ShapeIndex& index() const { return *index_; }
  Walk walk() const { return {*index_, level_, mode_}; }
  int level() const { return level_; }

 private:
  Task(int level, PolyfillMode mode)
      : level_(level), mode_(mode), index_(std::make_unique<MutableS2ShapeIndex>()) {}

  int level_;
  PolyfillMode mode_;
  std::unique_ptr<MutableS2ShapeIndex> index_;
};

// Calls take(id) with the cells of the walk; take() may give an error to end it.
template <class Take>
std::optional<Error> take_cells(const CallContext& context, const Task& task, const Take& take) {
  Walk walk = task.walk();
  for (;;) {
    auto id = walk.next(context);
    if (!id) return id.error();
    if (!*id) return std::nullopt;
    if (std::optional<Error> error = take(**id)) return error;
  }
}

void append(CellRuns& cells, S2CellId id, int level) {
  cells.append(to_signed(id.child_begin(level)), descendant_count(level - id.level()), id_stride(level));
}

class Source final : public CellSource {
 public:
  explicit Source(Task task) : task_(std::move(task)), walk_(task_.walk()) {}

  Result<bool> more(const CallContext& context, CellRuns& out) override {
    constexpr int kCellsAPiece = 256;
    for (int i = 0; i < kCellsAPiece; ++i) {
      const auto id = walk_.next(context);
      if (!id) return id.error();
      if (!*id) return false;
      append(out, **id, task_.level());
    }
    return true;
  }

 private:
  Task task_;
  Walk walk_;
};

}  // namespace

Result<CellRuns> polyfill(const CallContext& context, const Geometry& geometry, std::int32_t resolution,
                          std::optional<std::string_view> mode) {
  const auto task = Task::create(context, geometry, resolution, mode);
  if (!task) return task.error();
  if (auto error = refuse_far_too_many(context, task->index(), resolution)) return *error;
  CellRuns cells;
  const auto error = take_cells(context, *task, [&](S2CellId id) -> std::optional<Error> {
    append(cells, id, resolution);
    if (cells.count() <= context.max_cells) return std::nullopt;
    return too_many_cells(context, "s2_polyfill", cells.count(), true);
  });
  if (error) return *error;
  return cells;
}

Result<CellStream> polyfill_stream(const CallContext& context, const Geometry& geometry,
                                   std::int32_t resolution, std::optional<std::string_view> mode) {
  auto task = Task::create(context, geometry, resolution, mode);
  if (!task) return task.error();
  return CellStream(std::make_unique<Source>(std::move(*task)));
}

Result<std::int64_t> polyfill_count(const CallContext& context, const Geometry& geometry,
                                    std::int32_t resolution, std::optional<std::string_view> mode) {
  const auto task = Task::create(context, geometry, resolution, mode);
  if (!task) return task.error();
  std::uint64_t count = 0;
  const auto error = take_cells(context, *task, [&](S2CellId id) -> std::optional<Error> {
    count += descendant_count(resolution - id.level());
    return std::nullopt;
  });
  if (error) return *error;
  return static_cast<std::int64_t>(count);
}

Result<std::vector<std::int64_t>> polyfill_compact(const CallContext& context, const Geometry& geometry,
                                                   std::int32_t resolution,
                                                   std::optional<std::string_view> mode) {
  const auto task = Task::create(context, geometry, resolution, mode);
  if (!task) return task.error();
  std::vector<S2CellId> cells;
  const auto error = take_cells(context, *task, [&](S2CellId id) -> std::optional<Error> {
    append_compacted(cells, id, &S2CellId::level);
    if (cells.size() <= context.max_cells) return std::nullopt;
    return too_many_cells(context, "s2_polyfill_compact", cells.size(), true);
  });
  if (error) return *error;
  std::vector<std::int64_t> ids;
  ids.reserve(cells.size());
  for (const S2CellId id : cells) ids.push_back(to_signed(id));
  return ids;
}

}  // namespace geocell::s2
