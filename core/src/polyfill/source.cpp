#include "core/src/polyfill/source.hpp"

#include <algorithm>
#include <utility>

namespace geocell::polyfill {
namespace {

constexpr std::size_t kRunsAhead = 256;    // that one walk finds before another goes on
constexpr std::size_t kRunsAPiece = 1024;  // 32 KB: a piece stays in the cache until it is used

// Lines and points contain nothing and have no interior on the map.
constexpr bool areas_only(CellTest test) { return test == CellTest::contains || test == CellTest::interior; }

constexpr auto kLaterHead = [](const auto& a, const auto& b) { return a->head() > b->head(); };

}  // namespace

PolyfillSource::PolyfillSource(std::shared_ptr<const Shape> shape, int resolution, CellTest test,
                               RowLats* rows)
    : shape_(std::move(shape)),
      own_rows_(rows == nullptr ? std::make_unique<RowLats>() : nullptr),
      rows_(rows == nullptr ? own_rows_.get() : rows) {
  const auto parts = shape_->parts();
  if (parts.empty()) return;
  const Box whole = bounds_of(parts);
  if (const auto worlds = world_range(parts.front().bounds, whole);
      parts.size() == 1 && worlds.first == worlds.second && (parts.front().area || !areas_only(test))) {
    only_.emplace(parts.front(), worlds.first, resolution, test, *rows_);
    return;
  }
  for (const Part& part : parts) {
    if (!part.area && areas_only(test)) continue;
    const auto [first, last] = world_range(part.bounds, whole);
    for (int world = first; world <= last; ++world) {
      waiting_.push_back(std::make_unique<Walk>(
          Walk{&part, world, PolyfillWalker(part, world, resolution, test, *rows_), {}}));
    }
  }
  std::ranges::stable_sort(waiting_, std::greater<>(),
                           [](const WalkPointer& walk) { return walk->walker.first_id(); });
}

// One walk needs no merging: its cells go straight out.
Result<bool> PolyfillSource::walk_alone(const CallContext& context, PolyfillWalker& walker, CellRuns& out) {
  const auto end = walker.walk(context, out, out.runs().size() + kRunsAPiece);
  if (end == PolyfillWalker::End::cancelled) return canceled();
  return end == PolyfillWalker::End::more;
}

// Every begun walk gets a head, or ends.
Result<void> PolyfillSource::fill(const CallContext& context) {
  while (!unfilled_.empty()) {
    Walk& walk = *unfilled_.back();
    if (!walk.done) {
      const auto end = walk.walker.walk(context, walk.runs, kRunsAhead);
      if (end == PolyfillWalker::End::cancelled) return canceled();
      walk.done = end == PolyfillWalker::End::done;
    }
    if (walk.runs.count() != 0) {
      heap_.push_back(std::move(unfilled_.back()));
      std::ranges::push_heap(heap_, kLaterHead);
    }
    unfilled_.pop_back();
  }
  return {};
}

// Hands out the runs of the first walk that begin before any other's.
void PolyfillSource::take_front(CellRuns& out) {
  std::ranges::pop_heap(heap_, kLaterHead);
  WalkPointer walk = std::move(heap_.back());
  heap_.pop_back();
  const auto runs = walk->runs.runs();
  do {
    out.append_union(runs[walk->next++]);
  } while (walk->next != runs.size() && (heap_.empty() || walk->head() <= heap_.front()->head()) &&
           (waiting_.empty() || walk->head() < waiting_.back()->walker.first_id()));
  if (walk->next != runs.size()) {
    heap_.push_back(std::move(walk));
    std::ranges::push_heap(heap_, kLaterHead);
  } else {
    walk->runs.clear();
    walk->next = 0;
    unfilled_.push_back(std::move(walk));
  }
}

Result<bool> PolyfillSource::more(const CallContext& context, CellRuns& out) {
  if (only_) return walk_alone(context, *only_, out);
  if (heap_.empty() && unfilled_.empty() && !held_) {
    if (waiting_.empty()) return false;
    if (waiting_.size() == 1) {
      auto more = walk_alone(context, waiting_.front()->walker, out);
      if (more && !*more) waiting_.clear();
      return more;
    }
  }
  if (held_) {
    out.append_union(*held_);
    held_.reset();
  }
  const std::size_t enough = out.runs().size() + kRunsAPiece;
  while (out.runs().size() < enough) {
    if (auto filled = fill(context); !filled) {
      held_ = out.take_last();
      return filled.error();
    }
    while (!waiting_.empty() &&
           (heap_.empty() || waiting_.back()->walker.first_id() <= heap_.front()->head())) {
      unfilled_.push_back(std::move(waiting_.back()));
      waiting_.pop_back();
      if (auto filled = fill(context); !filled) {
        held_ = out.take_last();
        return filled.error();
      }
    }
    if (heap_.empty()) return false;
    take_front(out);
  }
  held_ = out.take_last();
  return true;
}

}  // namespace geocell::polyfill
