#include "geocell/types.hpp"

#include <algorithm>

namespace geocell {

Error too_many_cells(std::string_view function, std::uint64_t count, bool at_least, std::uint64_t limit,
                     std::string_view set_function) {
  const std::string instead =
      set_function.empty() ? std::string(function) + "_cells" : std::string(set_function);
  return {ErrorCode::limit_exceeded, std::string(function) + " would return " +
                                         (at_least ? "at least " : "") + std::to_string(count) +
                                         " cells, more than the limit of " + std::to_string(limit) +
                                         "; use a lower resolution, a smaller input, or " + instead};
}

Error canceled() { return {ErrorCode::canceled, "canceled on request"}; }

void CellRuns::append(std::int64_t first, std::uint64_t count, std::uint64_t stride) {
  count_ += count;
  if (!runs_.empty()) {
    Run& last = runs_.back();
    if (static_cast<std::uint64_t>(last.first) + last.count * stride == static_cast<std::uint64_t>(first) &&
        (last.count == 1 || last.stride == stride)) {
      last.count += count;
      last.stride = stride;
      return;
    }
  }
  runs_.push_back({first, count, stride});
}

void CellRuns::sort_and_merge() {
  std::ranges::sort(runs_, {}, &Run::first);
  std::vector<Run> sorted;
  sorted.swap(runs_);
  count_ = 0;
  for (Run run : sorted) {
    if (!runs_.empty()) {
      // Drop what the runs before already hold; unsigned differences, since ids may be of either sign.
      const Run& last = runs_.back();
      const std::uint64_t gap =
          (static_cast<std::uint64_t>(run.first) - static_cast<std::uint64_t>(last.first)) / run.stride;
      const std::uint64_t known = gap < last.count ? std::min(last.count - gap, run.count) : 0;
      run.first = static_cast<std::int64_t>(static_cast<std::uint64_t>(run.first) + known * run.stride);
      run.count -= known;
      if (run.count == 0) continue;
    }
    append(run.first, run.count, run.stride);
  }
}

void CellRuns::fill(std::span<std::int64_t> out) const { Cursor(*this).read(out); }

std::size_t CellRuns::Cursor::read(std::span<std::int64_t> out) {
  std::size_t done = 0;
  while (done < out.size() && run_ < runs_.size()) {
    const Run& run = runs_[run_];
    const std::size_t count = std::min<std::uint64_t>(run.count - offset_, out.size() - done);
    auto id = static_cast<std::uint64_t>(run.first) + offset_ * run.stride;
    std::int64_t* target = out.data() + done;
    for (std::size_t i = 0; i < count; ++i, id += run.stride) target[i] = static_cast<std::int64_t>(id);
    done += count;
    offset_ += count;
    if (offset_ == run.count) {
      offset_ = 0;
      ++run_;
    }
  }
  return done;
}

}  // namespace geocell
