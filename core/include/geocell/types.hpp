// The value types that cross between the core and an engine, besides the plain ones (std::int64_t,
// std::int32_t, double, bool, std::string, std::string_view). signature.hpp maps each to its SQL type.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "geocell/status.hpp"

namespace geocell {

// One JSON document, as text, in the spelling of Python's json.dumps: {"z": 4, "x": 9}, [1, 2].
struct Json {
  std::string text;
};

// An argument that may be SQL NULL. Every other argument is never NULL: the engine answers NULL before the
// call.
template <class T>
struct Nullable {
  std::optional<T> value;
};

// What an engine lends to a call. The core never reads it after the call returns.
struct CallContext {
  // Polled by long loops at least every few milliseconds; true means: stop and return ErrorCode::canceled. It
  // must only read a flag (it is called from C++ code with live objects). Null: never cancelled.
  bool (*cancelled)(void*) = nullptr;
  void* cancelled_data = nullptr;
  // The largest number of cells that the engine's result can hold; more is ErrorCode::limit_exceeded.
  std::uint64_t max_cells = std::numeric_limits<std::uint64_t>::max();

  bool is_cancelled() const { return cancelled != nullptr && cancelled(cancelled_data); }
};

// `count` > `context.max_cells`: the error that names the count, the limit and what to do instead.
// `at_least`: the count is a lower bound, since counting stopped there. `set_function`: what gives the same
// cells one by one; when empty, `function` + "_cells".
Error too_many_cells(std::string_view function, std::uint64_t count, bool at_least, std::uint64_t limit,
                     std::string_view set_function = {});
Error canceled();

// A set of cells in ascending order of signed id, stored as runs of equally spaced ids, so that a million
// interior cells cost one entry. This is what every function that can return many cells gives back: the
// engine reads `count()`, takes memory of exactly that size, and fills it; or walks the ids one by one and
// never holds them all.
class CellRuns {
 public:
  struct Run {
    std::int64_t first;    // signed id
    std::uint64_t count;   // >= 1
    std::uint64_t stride;  // distance between neighbouring ids; any value when count is 1
  };

  // Appends ids after the last one; merges with the last run where they continue it. Callers keep the order.
  void append(std::int64_t first, std::uint64_t count, std::uint64_t stride);

  // Puts runs that were appended in any order, and may overlap, into ascending order without duplicates.
  // REQUIRES: all runs have the same stride and their ids lie on one lattice (cells of one resolution).
  void sort_and_merge();

  std::uint64_t count() const { return count_; }
  std::span<const Run> runs() const { return runs_; }

  // Writes all ids. REQUIRES: out.size() == count()
  void fill(std::span<std::int64_t> out) const;

  // Walks the ids. `next()` gives them in ascending order, then nothing.
  class Cursor {
   public:
    explicit Cursor(const CellRuns& cells) : runs_(cells.runs()) {}
    std::optional<std::int64_t> next() {
      if (run_ == runs_.size()) return std::nullopt;
      const Run& run = runs_[run_];
      const auto id = static_cast<std::int64_t>(static_cast<std::uint64_t>(run.first) + offset_ * run.stride);
      if (++offset_ == run.count) {
        offset_ = 0;
        ++run_;
      }
      return id;
    }
    // The next ids, as many as fit: writes them and gives their number; 0 at the end.
    std::size_t read(std::span<std::int64_t> out);

   private:
    std::span<const Run> runs_;
    std::size_t run_ = 0;
    std::uint64_t offset_ = 0;
  };

 private:
  std::vector<Run> runs_;
  std::uint64_t count_ = 0;
};

}  // namespace geocell
