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
  // `rows` must outlive the source and serve nothing else meanwhile; null: the source has its own.
  PolyfillSource(std::shared_ptr<const Shape> shape, int resolution, CellTest test, RowLats* rows);

  Result<bool> more(const CallContext& context, CellRuns& out) override;

 private:
  // One part on one copy of the world.
  struct Walk {
    PolyfillWalker walker;
    CellRuns runs;  // what the walker found; runs.runs()[next] is the next to go out
    std::size_t next = 0;
    bool done = false;

    std::int64_t head() const { return runs.runs()[next].first; }
  };
  using WalkPointer = std::unique_ptr<Walk>;

  static Result<bool> walk_alone(const CallContext& context, PolyfillWalker& walker, CellRuns& out);
  Result<void> fill(const CallContext& context);
  Result<void> prepare_front(const CallContext& context);
  void take_front(CellRuns& out);

  std::shared_ptr<const Shape> shape_;
  std::unique_ptr<RowLats> own_rows_;
  RowLats* rows_;
  std::optional<PolyfillWalker> only_;  // of a single part on a single copy of the world: nothing to merge
  std::vector<WalkPointer> waiting_;    // not begun, the one that may come first at the end
  std::vector<WalkPointer> unfilled_;   // begun; the next run is not known
  std::vector<WalkPointer> heap_;       // the one with the lowest head first
  std::optional<CellRuns::Run> held_;   // the last run: what comes next may overlap it
};

}  // namespace geocell::polyfill
