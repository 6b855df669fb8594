// The latitudes of the grid lines that a walk asks for, kept: each costs an exp and an atan.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace geocell::quadbin {

// A block is the square of 2^kBlockLevels x 2^kBlockLevels cells below one node: what one 64-bit mask holds.
inline constexpr int kBlockLevels = 3;
inline constexpr std::size_t kBlockCells = std::size_t{1} << kBlockLevels;

// Of one row of blocks, from the south: the southern edges of its rows of cells and, last, the northern edge.
using BlockLines = std::array<double, kBlockCells + 1>;
// The same of the lines through the centres of the cells.
using BlockCenters = std::array<double, kBlockCells>;

// Of the row lines of one resolution. Not for several threads at once.
class RowLats {
 public:
  void set_resolution(int resolution);

  // Latitude of the line through the middle of row `row` at `level` (0..25).
  double middle_deg(int level, std::uint32_t row);
  // In degrees, of the row of blocks that starts at row `row` from the north. REQUIRES: row is a multiple of
  // the number of rows in a block. The references hold until the next call.
  const BlockLines& lines(std::uint32_t row);
  const BlockCenters& centers(std::uint32_t row);

 private:
  static constexpr std::uint32_t kNone = UINT32_MAX;
  static constexpr std::size_t kBlocksKept = 256;
  static constexpr std::size_t kMiddlesKept = 64;  // of each level
  static constexpr std::size_t kLevels = 26;
  struct Middle {
    std::uint32_t row;
    double lat_deg;
  };
  template <class Lats>
  struct Blocks {
    std::array<std::uint32_t, kBlocksKept> rows;
    std::array<Lats, kBlocksKept> lats_deg;
  };
  struct Tables {
    Blocks<BlockLines> lines;
    Blocks<BlockCenters> centers;
    std::array<std::array<Middle, kMiddlesKept>, kLevels> middles;
  };

  int resolution_ = -1;
  std::unique_ptr<Tables> tables_;
};

}  // namespace geocell::quadbin
