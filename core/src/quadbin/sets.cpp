// Sets of cells of mixed resolutions: compact and uncompact. Both sort the cells along the Z-curve, as
// intervals of the 52 Morton bits; then one pass is enough, since of two such intervals either one contains
// the other or they are disjoint.
#include <algorithm>

#include "core/src/cells/compaction.hpp"
#include "core/src/quadbin/checks.hpp"
#include "geocell/quadbin.hpp"

namespace geocell::quadbin {
namespace {

// start << 5 | resolution: sorted by these numbers, a cell comes after all cells that contain it.
class CurveKey {
 public:
  explicit CurveKey(std::uint64_t packed) : packed_(packed) {}

  static std::uint64_t pack(std::int64_t cell) {
    const std::int32_t z = resolution_unchecked(cell);
    const std::uint64_t start = static_cast<std::uint64_t>(cell) & (id_stride(0) - 1) & ~(id_stride(z) - 1);
    return (start << 5) | static_cast<std::uint64_t>(z);
  }

  std::uint64_t start() const { return packed_ >> 5; }
  std::int32_t resolution() const { return static_cast<std::int32_t>(packed_ & 31); }
  std::uint64_t end() const { return start() + id_stride(resolution()); }
  std::int64_t cell() const {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(encode_unchecked({resolution(), 0, 0})) |
                                     start());
  }
  CurveKey parent() const {
    const std::int32_t z = resolution() - 1;
    return CurveKey(((start() & ~(id_stride(z) - 1)) << 5) | static_cast<std::uint64_t>(z));
  }
  friend bool operator==(CurveKey, CurveKey) = default;

 private:
  std::uint64_t packed_;
};

constexpr std::size_t kPollInterval = 1 << 16;

// A radix sort: std::sort cannot be interrupted while it sorts a hundred million numbers. False if cancelled.
bool sort_cancellable(const CallContext& context, std::vector<std::uint64_t>& numbers) {
  if (numbers.size() <= kPollInterval) {
    std::ranges::sort(numbers);
    return true;
  }
  constexpr int kDigitBits = 10;
  constexpr int kKeyBits = 52 + 5;
  constexpr std::uint64_t kDigitMask = (1 << kDigitBits) - 1;
  std::vector<std::uint64_t> other(numbers.size());
  for (int shift = 0; shift < kKeyBits; shift += kDigitBits) {
    std::array<std::size_t, kDigitMask + 1> position{};
    std::size_t done = 0;
    for (const std::uint64_t number : numbers) {
      if (++done % kPollInterval == 0 && context.is_cancelled()) return false;
      ++position[(number >> shift) & kDigitMask];
    }
    std::size_t sum = 0;
    for (std::size_t& p : position) {
      const std::size_t count = p;
      p = sum;
      sum += count;
    }
    for (const std::uint64_t number : numbers) {
      if (++done % kPollInterval == 0 && context.is_cancelled()) return false;
      other[position[(number >> shift) & kDigitMask]++] = number;
    }
    numbers.swap(other);
  }
  return true;
}

// The cells' packed keys, ascending. A cell finer than `finest` is an error.
Result<std::vector<std::uint64_t>> sorted_keys(const CallContext& context,
                                               std::span<const std::int64_t> cells, std::int32_t finest) {
  std::vector<std::uint64_t> keys;
  keys.reserve(cells.size());
  for (const std::int64_t cell : cells) {
    if (keys.size() % kPollInterval == 0 && context.is_cancelled()) return canceled();
    if (!is_valid_id(cell)) return invalid_cell(cell);
    if (const std::int32_t own = resolution_unchecked(cell); own > finest) {
      return invalid_value(
          "quadbin cell", std::to_string(cell),
          "of resolution " + std::to_string(finest) + " or coarser, not " + std::to_string(own));
    }
    keys.push_back(CurveKey::pack(cell));
  }
  if (!sort_cancellable(context, keys)) return canceled();
  return keys;
}

}  // namespace

Result<std::vector<std::int64_t>> compact(const CallContext& context, std::span<const std::int64_t> cells) {
  const auto keys = sorted_keys(context, cells, kMaxResolution);
  if (!keys) return keys.error();

  // `covering` is the result so far. Four siblings can only be its last four entries.
  std::vector<CurveKey> covering;
  std::size_t done = 0;
  for (const std::uint64_t packed : *keys) {
    if (++done % kPollInterval == 0 && context.is_cancelled()) return canceled();
    const CurveKey key(packed);
    if (!covering.empty() && key.start() < covering.back().end()) continue;
    append_compacted(covering, key, &CurveKey::resolution);
  }

  std::vector<std::int64_t> out;
  out.reserve(covering.size());
  for (const CurveKey key : covering) out.push_back(key.cell());
  return out;
}

Result<CellRuns> uncompact(const CallContext& context, std::span<const std::int64_t> cells,
                           std::int32_t resolution) {
  if (!is_resolution(resolution)) return invalid_resolution(resolution, 0, kMaxResolution);
  const auto keys = sorted_keys(context, cells, resolution);
  if (!keys) return keys.error();

  CellRuns out;
  std::uint64_t end = 0;  // of the interval that `out` covers on the curve
  std::size_t done = 0;
  for (const std::uint64_t packed : *keys) {
    if (++done % kPollInterval == 0 && context.is_cancelled()) return canceled();
    const CurveKey key(packed);
    if (key.start() < end) continue;
    end = key.end();
    out.append(first_descendant(key.cell(), resolution), descendant_count(key.resolution(), resolution),
               id_stride(resolution));
  }
  if (out.count() > context.max_cells) {
    return too_many_cells(context, "quadbin_uncompact", out.count(), false);
  }
  return out;
}

}  // namespace geocell::quadbin
