#include "core/src/polyfill/rows.hpp"

#include <limits>

#include "geocell/quadbin.hpp"

namespace geocell::polyfill {

template <class Lats>
std::pair<Lats&, bool> RowLats::Table<Lats>::at(int level, std::uint32_t row, int levels) {
  // Neighbouring rows of one level go to neighbouring slots; each level begins elsewhere.
  const std::size_t slot = (row + static_cast<std::size_t>(level) * 61) % kSlots;
  const std::uint64_t node = std::uint64_t{row} << 16 | static_cast<std::uint64_t>(level) << 8 |
                             static_cast<std::uint64_t>(levels + 1);
  const bool missing = nodes[slot] != node;
  nodes[slot] = node;
  return {lats_deg[slot], missing};
}

template <class Lats>
RowLats::Table<Lats>& RowLats::made(std::unique_ptr<Table<Lats>>& table) {
  if (!table) table.reset(new Table<Lats>);  // not make_unique: the latitudes need no zeros
  return *table;
}

const BlockLines& RowLats::lines_deg(int level, std::uint32_t row, int levels) {
  auto [lats_deg, missing] = made(lines_).at(level, row, levels);
  if (missing) {
    const std::uint32_t rows = std::uint32_t{1} << levels;
    lats_deg.fill(std::numeric_limits<double>::infinity());
    lats_deg[0] = -lats_deg[0];
    for (std::uint32_t i = 0; i <= rows; ++i) {
      lats_deg[1 + i] = quadbin::row_lat_deg(level + levels, (row + 1) * rows - i);
    }
  }
  return lats_deg;
}

const BlockCenters& RowLats::centers_deg(int level, std::uint32_t row, int levels) {
  auto [lats_deg, missing] = made(centers_).at(level, row, levels);
  if (missing) {
    const std::uint32_t rows = std::uint32_t{1} << levels;
    lats_deg.fill(std::numeric_limits<double>::infinity());
    for (std::uint32_t i = 0; i < rows; ++i) {
      lats_deg[i] = quadbin::row_lat_deg(level + levels + 1, 2 * ((row + 1) * rows - i) - 1);
    }
  }
  return lats_deg;
}

}  // namespace geocell::polyfill
