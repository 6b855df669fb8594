// Parents, children and ranges: arithmetic on ids along the Z-curve.
#include "core/src/quadbin/checks.hpp"
#include "geocell/quadbin.hpp"

namespace geocell::quadbin {

Result<std::int64_t> to_parent(std::int64_t cell, std::int32_t resolution) {
  if (!is_valid_id(cell)) return invalid_cell(cell);
  const std::int32_t own = resolution_unchecked(cell);
  if (resolution < 0 || resolution > own) return invalid_resolution(resolution, 0, own);
  return ancestor(cell, resolution);
}

Result<CellRuns> to_children(const CallContext& context, std::int64_t cell, std::int32_t resolution) {
  const auto ends = range(cell, resolution);
  if (!ends) return ends.error();
  const std::uint64_t count = descendant_count(resolution_unchecked(cell), resolution);
  if (count > context.max_cells) return too_many_cells(context, "quadbin_tochildren", count, false);
  CellRuns cells;
  cells.append(ends->front(), count, id_stride(resolution));
  return cells;
}

Result<std::array<std::int64_t, 2>> range(std::int64_t cell, std::int32_t resolution) {
  if (!is_valid_id(cell)) return invalid_cell(cell);
  const std::int32_t own = resolution_unchecked(cell);
  if (resolution < own || resolution > kMaxResolution)
    return invalid_resolution(resolution, own, kMaxResolution);
  const std::int64_t first = first_descendant(cell, resolution);
  const std::uint64_t span = (descendant_count(own, resolution) - 1) * id_stride(resolution);
  return std::array{first, first + static_cast<std::int64_t>(span)};
}

}  // namespace geocell::quadbin
