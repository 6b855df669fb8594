// Neighbours on the grid: columns wrap around the world, rows end at the first and the last.
#include <algorithm>

#include "core/src/quadbin/checks.hpp"
#include "geocell/quadbin.hpp"

namespace geocell::quadbin {
namespace {

constexpr std::uint32_t kPollInterval = 4096;

struct Span {
  std::uint32_t first, last;

  bool meets(Span other) const { return first <= other.last && other.first <= last; }
  bool holds(Span other) const { return first <= other.first && other.last <= last; }
};

// The tiles of a filled square around an origin: one span of rows, and one or, where it crosses the
// antimeridian, two spans of columns that do not overlap.
struct Square {
  std::int32_t z;
  Span rows;
  std::array<Span, 2> columns;
  std::uint64_t row_count, column_count;

  std::uint64_t count() const { return row_count * column_count; }
};

Square square_around(Tile origin, std::int32_t size) {
  const std::int64_t n = std::int64_t{1} << origin.z;
  const auto narrow = [](std::int64_t v) { return static_cast<std::uint32_t>(v); };
  const std::int64_t top = std::max<std::int64_t>(std::int64_t{origin.y} - size, 0);
  const std::int64_t bottom = std::min<std::int64_t>(std::int64_t{origin.y} + size, n - 1);
  const std::int64_t width = std::min<std::int64_t>(2 * std::int64_t{size} + 1, n);
  Square square{origin.z, {narrow(top), narrow(bottom)}, {}, narrow(bottom - top + 1), narrow(width)};
  const std::int64_t west = width == n ? 0 : (std::int64_t{origin.x} - size + n) % n;
  const std::int64_t before_wrap = std::min(width, n - west);
  square.columns[0] = {narrow(west), narrow(west + before_wrap - 1)};
  // Without a wrap the second span repeats the first.
  square.columns[1] = before_wrap == width ? square.columns[0] : Span{0, narrow(width - before_wrap - 1)};
  return square;
}

// Collects a square's cells in id order: down the quadtree, a whole subtree as one run, so that the work
// grows with the square's outline and not with its area.
class SquareWalk {
 public:
  SquareWalk(const CallContext& context, const Square& square) : context_(context), square_(square) {}

  Result<CellRuns> cells() {
    visit({0, 0, 0});
    if (stopped_) return canceled();
    return std::move(cells_);
  }

 private:
  void visit(Tile tile) {
    if (stopped_ || (++visited_ % kPollInterval == 0 && (stopped_ = context_.is_cancelled()))) return;
    const int deeper = square_.z - tile.z;
    const Span x{tile.x << deeper, ((tile.x + 1) << deeper) - 1};
    const Span y{tile.y << deeper, ((tile.y + 1) << deeper) - 1};
    const auto& [first, second] = square_.columns;
    if (!square_.rows.meets(y) || !(first.meets(x) || second.meets(x))) return;
    if (square_.rows.holds(y) && (first.holds(x) || second.holds(x))) {
      cells_.append(first_descendant(encode_unchecked(tile), square_.z), descendant_count(tile.z, square_.z),
                    id_stride(square_.z));
      return;
    }
    for (std::uint32_t child = 0; child < 4; ++child) {
      visit({tile.z + 1, 2 * tile.x + (child & 1), 2 * tile.y + (child >> 1)});
    }
  }

  const CallContext& context_;
  const Square& square_;
  CellRuns cells_;
  std::uint32_t visited_ = 0;
  bool stopped_ = false;
};

// The same for a few cells, for which a descent from the root costs more than sorting. Counts in x and in y
// within the id: subtracting the mask of a coordinate's bits adds one to it, with the carry passing over the
// bits between; a carry out of its top bit wraps it around the world. Source: "dilated integers", D. S. Wise,
// "Ahnentafel Indexing into Morton-Ordered Arrays", 2000.
constexpr std::size_t kFewCells = 64;

CellRuns sorted_cells(const Square& square) {
  // The bits of x are the even ones of those above the unused ones.
  const std::uint64_t x_mask = 0x0005'5555'5555'5555 & ~(id_stride(square.z) - 1);
  const std::uint64_t y_mask = x_mask << 1;
  const auto corner =
      static_cast<std::uint64_t>(encode_unchecked({square.z, square.columns[0].first, square.rows.first}));
  const std::uint64_t origin = corner & ~(x_mask | y_mask);

  std::array<std::uint64_t, kFewCells> ids;
  std::size_t count = 0;
  std::uint64_t y = corner & y_mask;
  for (std::uint64_t row = 0; row < square.row_count; ++row, y = (y - y_mask) & y_mask) {
    std::uint64_t x = corner & x_mask;
    for (std::uint64_t column = 0; column < square.column_count; ++column, x = (x - x_mask) & x_mask) {
      ids[count++] = origin | x | y;
    }
  }
  // The number of smaller ids is the place of each: no branch to mispredict.
  std::array<std::uint64_t, kFewCells> sorted;
  constexpr std::size_t kFewToCompare = 25;
  if (count <= kFewToCompare) {
    for (std::size_t i = 0; i < count; ++i) {
      std::size_t smaller = 0;
      for (std::size_t j = 0; j < count; ++j) smaller += ids[j] < ids[i] ? 1 : 0;
      sorted[smaller] = ids[i];
    }
  } else {
    sorted = ids;
    std::sort(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(count));
  }
  CellRuns cells;
  cells.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    cells.append(static_cast<std::int64_t>(sorted[i]), 1, id_stride(square.z));
  }
  return cells;
}

// `function`: as in too_many_cells().
Result<CellRuns> ring(const CallContext& context, std::int64_t origin, std::int32_t size,
                      std::string_view function) {
  if (!is_valid_id(origin)) return invalid_cell(origin);
  if (size < 0) return invalid_value("size", std::to_string(size), "0 or more");
  const Square square = square_around(decode_unchecked(origin), size);
  if (square.count() > context.max_cells) return too_many_cells(context, function, square.count(), false);
  if (square.count() <= kFewCells) return sorted_cells(square);
  return SquareWalk(context, square).cells();
}

std::string to_lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

std::uint32_t difference(std::uint32_t a, std::uint32_t b) { return a > b ? a - b : b - a; }

}  // namespace

Result<std::optional<std::int64_t>> sibling(std::int64_t cell, std::string_view direction) {
  if (!is_valid_id(cell)) return invalid_cell(cell);
  const std::string lower = to_lower(direction);
  Tile tile = decode_unchecked(cell);
  const std::uint32_t last = (std::uint32_t{1} << tile.z) - 1;
  if (lower == "left") {
    tile.x = (tile.x - 1) & last;
  } else if (lower == "right") {
    tile.x = (tile.x + 1) & last;
  } else if (lower == "up") {
    if (tile.y == 0) return std::optional<std::int64_t>();
    --tile.y;
  } else if (lower == "down") {
    if (tile.y == last) return std::optional<std::int64_t>();
    ++tile.y;
  } else {
    return invalid_value("direction", direction, "\"left\", \"right\", \"up\" or \"down\"");
  }
  return std::optional(encode_unchecked(tile));
}

Result<CellRuns> k_ring(const CallContext& context, std::int64_t origin, std::int32_t size) {
  return ring(context, origin, size, "quadbin_kring");
}

Result<std::vector<Json>> k_ring_distances(const CallContext& context, std::int64_t origin,
                                           std::int32_t size) {
  constexpr std::uint64_t kIdsPerObject = 8;  // the objects' text is that much longer than an 8-byte id
  CallContext narrow = context;
  narrow.max_cells /= kIdsPerObject;
  const auto cells = ring(narrow, origin, size, "quadbin_kring_distances");
  if (!cells) return cells.error();
  const Tile center = decode_unchecked(origin);
  const std::uint32_t columns = std::uint32_t{1} << center.z;
  std::vector<Json> distances;
  distances.reserve(cells->count());
  CellRuns::Cursor cursor(*cells);
  while (const auto cell = cursor.next()) {
    if (distances.size() % kPollInterval == 0 && context.is_cancelled()) return canceled();
    const Tile tile = decode_unchecked(*cell);
    const std::uint32_t dx = difference(tile.x, center.x);
    const std::uint32_t distance = std::max(std::min(dx, columns - dx), difference(tile.y, center.y));
    distances.push_back(
        {"{\"index\": " + std::to_string(*cell) + ", \"distance\": " + std::to_string(distance) + "}"});
  }
  return distances;
}

Result<std::optional<std::int64_t>> distance(std::int64_t origin, std::int64_t destination) {
  for (const std::int64_t cell : {origin, destination}) {
    if (!is_valid_id(cell)) return invalid_cell(cell);
  }
  const Tile a = decode_unchecked(origin);
  const Tile b = decode_unchecked(destination);
  if (a.z != b.z) return std::optional<std::int64_t>();
  return std::optional<std::int64_t>(std::max(difference(a.x, b.x), difference(a.y, b.y)));
}

}  // namespace geocell::quadbin
