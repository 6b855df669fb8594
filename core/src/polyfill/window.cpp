#include "core/src/polyfill/window.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

#include "core/src/polyfill/levels.hpp"
#include "core/src/quadbin/checks.hpp"
#include "geocell/quadbin.hpp"

namespace geocell::polyfill {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr std::uint64_t kAll = ~std::uint64_t{0};
constexpr int kMaxColumns = 64;

// [i]: the columns before column i - 1, as bits; i - 1 from -1 to 66.
constexpr auto kColumnsBefore = [] {
  std::array<std::uint64_t, kMaxColumns + 4> masks{};
  for (std::size_t i = 0; i < masks.size(); ++i) {
    const std::size_t column = i == 0 ? 0 : i - 1;
    masks[i] = column >= kMaxColumns ? kAll : (std::uint64_t{1} << column) - 1;
  }
  return masks;
}();
std::uint64_t columns_before(int column) { return kColumnsBefore[static_cast<std::size_t>(column) + 1]; }

// Eight rows of a bitmap, which are eight blocks side by side, to the row-major masks of these blocks: byte r
// of rows[i] is exchanged with byte i of rows[r].
void transpose_bytes(std::array<std::uint64_t, kBlockRows>& rows) {
  constexpr std::array<std::uint64_t, 3> kLow = {0x00000000'ffffffff, 0x0000ffff'0000ffff,
                                                 0x00ff00ff'00ff00ff};
  std::size_t distance = 4;
  for (const std::uint64_t low : kLow) {
    const int bits = static_cast<int>(8 * distance);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if ((i & distance) != 0) continue;
      const std::uint64_t change = ((rows[i] >> bits) ^ rows[i + distance]) & low;
      rows[i] ^= change << bits;
      rows[i + distance] ^= change;
    }
    distance /= 2;
  }
}

// A number below 8 with its bits spread to the even positions, as Morton order has them.
constexpr std::array<std::uint32_t, kBlockRows> kEverySecondBit = {0, 1, 4, 5, 16, 17, 20, 21};

// The rows, from the north, that two latitudes lie in, as real numbers: not nearer to each other than they
// are, and off by far less than a row (docs/design/polyfill.md).
struct RowsNear {
  double north, south;
};
RowsNear rows_near(double north_deg, double south_deg, double rows) {
  // From the end that is farther from the equator, where a degree holds the most rows.
  const bool from_north = std::fabs(north_deg) > std::fabs(south_deg);
  const double sin_lat = std::sin((from_north ? north_deg : south_deg) * std::numbers::pi / 180);
  const double row = quadbin::mercator_row(sin_lat, rows);
  const double height = (north_deg - south_deg) * rows / (360 * std::sqrt(1 - sin_lat * sin_lat));
  return from_north ? RowsNear{row, row + height} : RowsNear{row - height, row};
}

// One side of a window: columns or rows of cells.
struct Side {
  std::uint32_t begin;
  int count;
};
// The cells from `first` to `last`, and one more at each end, rounded outward to whole blocks; nothing if
// they are too many or leave the grid.
std::optional<Side> whole_blocks(double first, double last, double grid_cells) {
  constexpr double kBlock = kBlockRows;
  const double begin = std::floor((first - 1) / kBlock) * kBlock;
  const double end = std::floor((last + 1) / kBlock) * kBlock + kBlock;
  if (!(begin >= 0 && end <= grid_cells && end - begin <= kMaxColumns)) return std::nullopt;
  return Side{static_cast<std::uint32_t>(begin), static_cast<int>(end - begin)};
}

}  // namespace

std::optional<WindowPlace> window_around(const Box& bounds, int world, int resolution) {
  constexpr double kOnTheMapDeg = 85;
  const double per_deg = columns_per_deg(resolution);
  const double world_west_deg = 360.0 * world - 180;
  const double grid_cells = std::uint32_t{1} << resolution;
  // A row is never higher than a column is wide.
  if ((bounds.east_deg - bounds.west_deg) * per_deg > kMaxColumns ||
      (bounds.north_deg - bounds.south_deg) * per_deg > kMaxColumns || bounds.south_deg < -kOnTheMapDeg ||
      bounds.north_deg > kOnTheMapDeg) {
    return std::nullopt;
  }
  const auto columns = whole_blocks((bounds.west_deg - world_west_deg) * per_deg,
                                    (bounds.east_deg - world_west_deg) * per_deg, grid_cells);
  if (!columns) return std::nullopt;
  const auto [north, south] = rows_near(bounds.north_deg, bounds.south_deg, grid_cells);
  const auto rows = whole_blocks(north, south, grid_cells);
  if (!rows) return std::nullopt;
  return WindowPlace{columns->begin,
                     rows->begin,
                     columns->count,
                     rows->count,
                     world_west_deg + columns->begin * column_width_deg(resolution),
                     false,
                     true};
}

void Window::Bitmaps::met(int row, int first, int last) {
  met_[static_cast<std::size_t>(row)] |= columns_before(last + 1) & ~columns_before(first);
}

void Window::Bitmaps::toggle(int row, int first) {
  toggled_[static_cast<std::size_t>(row)] ^= ~columns_before(first);
}

Window::Window(const WindowPlace& place, int resolution, CellTest test, RowLats& rows)
    : place_(place), resolution_(resolution), test_(test) {
  const auto count = static_cast<std::size_t>(place.rows);
  std::fill_n(bits_.met_.begin(), count, 0);
  std::fill_n(bits_.toggled_.begin(), count, 0);
  read_lats(rows);
  const double width_deg = column_width_deg(resolution);
  const double per_deg = columns_per_deg(resolution);
  grid_ = {place.west_deg, width_deg, per_deg, place.columns, place.rows, lats_deg_.data() + 1};
  if (test == CellTest::center) {
    grid_.width_deg = width_deg / 2;
    grid_.per_deg = 2 * per_deg;
    grid_.columns = 2 * place.columns;
  }
}

void Window::read_lats(RowLats& rows) {
  lats_deg_[0] = -kInfinity;
  const int levels = std::min(resolution_, kBlockLevels);
  const int level = resolution_ - levels;
  const auto block_rows = std::uint32_t{1} << levels;
  const std::uint32_t first = place_.y / block_rows;
  const std::uint32_t last = (place_.y + static_cast<std::uint32_t>(place_.rows) - 1) / block_rows;
  std::size_t at = 1;
  if (test_ == CellTest::center) {
    // Only a part that crosses the west side needs it.
    south_deg_ = place_.encloses ? -kInfinity : rows.lines_deg(level, last, levels)[1];
    for (std::uint32_t block = last + 1; block-- > first; at += block_rows) {
      const BlockCenters& centers_deg = rows.centers_deg(level, block, levels);
      std::copy_n(centers_deg.begin(), block_rows, lats_deg_.begin() + static_cast<std::ptrdiff_t>(at));
    }
  } else {
    for (std::uint32_t block = last + 1; block-- > first; at += block_rows) {
      const BlockLines& lines_deg = rows.lines_deg(level, block, levels);
      // With the block's northern edge; the next block overwrites it with its southern one, the same line.
      std::copy_n(lines_deg.begin() + 1, block_rows + 1, lats_deg_.begin() + static_cast<std::ptrdiff_t>(at));
    }
    south_deg_ = lats_deg_[1];
    ++at;
  }
  lats_deg_[at] = kInfinity;
}

void Window::add(const Points& points, Chain chain) {
  if (test_ == CellTest::center) {
    add_centers(points, chain);
  } else if (touching_counts(test_)) {
    add_boxes<true>(points, chain);
  } else {
    add_boxes<false>(points, chain);
  }
}

void Window::add_centers(const Points& points, Chain chain) {
  const double* const lines = grid_.lats_deg;
  const double west_deg = grid_.west_deg;
  LngLat from = points[chain.begin];
  int from_row = lines_below(lines, from.lat_deg, grid_.rows / 2);
  for (std::uint32_t i = chain.begin; i != chain.end; ++i) {
    const LngLat to = points[i + 1];
    const int to_row = lines_below(lines, to.lat_deg, from_row);
    if (from.lat_deg <= to.lat_deg) {
      trace_centers(grid_, south_deg_, from, to, from_row, to_row, bits_);
    } else {
      trace_centers(grid_, south_deg_, to, from, to_row, from_row, bits_);
    }
    from = to;
    from_row = to_row;
    // As long as the boundary reaches no centre's latitude and does not cross the west side, it does nothing.
    if (lines[to_row] == to.lat_deg || to.lng_deg == west_deg) continue;
    const bool east = to.lng_deg > west_deg;
    const Box home{east ? west_deg : -kInfinity, lines[to_row - 1], east ? kInfinity : west_deg,
                   lines[to_row]};
    i = points.first_outside(home, i + 2, chain.end) - 2;
    from = points[i + 1];
  }
}

template <bool kClosed>
void Window::add_boxes(const Points& points, Chain chain) {
  Vertex from = vertex_at(grid_, points[chain.begin], grid_.rows / 2);
  for (std::uint32_t i = chain.begin; i != chain.end; ++i) {
    const Vertex to = vertex_at(grid_, points[i + 1], from.row);
    trace_boxes<kClosed>(grid_, from, to, bits_);
    from = to;
    // As long as the boundary stays in the open box of the cell that it has reached, it does nothing new.
    if (const auto home = home_of(grid_, to)) {
      i = points.first_outside(home->box, i + 2, chain.end) - 2;
      from.point = points[i + 1];
    }
  }
}

std::uint64_t Window::cells_of_row(std::size_t row, bool area) const {
  const std::uint64_t met = bits_.met_[row];
  std::uint64_t inside = 0;
  if (area) {
    const bool corner_inside = place_.inside != ((bits_.toggled_rows_ >> row & 1) != 0);
    inside = bits_.toggled_[row] ^ (corner_inside ? kAll : 0);
  }
  const bool either = test_ == CellTest::center || test_ == CellTest::intersects;
  return (either ? inside | met : inside & ~met) & columns_before(place_.columns);
}

// Calls take(x, y, cells) for each block with cells, a row-major mask; x, y count blocks from the north-west.
template <class Take>
void Window::for_each_block(bool area, const Take& take) const {
  constexpr auto kSize = static_cast<std::uint32_t>(kBlockRows);
  const auto block_columns = static_cast<std::uint32_t>(place_.columns) / kSize;
  const auto block_rows = static_cast<std::uint32_t>(place_.rows) / kSize;
  for (std::uint32_t row = 0; row < block_rows; ++row) {
    std::array<std::uint64_t, kBlockRows> cells;
    std::uint64_t any = 0;
    for (std::size_t i = 0; i < kBlockRows; ++i) any |= cells[i] = cells_of_row(row * kBlockRows + i, area);
    if (any == 0) continue;
    transpose_bytes(cells);
    for (std::uint32_t x = 0; x < block_columns; ++x) {
      if (cells[x] != 0) take(x, block_rows - 1 - row, cells[x]);
    }
  }
}

void Window::emit(bool area, CellRuns& out) const {
  const std::uint64_t stride = quadbin::id_stride(resolution_);
  if (resolution_ < kBlockLevels) {  // the whole grid is smaller than a block: a bitmap's row fits in a byte
    std::uint64_t cells = 0;
    for (std::size_t row = 0; row < static_cast<std::size_t>(place_.rows); ++row) {
      cells |= cells_of_row(row, area) << (8 * row);
    }
    cells = in_id_order(cells, resolution_);
    if (cells != 0) out.append_mask(quadbin::encode_unchecked({resolution_, 0, 0}), cells, stride);
    return;
  }
  if (out.runs().empty()) out.reserve(static_cast<std::size_t>(place_.columns * place_.rows) / 64);
  const auto append = [&](std::int64_t first_id, BoxMask cells) {
    out.append_mask(first_id, in_id_order(cells, kBlockLevels), stride);
  };
  if (place_.encloses) {
    struct Block {
      std::int64_t first_id;
      BoxMask cells;
    };
    std::array<Block, kMaxBlocks> blocks;
    std::size_t count = 0;
    for_each_block(area, [&](std::uint32_t x, std::uint32_t y, BoxMask cells) {
      const auto size = static_cast<std::uint32_t>(kBlockRows);
      blocks[count++] = {quadbin::encode_unchecked({resolution_, place_.x + x * size, place_.y + y * size}),
                         cells};
    });
    std::sort(blocks.begin(), blocks.begin() + static_cast<std::ptrdiff_t>(count),
              [](const Block& a, const Block& b) { return a.first_id < b.first_id; });
    for (std::size_t i = 0; i < count; ++i) append(blocks[i].first_id, blocks[i].cells);
    return;
  }
  // The blocks of a node in id order: a counting sort by their numbers.
  std::array<BoxMask, kMaxBlocks> blocks;
  std::uint64_t used = 0;
  for_each_block(area, [&](std::uint32_t x, std::uint32_t y, BoxMask cells) {
    const std::uint32_t number = kEverySecondBit[x] | kEverySecondBit[y] << 1;
    blocks[number] = cells;
    used |= std::uint64_t{1} << number;
  });
  const std::int64_t first_id = quadbin::encode_unchecked({resolution_, place_.x, place_.y});
  for (; used != 0; used &= used - 1) {
    const auto number = static_cast<std::uint32_t>(std::countr_zero(used));
    append(first_id + static_cast<std::int64_t>(stride * 64 * number), blocks[number]);
  }
}

}  // namespace geocell::polyfill
