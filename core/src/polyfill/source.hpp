// The cells of a whole geometry: the walks of its parts, on every copy of the world that they reach, merged.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "core/src/polyfill/rows.hpp"
#include "core/src/polyfill/shape.hpp"
#include "core/src/polyfill/walker.hpp"
#include "geocell/cells.hpp"

namespace geocell::polyfill {

class PolyfillSource final : public CellSource {
 public:
  // `rows` must outlive the source and serve nothing else meanwhile; if null, the source has its own.
  PolyfillSource(std::shared_ptr<const Shape> shape, int resolution, CellTest test, RowLats* rows);

  Result<bool> more(const CallContext& context, CellRuns& out) override;

 private:
  // One part on one copy of the world.
  struct PartWalk {
    PolyfillWalker walker;
    CellRuns runs;  // what the walker found; runs.runs()[next] goes out next
    std::size_t next = 0;
    bool done = false;

    std::int64_t head() const { return runs.runs()[next].first; }
  };
  using PartWalkPointer = std::unique_ptr<PartWalk>;

  static Result<bool> walk_alone(const CallContext& context, PolyfillWalker& walker, CellRuns& out);
  Result<void> fill(const CallContext& context);
  Result<void> prepare_front(const CallContext& context);
  void take_front(CellRuns& out);

  std::shared_ptr<const Shape> shape_;
  std::unique_ptr<RowLats> own_rows_;
  RowLats* rows_;
  // source.cpp draws how a walk moves through these.
  std::optional<PolyfillWalker> only_;  // the single walk of a part on a copy of the world: nothing to merge
  std::vector<PartWalkPointer> waiting_;   // not begun; descending by first_id(), so the next one is the last
  std::vector<PartWalkPointer> unfilled_;  // begun; the next run is not known
  std::vector<PartWalkPointer> heap_;      // has a next run; the one with the lowest head is in front
  std::optional<CellRuns::Run> held_;      // the last run taken: what comes next may overlap it
};

}  // namespace geocell::polyfill
