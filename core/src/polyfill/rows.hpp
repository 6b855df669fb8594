// A cache of the latitudes of grid lines: each costs an exp and an atan.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace geocell::polyfill {

// A block is a square of 2^kBlockLevels x 2^kBlockLevels cells below one node: what a 64-bit mask holds.
inline constexpr int kBlockLevels = 3;
inline constexpr std::size_t kBlockRows = std::size_t{1} << kBlockLevels;

// Of a node that is split into rows: minus infinity; the southern edges of its rows, from the south; its
// northern edge; then infinity to the end.
using BlockLines = std::array<double, kBlockRows + 3>;
// Of the lines through the centres of its rows; then infinity to the end.
using BlockCenters = std::array<double, kBlockRows>;

// Not thread-safe. A reference is valid until the next call of the same function.
class RowLats {
 public:
  // In degrees, of row `row` of the nodes at `level`, split into 2^levels rows.
  // REQUIRES: levels <= kBlockLevels, level + levels <= kMaxResolution
  const BlockLines& lines_deg(int level, std::uint32_t row, int levels);
  const BlockCenters& centers_deg(int level, std::uint32_t row, int levels);

 private:
  template <class Lats>
  struct Table {
    static constexpr std::size_t kSlots = 512;
    // For each slot, its node's row, level and `levels` + 1, packed; 0, which no node has, for an empty slot.
    std::array<std::uint64_t, kSlots> nodes{};
    std::array<Lats, kSlots> lats_deg;

    // The node's slot, and whether it is still to be filled.
    std::pair<Lats&, bool> at(int level, std::uint32_t row, int levels);
  };
  template <class Lats>
  static Table<Lats>& made(std::unique_ptr<Table<Lats>>& table);

  std::unique_ptr<Table<BlockLines>> lines_;
  std::unique_ptr<Table<BlockCenters>> centers_;
};

}  // namespace geocell::polyfill
