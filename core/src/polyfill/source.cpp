// How the walks are merged. Each moves through these places until it is done:
//
//   waiting_ --> unfilled_ --> heap_      waiting_   not begun; moves on if no begun walk has an earlier run
//                    ^           |        unfilled_  begun, but its next run is not known: fill() walks on
//                    |           v        heap_      has runs; take_front() hands out those of the first one
//                    +-- runs used up     held_      the last run handed out, which the next one may overlap
//   done: dropped by fill()               only_      instead of all these, if there is a single walk
//
// No run comes out while another walk could still find an earlier one: heap_ compares the heads, waiting_ the
// lowest ids that its walks can reach. only_ exists for speed: as a PartWalk in waiting_, a single walk would
// cost a quarter more instructions on the smallest polygons.
#include "core/src/polyfill/source.hpp"

#include <algorithm>
#include <utility>

namespace geocell::polyfill {
namespace {

constexpr std::size_t kRunsAhead = 256;    // which one walk finds before it is another's turn
constexpr std::size_t kRunsAPiece = 1024;  // 32 KB: a piece stays in the cache until it is used

// Lines and points contain no cell and have no interior on the map.
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
  const auto for_each_walk = [&](const auto& take) {
    for (const Part& part : parts) {
      if (!part.area && areas_only(test)) continue;
      const auto [first, last] = world_range(part.bounds, whole);
      for (int world = first; world <= last; ++world) take(part, world);
    }
  };
  std::size_t walks = 0;
  const Part* only_part = nullptr;
  int only_world = 0;
  for_each_walk([&](const Part& part, int world) {
    ++walks;
    only_part = &part;
    only_world = world;
  });
  if (walks == 1) {
    only_.emplace(*only_part, only_world, resolution, test, *rows_);
    return;
  }
  waiting_.reserve(walks);
  for_each_walk([&](const Part& part, int world) {
    waiting_.push_back(
        std::make_unique<PartWalk>(PartWalk{PolyfillWalker(part, world, resolution, test, *rows_), {}}));
  });
  std::ranges::stable_sort(waiting_, std::greater<>(),
                           [](const PartWalkPointer& walk) { return walk->walker.first_id(); });
}

// One walk needs no merging: its cells go straight out.
Result<bool> PolyfillSource::walk_alone(const CallContext& context, PolyfillWalker& walker, CellRuns& out) {
  const auto end = walker.walk(context, out, out.runs().size() + kRunsAPiece);
  if (end == PolyfillWalker::End::cancelled) return canceled();
  return end == PolyfillWalker::End::more;
}

// Walks on in unfilled_ until each has a head and is in heap_, or is done and dropped.
Result<void> PolyfillSource::fill(const CallContext& context) {
  while (!unfilled_.empty()) {
    PartWalk& walk = *unfilled_.back();
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

// Every walk that may have a run as early as the first of heap_ is in heap_ too, or done.
Result<void> PolyfillSource::prepare_front(const CallContext& context) {
  auto filled = fill(context);
  while (filled && !waiting_.empty() &&
         (heap_.empty() || waiting_.back()->walker.first_id() <= heap_.front()->head())) {
    unfilled_.push_back(std::move(waiting_.back()));
    waiting_.pop_back();
    filled = fill(context);
  }
  return filled;
}

// Hands out the runs of the first walk in heap_ as far as they begin before those of any other walk.
void PolyfillSource::take_front(CellRuns& out) {
  std::ranges::pop_heap(heap_, kLaterHead);
  PartWalkPointer walk = std::move(heap_.back());
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
  if (held_) {
    out.append_union(*held_);
    held_.reset();
  }
  const std::size_t enough = out.runs().size() + kRunsAPiece;
  while (out.runs().size() < enough) {
    if (auto ready = prepare_front(context); !ready) {
      held_ = out.take_last();
      return ready.error();
    }
    if (heap_.empty()) return false;
    take_front(out);
  }
  held_ = out.take_last();
  return true;
}

}  // namespace geocell::polyfill
