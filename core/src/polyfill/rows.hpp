// The latitudes of the grid lines that a walk asks for, kept: each costs an exp and an atan.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace geocell::polyfill {

// A block is the square of 2^kBlockLevels x 2^kBlockLevels cells below one node: what one 64-bit mask holds.
inline constexpr int kBlockLevels = 3;
inline constexpr std::size_t kBlockRows = std::size_t{1} << kBlockLevels;

// Of a node that is split into rows, from the south: minus infinity; the southern edges of the rows, then the
// northern edge; then infinity to the end.
using BlockLines = std::array<double, kBlockRows + 3>;
// Of the lines through the centres of its rows; then infinity to the end.
using BlockCenters = std::array<double, kBlockRows>;

// Not for several threads at once. A reference holds until the next call of the same function.
class RowLats {
 public:
  // In degrees, of node row `row` at `level` split into 2^levels rows, levels <= kBlockLevels.
  // REQUIRES: level + levels <= kMaxResolution
  const BlockLines& lines_deg(int level, std::uint32_t row, int levels);
  const BlockCenters& centers_deg(int level, std::uint32_t row, int levels);

 private:
  template <class Lats>
  struct Table {
    static constexpr std::size_t kSlots = 512;
    // Level, number of levels and row of the node in each slot; 0, which no node has: nothing.
    std::array<std::uint64_t, kSlots> nodes{};
    std::array<Lats, kSlots> lats_deg;

    // The slot of the node, and whether it must be filled.
    std::pair<Lats&, bool> at(int level, std::uint32_t row, int levels);
  };
  template <class Lats>
  static Table<Lats>& made(std::unique_ptr<Table<Lats>>& table);

  std::unique_ptr<Table<BlockLines>> lines_;
  std::unique_ptr<Table<BlockCenters>> centers_;
};

}  // namespace geocell::polyfill
