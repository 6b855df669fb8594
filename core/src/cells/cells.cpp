#include "geocell/cells.hpp"

#include <algorithm>
#include <bit>

#include "core/src/cells/fill_ids.hpp"

namespace geocell {

void CellRuns::append_mask(std::int64_t first, std::uint64_t mask, std::uint64_t stride) {
  if (mask == ~std::uint64_t{0}) return append(first, 64, stride);
  const auto count = static_cast<std::uint64_t>(std::popcount(mask));
  count_ += count;
  runs_.push_back({first, count, stride, mask});
}

void CellRuns::append_union(const Run& run) {
  if (!runs_.empty()) {
    Run& last = runs_.back();
    const std::uint64_t gap =
        (static_cast<std::uint64_t>(run.first) - static_cast<std::uint64_t>(last.first)) / run.stride;
    if (last.mask != 0) {
      if (gap == 0) {  // the same block
        const Run whole = last;
        count_ -= whole.count;
        runs_.pop_back();
        if (run.mask == 0) return append(run.first, run.count, run.stride);
        return append_mask(run.first, run.mask | whole.mask, run.stride);
      }
    } else if (gap < last.count) {
      if (run.mask != 0 || gap + run.count <= last.count) return;
      const std::uint64_t known = last.count - gap;
      const std::uint64_t first = static_cast<std::uint64_t>(run.first) + known * run.stride;
      return append(static_cast<std::int64_t>(first), run.count - known, run.stride);
    }
  }
  if (run.mask != 0) return append_mask(run.first, run.mask, run.stride);
  append(run.first, run.count, run.stride);
}

std::optional<CellRuns::Run> CellRuns::take_last() {
  if (runs_.empty()) return std::nullopt;
  const Run last = runs_.back();
  runs_.pop_back();
  count_ -= last.count;
  return last;
}

void CellRuns::clear() {
  runs_.clear();
  count_ = 0;
}

void CellRuns::fill(std::span<std::int64_t> out) const { Cursor(*this).read(out); }

std::size_t CellRuns::Cursor::read(std::span<std::int64_t> out) {
  std::int64_t* target = out.data();
  std::int64_t* const end = target + out.size();
  while (target != end && run_ < runs_.size()) {
    const Run run = runs_[run_];  // a copy, which what is written cannot change
    const std::size_t count =
        std::min<std::uint64_t>(run.count - offset_, static_cast<std::uint64_t>(end - target));
    const auto first = static_cast<std::uint64_t>(run.first);
    if (run.mask == 0) {
      fill_ids(target, count, first + offset_ * run.stride, run.stride);
    } else {
      std::uint64_t mask = offset_ == 0 ? run.mask : mask_;
      for (std::size_t i = 0; i < count; ++i, mask &= mask - 1) {
        target[i] = static_cast<std::int64_t>(first + static_cast<std::uint64_t>(std::countr_zero(mask)) *
                                                          run.stride);
      }
      mask_ = mask;
    }
    target += count;
    offset_ += count;
    if (offset_ == run.count) {
      offset_ = 0;
      ++run_;
    }
  }
  return static_cast<std::size_t>(target - out.data());
}

Result<std::size_t> CellStream::read(const CallContext& context, std::span<std::int64_t> out) {
  std::size_t done = 0;
  while (done < out.size()) {
    const std::size_t count = cursor_.read(out.subspan(done));
    done += count;
    if (count != 0) continue;
    if (at_end_) break;
    piece_->clear();
    const Result<bool> more = source_->more(context, *piece_);
    cursor_ = CellRuns::Cursor(*piece_);
    // Ids read before the source stopped are returned; the next call meets the error again.
    if (!more) return done != 0 ? Result<std::size_t>(done) : Result<std::size_t>(more.error());
    at_end_ = !*more;
  }
  return done;
}

}  // namespace geocell
