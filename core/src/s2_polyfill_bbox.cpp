#include <s2/s2cell.h>
#include <s2/s2latlng_rect.h>
#include <s2/s2region_coverer.h>

#include <algorithm>
#include <cmath>

#include "geocell/s2.hpp"
#include "s2_internal.hpp"

namespace geocell::s2 {
namespace {

constexpr int kMaxCells =
    8;  // CARTO's; a wish, not a limit: min_resolution and the rectangle's shape may need more
// S2RegionCoverer starts from at most this many cells (s2region_coverer.cc, GetInitialCandidates).
constexpr int kInitialCells = 4;
// Coverings that take more cells of min_resolution than this are not left to S2RegionCoverer, which can
// neither be interrupted nor limited.
constexpr std::uint64_t kCovererCells = 1000;
constexpr std::uint64_t kCellsPerPoll = 256;

S1Interval lng_interval(double min_lng_deg, double max_lng_deg) {
  if (max_lng_deg - min_lng_deg >= 360) return S1Interval::Full();
  const auto wrap_rad = [](double lng_deg) {
    const double lng = std::remainder(lng_deg, 360.0);
    return S1Angle::Degrees(lng == -180 ? 180 : lng).radians();  // S2 writes the antimeridian as +pi
  };
  return {wrap_rad(min_lng_deg), wrap_rad(max_lng_deg)};
}

// What S2RegionCoverer answers when the covering needs more than kMaxCells cells of min_level: it then
// divides a cell only down to min_level, or when just one of its children is needed.
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
      return too_many_cells("s2_polyfill_bbox", cells_.count() + count, true, context_.max_cells);
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

Result<CellRuns> large_covering(const CallContext& context, const S2LatLngRect& rect, int min_level,
                                int max_level) {
  S2RegionCoverer coverer;
  coverer.mutable_options()->set_max_cells(kInitialCells);
  std::vector<S2CellId> initial;
  coverer.GetFastCovering(rect, &initial);
  std::ranges::sort(initial, {}, to_signed);
  LargeCovering covering(context, rect, min_level, max_level);
  for (const S2CellId id : initial) {
    if (auto error = covering.visit(S2Cell(id))) return *error;
  }
  return covering.take_cells();
}

CellRuns small_covering(const S2LatLngRect& rect, int min_level, int max_level) {
  S2RegionCoverer coverer;
  coverer.mutable_options()->set_max_cells(kMaxCells);
  coverer.mutable_options()->set_min_level(min_level);
  coverer.mutable_options()->set_max_level(max_level);
  std::vector<S2CellId> ids;
  coverer.GetCovering(rect).Denormalize(min_level, 1, &ids);
  std::ranges::sort(ids, {}, to_signed);
  CellRuns cells;
  for (const S2CellId id : ids) cells.append(to_signed(id), 1, id_stride(id.level()));
  return cells;
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

  CallContext counting = context;
  counting.max_cells = kCovererCells;
  auto covering = large_covering(counting, rect, min_level, max_level);
  if (!covering && covering.error().code == ErrorCode::canceled) return covering.error();
  if (!covering) return large_covering(context, rect, min_level, max_level);
  CellRuns cells = small_covering(rect, min_level, max_level);
  if (cells.count() > context.max_cells) {
    return too_many_cells("s2_polyfill_bbox", cells.count(), false, context.max_cells);
  }
  return cells;
}

}  // namespace geocell::s2
