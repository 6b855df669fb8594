#include "geocell/polyfill.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "core/src/polyfill/source.hpp"
#include "core/src/quadbin/checks.hpp"
#include "geocell/quadbin.hpp"
#include "geocell/workspace.hpp"

namespace geocell {

namespace quadbin {
namespace {

using polyfill::CellTest;
using polyfill::PolyfillSource;
using polyfill::RowLats;
using polyfill::Shape;

// Why Shape::create() refused the geometry.
Error coordinate_far_from_the_map(const Geometry& geometry) {
  const auto check = [](std::string_view what, double value) -> Result<void> {
    if (!std::isfinite(value)) return not_finite(what, value);
    if (std::fabs(value) <= kMaxPolyfillDeg) return {};
    const std::string limit = to_text(kMaxPolyfillDeg);
    return invalid_value(what, to_text(value), "degrees between -" + limit + " and " + limit);
  };
  for (const LngLat& point : geometry.points) {
    if (auto ok = check("longitude", point.lng_deg); !ok) return ok.error();
    if (auto ok = check("latitude", point.lat_deg); !ok) return ok.error();
  }
  return {ErrorCode::internal, "polyfill refused a geometry without a reason"};
}

CellTest test_of(PolyfillMode mode) {
  switch (mode) {
    case PolyfillMode::center:
      return CellTest::center;
    case PolyfillMode::intersects:
      return CellTest::intersects;
    case PolyfillMode::contains:
      return CellTest::contains;
  }
  return CellTest::center;
}

// The mode of an SQL call, which may leave it out.
Result<PolyfillMode> mode_or_default(std::optional<std::string_view> mode) {
  return mode ? parse_polyfill_mode(*mode) : PolyfillMode::center;
}

// What every form of polyfill begins with: its arguments, checked, and the geometry as a shape. The geometry
// must outlive it, unless the shape owns a copy.
struct PolyfillCall {
  std::shared_ptr<const Shape> shape;
  int resolution;
  PolyfillMode mode;

  enum class Keep : std::uint8_t { reference, copy };  // of the geometry
  static Result<PolyfillCall> create(const Geometry& geometry, std::int32_t resolution,
                                     const Result<PolyfillMode>& mode, Keep keep = Keep::reference) {
    if (!mode) return mode.error();
    if (resolution < 0 || resolution > kMaxResolution) {
      return invalid_resolution(resolution, 0, kMaxResolution);
    }
    if (auto ok = require_lng_lat(geometry); !ok) return std::move(ok.error());
    auto shape = keep == Keep::copy ? Shape::create_owning(geometry, kMaxPolyfillDeg)
                                    : Shape::create(geometry, kMaxPolyfillDeg);
    if (!shape) return coordinate_far_from_the_map(geometry);
    return PolyfillCall{std::move(shape), resolution, *mode};
  }

  PolyfillSource source(const CallContext& context) const {
    return {shape, resolution, test_of(mode), kept_rows(context)};
  }
  static RowLats* kept_rows(const CallContext& context) {
    return context.workspace == nullptr ? nullptr : &context.workspace->keep<RowLats>();
  }
};

// Calls take(piece) with all cells, piece by piece; an error from take() ends it.
template <class Take>
Result<void> take_pieces(const CallContext& context, CellSource& source, const Take& take) {
  CellRuns piece;
  for (bool more = true; more;) {
    const Result<bool> next = source.more(context, piece);
    if (!next) return next.error();
    more = *next;
    if (Result<void> taken = take(piece); !taken) return taken;
    piece.clear();
  }
  return {};
}

// Joins the runs of pieces, which come in ascending order, into stretches: ids without a gap.
class Stretches {
 public:
  explicit Stretches(int resolution) : stride_(id_stride(resolution)) {}

  // Calls end(first, count) for each stretch that is known to be complete.
  template <class End>
  void add(const CellRuns& piece, const End& end) {
    for (const CellRuns::Run& run : piece.runs()) {
      const auto first = static_cast<std::uint64_t>(run.first);
      if (run.mask == 0) {
        add(first, run.count, end);
        continue;
      }
      for (std::uint64_t mask = run.mask; mask != 0;) {
        const int skipped = std::countr_zero(mask);
        const int length = std::countr_one(mask >> skipped);
        add(first + static_cast<std::uint64_t>(skipped) * stride_, static_cast<std::uint64_t>(length), end);
        mask &= ~(((std::uint64_t{1} << length) - 1) << skipped);  // a mask is never full: length < 64
      }
    }
  }
  template <class End>
  void finish(const End& end) {
    if (count_ != 0) end(first_, count_);
    count_ = 0;
  }

 private:
  template <class End>
  void add(std::uint64_t first, std::uint64_t count, const End& end) {
    if (count_ != 0 && first_ + count_ * stride_ == first) {
      count_ += count;
      return;
    }
    finish(end);
    first_ = first;
    count_ = count;
  }

  std::uint64_t stride_;
  std::uint64_t first_ = 0;
  std::uint64_t count_ = 0;
};

// Appends the fewest cells that cover exactly the `count` cells from id `first` on.
void append_compact(std::vector<std::int64_t>& out, int resolution, std::uint64_t first,
                    std::uint64_t count) {
  const std::uint64_t stride = id_stride(resolution);
  const auto base = static_cast<std::uint64_t>(encode_unchecked({resolution, 0, 0}));
  std::uint64_t at = (first - base) / stride;  // position on the Z-curve
  while (count != 0) {
    const int aligned = at == 0 ? resolution : std::countr_zero(at) / 2;
    const int fits = (static_cast<int>(std::bit_width(count)) - 1) / 2;
    const int up = std::min({aligned, fits, resolution});
    out.push_back(ancestor(static_cast<std::int64_t>(base + at * stride), resolution - up));
    at += std::uint64_t{1} << (2 * up);
    count -= std::uint64_t{1} << (2 * up);
  }
}

// The lowest id at `resolution` that comes after all of the cell `after`; 0 if `after` is 0.
Result<std::uint64_t> first_id_after(std::int64_t after, std::int32_t resolution) {
  if (after == 0) return std::uint64_t{0};
  if (!is_valid_id(after)) return invalid_cell(after);
  const std::int32_t own = resolution_unchecked(after);
  if (own > resolution) {
    return invalid_value(
        "quadbin cell", std::to_string(after),
        "of resolution " + std::to_string(resolution) + " or coarser, not " + std::to_string(own));
  }
  return static_cast<std::uint64_t>(first_descendant(after, resolution)) + id_stride(own);
}

struct Stretch {
  std::uint64_t first;
  std::uint64_t count;
};

Result<std::vector<Stretch>> stretches_of(const CallContext& context, CellSource& source, int resolution) {
  std::vector<Stretch> all;
  Stretches stretches(resolution);
  const auto keep = [&](std::uint64_t first, std::uint64_t count) { all.push_back({first, count}); };
  const auto taken = take_pieces(context, source, [&](const CellRuns& piece) -> Result<void> {
    stretches.add(piece, keep);
    return {};
  });
  if (!taken) return taken.error();
  stretches.finish(keep);
  return all;
}

}  // namespace

Result<CellRuns> polyfill_cells(const CallContext& context, const Geometry& geometry, std::int32_t resolution,
                                PolyfillMode mode) {
  const auto call = PolyfillCall::create(geometry, resolution, mode);
  if (!call) return call.error();
  PolyfillSource source = call->source(context);
  CellRuns cells;
  for (bool more = true; more;) {
    const Result<bool> next = source.more(context, cells);
    if (!next) return next.error();
    more = *next;
    if (cells.count() > context.max_cells) {
      return too_many_cells(context, "quadbin_polyfill", cells.count(), /*at_least=*/more);
    }
  }
  return cells;
}

Result<CellRuns> polyfill(const CallContext& context, const Geometry& geometry, std::int32_t resolution,
                          std::optional<std::string_view> mode) {
  const auto parsed = mode_or_default(mode);
  if (!parsed) return parsed.error();
  return polyfill_cells(context, geometry, resolution, *parsed);
}

Result<CellStream> polyfill_stream(const Geometry& geometry, std::int32_t resolution,
                                   std::optional<std::string_view> mode) {
  const auto call =
      PolyfillCall::create(geometry, resolution, mode_or_default(mode), PolyfillCall::Keep::copy);
  if (!call) return call.error();
  return CellStream(std::make_unique<PolyfillSource>(call->source({})));
}

Result<std::int64_t> polyfill_count(const CallContext& context, const Geometry& geometry,
                                    std::int32_t resolution, std::optional<std::string_view> mode) {
  const auto call = PolyfillCall::create(geometry, resolution, mode_or_default(mode));
  if (!call) return call.error();
  PolyfillSource source = call->source(context);
  std::uint64_t count = 0;
  const auto taken = take_pieces(context, source, [&](const CellRuns& piece) -> Result<void> {
    count += piece.count();
    return {};
  });
  if (!taken) return taken.error();
  return static_cast<std::int64_t>(count);
}

Result<std::vector<std::int64_t>> polyfill_compact(const CallContext& context, const Geometry& geometry,
                                                   std::int32_t resolution,
                                                   std::optional<std::string_view> mode) {
  const auto call = PolyfillCall::create(geometry, resolution, mode_or_default(mode));
  if (!call) return call.error();
  PolyfillSource source = call->source(context);
  std::vector<std::int64_t> out;
  Stretches stretches(resolution);
  const auto compact = [&](std::uint64_t first, std::uint64_t count) {
    append_compact(out, resolution, first, count);
  };
  const auto taken = take_pieces(context, source, [&](const CellRuns& piece) -> Result<void> {
    stretches.add(piece, compact);
    if (out.size() <= context.max_cells) return {};
    return too_many_cells(context, "quadbin_polyfill_compact", out.size(), /*at_least=*/true);
  });
  if (!taken) return taken.error();
  stretches.finish(compact);
  return out;
}

Result<std::vector<std::int64_t>> polyfill_page(const CallContext& context, const Geometry& geometry,
                                                std::int32_t resolution, std::string_view mode,
                                                std::int64_t after, std::int32_t max_cells) {
  const auto call = PolyfillCall::create(geometry, resolution, parse_polyfill_mode(mode));
  if (!call) return call.error();
  const Result<std::uint64_t> begin = first_id_after(after, resolution);
  if (!begin) return begin.error();
  if (max_cells < 1) {
    return invalid_value("maximum number of cells", std::to_string(max_cells), "1 or more");
  }
  const auto wanted = static_cast<std::size_t>(max_cells);
  const std::uint64_t stride = id_stride(resolution);
  PolyfillSource source = call->source(context);
  std::vector<std::int64_t> page;
  Stretches stretches(resolution);
  const auto compact = [&](std::uint64_t first, std::uint64_t count) {
    const std::uint64_t end = first + count * stride;
    if (end <= *begin || page.size() >= wanted) return;
    const std::uint64_t from = std::max(first, *begin);
    append_compact(page, resolution, from, (end - from) / stride);
  };
  CellRuns piece;
  for (bool more = true; more && page.size() < wanted;) {
    const Result<bool> next = source.more(context, piece);
    if (!next) return next.error();
    more = *next;
    stretches.add(piece, compact);
    piece.clear();
    if (!more) stretches.finish(compact);
  }
  page.resize(std::min(page.size(), wanted));
  if (page.size() <= context.max_cells) return page;
  return Error{ErrorCode::limit_exceeded,
               "quadbin_polyfill_page would return " + std::to_string(page.size()) +
                   " cells, more than the limit of " + std::to_string(context.max_cells) +
                   "; ask for fewer cells a page"};
}

Result<std::vector<CellRange>> polyfill_ranges(const CallContext& context, const Geometry& geometry,
                                               std::int32_t resolution,
                                               std::optional<std::string_view> mode) {
  const auto call = PolyfillCall::create(geometry, resolution, mode_or_default(mode));
  if (!call) return call.error();
  PolyfillSource interior_source(call->shape, resolution, CellTest::interior,
                                 PolyfillCall::kept_rows(context));
  const auto interior = stretches_of(context, interior_source, resolution);
  if (!interior) return interior.error();
  PolyfillSource source = call->source(context);
  const auto all = stretches_of(context, source, resolution);
  if (!all) return all.error();

  // The interior's cells are in every mode's answer: each of its stretches lies within one of `all` and
  // splits it.
  const std::uint64_t stride = id_stride(resolution);
  std::vector<CellRange> ranges;
  const auto add = [&](std::uint64_t first, std::uint64_t count, bool is_interior) {
    if (count == 0) return;
    ranges.push_back({static_cast<std::int64_t>(first),
                      static_cast<std::int64_t>(first + (count - 1) * stride), is_interior});
  };
  auto inner = interior->begin();
  for (Stretch rest : *all) {
    for (; inner != interior->end() && inner->first < rest.first + rest.count * stride; ++inner) {
      const std::uint64_t before = (inner->first - rest.first) / stride;
      add(rest.first, before, false);
      add(inner->first, inner->count, true);
      rest = {inner->first + inner->count * stride, rest.count - before - inner->count};
    }
    add(rest.first, rest.count, false);
    if (ranges.size() > context.max_cells) {
      return too_many_cells(context, "quadbin_polyfill_ranges", ranges.size(), /*at_least=*/true);
    }
  }
  return ranges;
}

}  // namespace quadbin
}  // namespace geocell
