#include "geocell/cells.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace geocell {
namespace {

std::vector<std::int64_t> ids(const CellRuns& cells) {
  std::vector<std::int64_t> out(cells.count());
  cells.fill(out);
  return out;
}

TEST(CellRuns, AppendMergesWhatContinues) {
  CellRuns cells;
  cells.append(10, 1, 4);
  cells.append(14, 2, 4);
  cells.append(30, 1, 4);
  EXPECT_EQ(cells.runs().size(), 2u);
  EXPECT_EQ(ids(cells), (std::vector<std::int64_t>{10, 14, 18, 30}));
}

TEST(CellRuns, CursorGivesTheSameAsFill) {
  CellRuns cells;
  cells.append(1, 2, 2);
  cells.append(100, 1, 2);
  std::vector<std::int64_t> walked;
  for (CellRuns::Cursor cursor(cells); auto id = cursor.next();) walked.push_back(*id);
  EXPECT_EQ(walked, ids(cells));
}

TEST(CellRuns, CursorReadsInPieces) {
  CellRuns cells;
  cells.append(1, 3, 2);
  cells.append(100, 4, 10);
  CellRuns::Cursor cursor(cells);
  std::vector<std::int64_t> piece(2);
  std::vector<std::int64_t> walked;
  while (const std::size_t count = cursor.read(piece)) {
    walked.insert(walked.end(), piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(count));
  }
  EXPECT_EQ(walked, (std::vector<std::int64_t>{1, 3, 5, 100, 110, 120, 130}));
  EXPECT_EQ(cursor.next(), std::nullopt);
}

}  // namespace
}  // namespace geocell
