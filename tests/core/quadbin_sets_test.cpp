// Rings, children, compact and uncompact against the plainest way to compute the same.
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <map>
#include <random>
#include <set>

#include "geocell/quadbin.hpp"

namespace geocell::quadbin {
namespace {

constexpr std::int64_t kMadrid = 5207251884775047167;  // 4/7/6

std::vector<std::int64_t> ids(const CellRuns& cells) {
  std::vector<std::int64_t> out(cells.count());
  cells.fill(out);
  return out;
}

std::int64_t random_cell(std::mt19937_64& random, int z) {
  const std::uint32_t last = (1u << z) - 1;
  return encode_unchecked(
      {z, static_cast<std::uint32_t>(random()) & last, static_cast<std::uint32_t>(random()) & last});
}

// Every tile of the square, one by one, with its smallest distance.
std::map<std::int64_t, std::int64_t> plain_ring(std::int64_t origin, std::int64_t size) {
  const Tile center = decode_unchecked(origin);
  const std::int64_t n = std::int64_t{1} << center.z;
  std::map<std::int64_t, std::int64_t> ring;
  for (std::int64_t dy = -size; dy <= size; ++dy) {
    const std::int64_t y = center.y + dy;
    if (y < 0 || y >= n) continue;
    for (std::int64_t dx = -size; dx <= size; ++dx) {
      const std::int64_t x = ((center.x + dx) % n + n) % n;
      const std::int64_t distance = std::max(std::abs(dx), std::abs(dy));
      const auto [at, fresh] = ring.try_emplace(
          encode_unchecked({center.z, static_cast<std::uint32_t>(x), static_cast<std::uint32_t>(y)}),
          distance);
      if (!fresh) at->second = std::min(at->second, distance);
    }
  }
  return ring;
}

TEST(QuadbinRing, EqualsThePlainSquare) {
  std::mt19937_64 random(6);
  for (int i = 0; i < 600; ++i) {
    const int z = i < 300 ? i % 6 : i % 27;
    const std::int64_t origin = random_cell(random, z);
    const auto size = static_cast<std::int32_t>(random() % 20);
    const auto expected = plain_ring(origin, size);

    std::vector<std::int64_t> cells;
    std::vector<std::string> distances;
    for (const auto& [cell, distance] : expected) {
      cells.push_back(cell);
      distances.push_back("{\"index\": " + std::to_string(cell) +
                          ", \"distance\": " + std::to_string(distance) + "}");
    }
    ASSERT_EQ(ids(*k_ring({}, origin, size)), cells) << origin << ' ' << size;
    const auto with_distances = *k_ring_distances({}, origin, size);
    ASSERT_EQ(with_distances.size(), distances.size());
    for (std::size_t j = 0; j < distances.size(); ++j) ASSERT_EQ(with_distances[j].text, distances[j]);
  }
}

TEST(QuadbinRing, TheHugestRingIsTheWorld) {
  std::mt19937_64 random(7);
  for (int z = 0; z <= kMaxResolution; ++z) {
    const auto cells = k_ring({}, random_cell(random, z), std::numeric_limits<std::int32_t>::max());
    ASSERT_TRUE(cells.ok());
    EXPECT_EQ(cells->count(), std::uint64_t{1} << (2 * z));
    EXPECT_EQ(cells->runs().size(), 1u);
    EXPECT_EQ(cells->runs().front().first, encode_unchecked({z, 0, 0}));
  }
}

TEST(QuadbinRing, LimitIsCheckedBeforeTheWork) {
  CallContext context;
  context.max_cells = 1'000'000;
  context.smaller_form = "quadbin_kring_cells";
  const std::int64_t origin = encode_unchecked({26, 1u << 25, 1u << 25});
  const auto ring = k_ring(context, origin, 1000);
  ASSERT_FALSE(ring.ok());
  EXPECT_EQ(ring.error().code, ErrorCode::limit_exceeded);
  EXPECT_EQ(
      ring.error().message,
      "quadbin_kring would return 4004001 cells, more than the limit of 1000000; use a lower resolution, a "
      "smaller input, or quadbin_kring_cells");
  EXPECT_EQ(k_ring_distances(context, origin, std::numeric_limits<std::int32_t>::max()).error().message,
            "quadbin_kring_distances would return 4503599627370496 cells, more than the limit of 125000; "
            "use a lower resolution, a smaller input, or quadbin_kring_cells");
}

TEST(QuadbinRing, CanBeCancelled) {
  CallContext context;
  context.cancelled = [](void*) { return true; };
  const std::int64_t origin = encode_unchecked({26, 1u << 25, 1u << 25});
  EXPECT_EQ(k_ring(context, origin, 1 << 24).error().code, ErrorCode::canceled);
  EXPECT_EQ(k_ring_distances(context, origin, 1).error().code, ErrorCode::canceled);
}

TEST(QuadbinSibling, WalksAroundTheWorldAndBack) {
  for (const int z : {0, 1, 5}) {
    const std::int64_t start = encode_unchecked({z, 0, (1u << z) / 2});
    std::int64_t cell = start;
    std::set<std::int64_t> seen;
    for (int i = 0; i < 1 << z; ++i) {
      seen.insert(cell);
      const std::int64_t next = **sibling(cell, "Right");
      EXPECT_EQ(**sibling(next, "LEFT"), cell);
      cell = next;
    }
    EXPECT_EQ(cell, start);
    EXPECT_EQ(seen.size(), std::size_t{1} << z);
  }
}

TEST(QuadbinChildren, AreTheCellsWithThisParent) {
  std::mt19937_64 random(8);
  for (int z = 0; z <= kMaxResolution; ++z) {
    const std::int64_t cell = random_cell(random, z);
    for (int finer = z; finer <= std::min(z + 4, kMaxResolution); ++finer) {
      const auto children = ids(*to_children({}, cell, finer));
      EXPECT_EQ(children.size(), std::size_t{1} << (2 * (finer - z)));
      EXPECT_TRUE(std::ranges::is_sorted(children));
      for (const std::int64_t child : children) {
        ASSERT_TRUE(is_valid_id(child));
        ASSERT_EQ(decode_unchecked(child).z, finer);
        ASSERT_EQ(*to_parent(child, z), cell);
        const Tile a = decode_unchecked(cell);
        const Tile b = decode_unchecked(child);
        ASSERT_TRUE(b.x >> (finer - z) == a.x && b.y >> (finer - z) == a.y);
      }
      const auto ends = *range(cell, finer);
      EXPECT_EQ(ends[0], children.front());
      EXPECT_EQ(ends[1], children.back());
    }
  }
}

TEST(QuadbinChildren, AllOfTheWorldIsCountedNotMade) {
  const std::int64_t world = encode_unchecked({0, 0, 0});
  EXPECT_EQ(to_children({}, world, 26)->count(), std::uint64_t{1} << 52);
  CallContext context;
  context.max_cells = 134'217'727;
  EXPECT_EQ(
      to_children(context, world, 26).error().message,
      "quadbin_tochildren would return 4503599627370496 cells, more than the limit of 134217727; use a lower "
      "resolution or a smaller input");
  context.max_cells = 4;
  EXPECT_TRUE(to_children(context, world, 1).ok());
}

TEST(QuadbinCompact, IsTheFewestCellsOfTheSameSet) {
  std::mt19937_64 random(9);
  for (int i = 0; i < 300; ++i) {
    // Cells of mixed resolutions, dense enough to merge, shuffled and with duplicates.
    std::vector<std::int64_t> cells;
    const auto count = random() % 400;
    for (std::uint64_t j = 0; j < count; ++j) {
      cells.push_back(random_cell(random, static_cast<int>(2 + random() % 4)));
      if (j % 7 == 0) cells.push_back(cells[random() % cells.size()]);
    }
    std::set<std::int64_t> leaves;  // the same set at resolution 6
    for (const std::int64_t cell : cells) {
      for (const std::int64_t leaf : ids(*to_children({}, cell, 6))) leaves.insert(leaf);
    }

    const auto compacted = *compact({}, cells);
    std::size_t covered = 0;
    std::set<std::int64_t> in(compacted.begin(), compacted.end());
    std::int64_t last = 0;
    for (const std::int64_t cell : compacted) {
      const auto below = ids(*to_children({}, cell, 6));
      covered += below.size();
      for (const std::int64_t leaf : below) ASSERT_TRUE(leaves.contains(leaf));
      ASSERT_GT(below.front(), last);  // in order, apart
      last = below.back();
      // Fewest: no four brothers are left.
      const int z = decode_unchecked(cell).z;
      if (z > 0) {
        const auto brothers = ids(*to_children({}, *to_parent(cell, z - 1), z));
        ASSERT_FALSE(
            std::ranges::all_of(brothers, [&](std::int64_t brother) { return in.contains(brother); }));
      }
    }
    ASSERT_EQ(covered, leaves.size());
    ASSERT_EQ(ids(*uncompact({}, compacted, 6)), std::vector(leaves.begin(), leaves.end()));
    ASSERT_EQ(ids(*uncompact({}, cells, 6)), std::vector(leaves.begin(), leaves.end()));
  }
}

// More cells than the sort's first stage takes, so that the second is used too.
TEST(QuadbinCompact, ManyCells) {
  std::mt19937_64 random(10);
  auto cells = ids(*to_children({}, kMadrid, 13));  // 262,144
  std::ranges::shuffle(cells, random);
  EXPECT_EQ(*compact({}, cells), std::vector{kMadrid});
  const std::int64_t removed = cells.back();
  cells.pop_back();
  EXPECT_EQ(compact({}, cells)->size(), 27u);  // three brothers on each of nine levels
  auto sorted = cells;
  std::ranges::sort(sorted);
  EXPECT_EQ(ids(*uncompact({}, cells, 13)), sorted);
  EXPECT_FALSE(std::ranges::binary_search(sorted, removed));

  CallContext context;
  context.cancelled = [](void*) { return true; };
  EXPECT_EQ(compact(context, cells).error().code, ErrorCode::canceled);
  EXPECT_EQ(uncompact(context, cells, 14).error().code, ErrorCode::canceled);
}

TEST(QuadbinCompact, WorldsOverAndOverDoNotOverflow) {
  const std::vector<std::int64_t> worlds(10'000, encode_unchecked({0, 0, 0}));
  EXPECT_EQ(uncompact({}, worlds, 26)->count(), std::uint64_t{1} << 52);
  EXPECT_EQ(compact({}, worlds)->size(), 1u);
}

TEST(QuadbinCompact, Errors) {
  const std::vector<std::int64_t> bad{kMadrid, 12};
  EXPECT_EQ(compact({}, bad).error().message,
            R"(Invalid quadbin cell "12"; should be a valid quadbin cell id)");
  EXPECT_EQ(uncompact({}, bad, 5).error().message,
            R"(Invalid quadbin cell "12"; should be a valid quadbin cell id)");
  const std::vector<std::int64_t> fine{kMadrid};
  EXPECT_EQ(uncompact({}, fine, 3).error().message,
            R"(Invalid quadbin cell "5207251884775047167"; should be of resolution 3 or coarser, not 4)");
  EXPECT_EQ(uncompact({}, fine, -1).error().message,
            R"(Invalid resolution "-1"; should be between 0 and 26)");
  CallContext context;
  context.max_cells = 15;
  EXPECT_EQ(uncompact(context, fine, 6).error().code, ErrorCode::limit_exceeded);
  context.max_cells = 16;
  EXPECT_EQ(uncompact(context, fine, 6)->count(), 16u);
}

}  // namespace
}  // namespace geocell::quadbin
