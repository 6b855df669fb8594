#include "polyfill_rows.hpp"

#include <algorithm>

#include "geocell/quadbin.hpp"

namespace geocell::quadbin {

void RowLats::set_resolution(int resolution) {
  if (!tables_) {
    tables_ = std::make_unique_for_overwrite<Tables>();
    for (auto& level : tables_->middles) level.fill({kNone, 0});
  }
  if (resolution == resolution_) return;
  resolution_ = resolution;
  tables_->lines.rows.fill(kNone);
  tables_->centers.rows.fill(kNone);
}

double RowLats::middle_deg(int level, std::uint32_t row) {
  Middle& kept = tables_->middles[static_cast<std::size_t>(level)][row % kMiddlesKept];
  if (kept.row != row) kept = {row, row_lat_deg(level + 1, 2 * row + 1)};
  return kept.lat_deg;
}

const BlockLines& RowLats::lines(std::uint32_t row) {
  const std::uint32_t rows = std::uint32_t{1} << std::min(kBlockLevels, resolution_);
  const std::size_t slot = row / rows % kBlocksKept;
  BlockLines& kept = tables_->lines.lats_deg[slot];
  if (tables_->lines.rows[slot] != row) {
    for (std::uint32_t i = 0; i <= rows; ++i) kept[i] = row_lat_deg(resolution_, row + rows - i);
    tables_->lines.rows[slot] = row;
  }
  return kept;
}

const BlockCenters& RowLats::centers(std::uint32_t row) {
  const std::uint32_t rows = std::uint32_t{1} << std::min(kBlockLevels, resolution_);
  const std::size_t slot = row / rows % kBlocksKept;
  BlockCenters& kept = tables_->centers.lats_deg[slot];
  if (tables_->centers.rows[slot] != row) {
    for (std::uint32_t i = 0; i < rows; ++i) kept[i] = row_lat_deg(resolution_ + 1, 2 * (row + rows - i) - 1);
    tables_->centers.rows[slot] = row;
  }
  return kept;
}

}  // namespace geocell::quadbin
