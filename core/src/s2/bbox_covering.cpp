// The covering of a rectangle by a few cells: that of the first S2RegionCoverer, which s2sphere and CARTO's
// published values follow. The one in s2geometry has since changed where it starts and leaves ties open, and
// returns other (equally good) coverings.
#include <s2/s2cap.h>
#include <s2/s2cell.h>
#include <s2/s2cell_union.h>
#include <s2/s2latlng_rect.h>
#include <s2/s2metrics.h>

#include <algorithm>
#include <cmath>
#include <queue>
#include <tuple>
#include <vector>

#include "core/src/s2/sphere.hpp"
#include "geocell/s2.hpp"

namespace geocell::s2 {
namespace {

// CARTO's; a target, not a bound: min_resolution and the rectangle's shape may need more.
constexpr std::size_t kMaxCells = 8;
// Coverings of more cells of min_resolution than this need no queue: kMaxCells is long passed.
constexpr std::uint64_t kQueueCells = 1000;
constexpr std::uint64_t kCellsPerPoll = 256;

S1Interval lng_interval(double min_lng_deg, double max_lng_deg) {
  if (max_lng_deg - min_lng_deg >= 360) return S1Interval::Full();
  const auto wrap_rad = [](double lng_deg) {
    const double lng = std::remainder(lng_deg, 360.0);
    return S1Angle::Degrees(lng == -180 ? 180 : lng).radians();  // S2 writes the antimeridian as +pi
  };
  return {wrap_rad(min_lng_deg), wrap_rad(max_lng_deg)};
}

// The cells from which the covering starts: those around the vertex nearest to the centre, of the finest
// level at which they surely cover the rectangle; or the faces.
std::vector<S2CellId> initial_cells(const S2LatLngRect& rect, int max_level) {
  const S2Cap cap = rect.GetCapBound();
  const int level = std::min(
      {S2::kMinWidth.GetLevelForMinValue(2 * cap.GetRadius().radians()), max_level, S2CellId::kMaxLevel - 1});
  std::vector<S2CellId> cells;
  if (level > 0) {
    S2CellId(cap.center()).AppendVertexNeighbors(level, &cells);
  } else {
    for (int face = 0; face < 6; ++face) cells.push_back(S2CellId::FromFace(face));
  }
  std::ranges::sort(cells, {}, to_signed);
  return cells;
}

// The covering when it takes few cells: starts large, and divides the largest cell, fewest needed children
// first, as long as the result stays within kMaxCells;
// below min_level and where a single child is enough, always.
class QueueCovering {
 public:
  QueueCovering(const S2LatLngRect& rect, int min_level, int max_level)
      : rect_(rect), min_level_(min_level), max_level_(max_level) {}

  CellRuns cover(const std::vector<S2CellId>& initial) {
    for (const S2CellId id : initial) {
      const S2Cell cell(id);
      if (rect_.MayIntersect(cell)) add(cell);
    }
    while (!queue_.empty()) {
      const Candidate candidate = queue_.top();
      queue_.pop();
      const std::size_t children = candidate.children.size();
      if (candidate.cell.level() < min_level_ || children == 1 ||
          result_.size() + queue_.size() + children <= kMaxCells) {
        for (const S2Cell& child : candidate.children) add(child);
      } else {
        result_.push_back(candidate.cell.id());
      }
    }
    std::vector<S2CellId> ids;
    S2CellUnion(std::move(result_)).Denormalize(min_level_, 1, &ids);
    std::ranges::sort(ids, {}, to_signed);
    CellRuns cells;
    for (const S2CellId id : ids) cells.append(to_signed(id), 1, id_stride(id.level()));
    return cells;
  }

 private:
  struct Candidate {
    S2Cell cell;
    std::vector<S2Cell> children;  // those that meet the rectangle
    int priority;                  // smallest first

    // std::priority_queue takes the greatest first.
    bool operator<(const Candidate& other) const {
      return std::tuple(priority, cell.id()) > std::tuple(other.priority, other.cell.id());
    }
  };

  bool is_terminal(const S2Cell& cell) const {
    return cell.level() >= min_level_ && (cell.level() >= max_level_ || rect_.Contains(cell));
  }

  // REQUIRES: the cell meets the rectangle
  void add(const S2Cell& cell) {
    if (is_terminal(cell)) {
      result_.push_back(cell.id());
      return;
    }
    Candidate candidate{cell, {}, 0};
    S2Cell children[4];
    cell.Subdivide(children);
    int terminals = 0;
    for (const S2Cell& child : children) {
      if (!rect_.MayIntersect(child)) continue;
      candidate.children.push_back(child);
      terminals += is_terminal(child);
    }
    if (candidate.children.empty()) return;
    if (terminals == 4 && cell.level() >= min_level_) {
      result_.push_back(cell.id());
      return;
    }
    candidate.priority = ((cell.level() << 2) + static_cast<int>(candidate.children.size())) * 4 + terminals;
    queue_.push(std::move(candidate));
  }

  const S2LatLngRect& rect_;
  int min_level_;
  int max_level_;
  std::priority_queue<Candidate> queue_;
  std::vector<S2CellId> result_;
};

// The same when it takes so many cells of min_level that kMaxCells no longer matters: a cell is divided below
// min_level, and where a single child is enough. No queue, so it can give runs,
// stop at a limit and be cancelled.
class LargeCovering {
 public:
  LargeCovering(const CallContext& context, const S2LatLngRect& rect, int min_level, int max_level)
      : context_(context), rect_(rect), min_level_(min_level), max_level_(max_level) {}

  std::optional<Error> visit(const S2Cell& cell) {
    if (++visited_ % kCellsPerPoll == 0 && context_.is_cancelled()) return canceled();
    if (!rect_.MayIntersect(cell)) return std::nullopt;
    if (cell.level() >= min_level_) return refine(cell);
    if (rect_.Contains(cell)) {
      return append(cell.id().child_begin(min_level_), descendant_count(min_level_ - cell.level()));
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
  std::optional<Error> refine(S2Cell cell) {
    while (cell.level() < max_level_ && !rect_.Contains(cell)) {
      S2Cell children[4];
      cell.Subdivide(children);
      const auto needed = std::partition(std::begin(children), std::end(children),
                                         [&](const S2Cell& child) { return rect_.MayIntersect(child); }) -
                          std::begin(children);
      if (needed == 0) return std::nullopt;
      if (needed > 1) break;
      cell = children[0];
    }
    return append(cell.id(), 1);
  }

  std::optional<Error> append(S2CellId first, std::uint64_t count) {
    if (count > context_.max_cells - cells_.count()) {
      return too_many_cells(context_, "s2_polyfill_bbox", cells_.count() + count, true);
    }
    cells_.append(to_signed(first), count, id_stride(first.level()));
    return std::nullopt;
  }

  const CallContext& context_;
  const S2LatLngRect& rect_;
  int min_level_;
  int max_level_;
  std::uint64_t visited_ = 0;
  CellRuns cells_;
};

Result<CellRuns> large_covering(const CallContext& context, const S2LatLngRect& rect,
                                const std::vector<S2CellId>& initial, int min_level, int max_level) {
  LargeCovering covering(context, rect, min_level, max_level);
  for (const S2CellId id : initial) {
    if (auto error = covering.visit(S2Cell(id))) return *error;
  }
  return covering.take_cells();
}

}  // namespace

Result<CellRuns> polyfill_bbox(const CallContext& context, double min_lng_deg, double max_lng_deg,
                               double min_lat_deg, double max_lat_deg,
                               std::optional<std::int32_t> min_resolution,
                               std::optional<std::int32_t> max_resolution) {
  const std::int32_t min_level = min_resolution.value_or(0);
  const std::int32_t max_level = max_resolution.value_or(kMaxResolution);
  if (auto error = check_resolution(min_level)) return *error;
  if (max_level < min_level || max_level > kMaxResolution) {
    return invalid_resolution(max_level, min_level, kMaxResolution);
  }
  if (!std::isfinite(min_lng_deg)) return not_finite("min_longitude", min_lng_deg);
  if (!std::isfinite(max_lng_deg)) return not_finite("max_longitude", max_lng_deg);
  if (!std::isfinite(min_lat_deg)) return not_finite("min_latitude", min_lat_deg);
  if (!std::isfinite(max_lat_deg)) return not_finite("max_latitude", max_lat_deg);
  if (min_lat_deg > max_lat_deg) return CellRuns{};

  const auto lat_rad = [](double lat_deg) {
    return S1Angle::Degrees(std::clamp(lat_deg, -90.0, 90.0)).radians();
  };
  const S2LatLngRect rect(R1Interval(lat_rad(min_lat_deg), lat_rad(max_lat_deg)),
                          lng_interval(min_lng_deg, max_lng_deg));

  const std::vector<S2CellId> initial = initial_cells(rect, max_level);
  CallContext counting = context;
  counting.max_cells = kQueueCells;
  const auto few = large_covering(counting, rect, initial, min_level, max_level);
  if (!few && few.error().code == ErrorCode::canceled) return few.error();
  if (!few) return large_covering(context, rect, initial, min_level, max_level);
  CellRuns cells = QueueCovering(rect, min_level, max_level).cover(initial);
  if (cells.count() > context.max_cells) {
    return too_many_cells(context, "s2_polyfill_bbox", cells.count(), false);
  }
  return cells;
}

}  // namespace geocell::s2
