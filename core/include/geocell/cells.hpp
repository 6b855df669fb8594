// The value types that cross between the core and an engine, besides the plain ones (std::int64_t,
// std::int32_t, double, bool, std::string, std::string_view). signature.hpp maps each to its SQL type.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
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

// An argument that may be SQL NULL. Every other argument is never NULL:
// the engine answers NULL before the call.
template <class T>
struct Nullable {
  std::optional<T> value;
};

class Workspace;

// What an engine lends to a call. The core never reads it after the call returns.
struct CallContext {
  // Polled by long loops at least every few milliseconds; true means: stop and return ErrorCode::canceled. It
  // must only read a flag (it is called from C++ code with live objects). Null: never cancelled.
  bool (*cancelled)(void*) = nullptr;
  void* cancelled_data = nullptr;
  // The largest number of cells that the engine's result can hold; more is ErrorCode::limit_exceeded.
  std::uint64_t max_cells = std::numeric_limits<std::uint64_t>::max();
  // The engine has the functions that return sets ("..._cells"), so errors may advise them.
  bool has_sets = true;
  // What calls may leave for the next one; no answer depends on it. Null: nothing is kept.
  Workspace* workspace = nullptr;

  bool is_cancelled() const { return cancelled != nullptr && cancelled(cancelled_data); }
};

// `count` > `context.max_cells`: the error that names the count, the limit and what to do instead.
// `at_least`: the count is a lower bound, since counting stopped there. `set_function`: what gives the same
// cells one by one; when empty, `function` + "_cells".
Error too_many_cells(const CallContext& context, std::string_view function, std::uint64_t count,
                     bool at_least, std::string_view set_function = {});
// The functions, in words, that give the same cells as `function` in smaller values;
// empty where there is none.
std::string_view smaller_forms(std::string_view function);
Error canceled();

// A set of cells in ascending order of signed id, stored as runs of equally spaced ids, so that a million
// interior cells cost one entry, and as bit masks where runs would be short. This is what every function that
// can return many cells gives back: the engine reads `count()`, takes memory of exactly that size, and fills
// it; or walks the ids one by one and never holds them all.
class CellRuns {
 public:
  struct Run {
    std::int64_t first;    // signed id
    std::uint64_t count;   // >= 1
    std::uint64_t stride;  // distance between neighbouring ids; any value when count is 1
    std::uint64_t mask =
        0;  // not 0: only those of first + i * stride, i = 0..63, whose bit i is set; `count` bits
  };

  // Appends ids after the last one; merges with the last run where they continue it. Callers keep the order.
  void append(std::int64_t first, std::uint64_t count, std::uint64_t stride) {
    count_ += count;
    if (!runs_.empty()) {
      Run& last = runs_.back();
      if (static_cast<std::uint64_t>(last.first) + last.count * stride == static_cast<std::uint64_t>(first) &&
          last.mask == 0 && (last.count == 1 || last.stride == stride)) {
        last.count += count;
        last.stride = stride;
        return;
      }
    }
    runs_.push_back({first, count, stride});
  }
  // Memory for so many runs, where that is known beforehand.
  void reserve(std::size_t runs) { runs_.reserve(runs); }
  // Appends first + i * stride for each bit i of `mask`, which is not 0. Callers keep the order.
  void append_mask(std::int64_t first, std::uint64_t mask, std::uint64_t stride);

  // Appends a run that may overlap the last one: the union. REQUIRES: run.first >= the first of the last run;
  // all strides are equal; masked runs start at `first` of whole blocks of 64 positions, and runs without a
  // mask hold or miss such a block whole.
  void append_union(const Run& run);

  // Puts runs that were appended in any order, and may overlap, into ascending order without duplicates.
  // REQUIRES: all runs have the same stride and no mask, and their ids lie on one lattice
  // (cells of one resolution).
  void sort_and_merge();

  // Removes the last run and gives it; nothing where there is none.
  std::optional<Run> take_last();
  void clear();

  std::uint64_t count() const { return count_; }
  std::span<const Run> runs() const { return runs_; }

  // Writes all ids. REQUIRES: out.size() == count()
  void fill(std::span<std::int64_t> out) const;

  // Walks the ids in ascending order.
  class Cursor {
   public:
    explicit Cursor(const CellRuns& cells) : runs_(cells.runs()) {}
    // The next id, or nothing at the end.
    std::optional<std::int64_t> next() {
      if (ahead_ == ahead_end_) {
        ahead_end_ = read(ahead_ids_);
        ahead_ = 0;
        if (ahead_end_ == 0) return std::nullopt;
      }
      return ahead_ids_[ahead_++];
    }
    // The next ids, as many as fit: writes them and gives their number; 0 at the end. Not to be mixed with
    // next(), which reads ahead.
    std::size_t read(std::span<std::int64_t> out);

   private:
    std::span<const Run> runs_;
    std::size_t run_ = 0;
    std::uint64_t offset_ = 0;  // ids of runs_[run_] that were read
    std::uint64_t mask_ = 0;    // of runs_[run_], if it has one and offset_ > 0: the bits that are left
    std::size_t ahead_ = 0;
    std::size_t ahead_end_ = 0;
    std::array<std::int64_t, 64> ahead_ids_;
  };

 private:
  std::vector<Run> runs_;
  std::uint64_t count_ = 0;
};

// All ids from first to last at one resolution, of which a geometry is made up.
struct CellRange {
  std::int64_t first;
  std::int64_t last;
  bool interior;  // the closed cells lie in the interior of the geometry: no edge of it touches them
  friend bool operator==(const CellRange&, const CellRange&) = default;
};

// Makes a set of cells piece by piece, in ascending order.
class CellSource {
 public:
  virtual ~CellSource() = default;
  // Appends the next cells to `out`, which may hold the last ones already, and may append none yet; false at
  // the end. After ErrorCode::canceled, calling again goes on where it stopped.
  virtual Result<bool> more(const CallContext& context, CellRuns& out) = 0;
};

// The cells of a source, to be read in pieces: memory does not grow with their number. What a function
// returns whose sets may be of any size.
class CellStream {
 public:
  explicit CellStream(std::unique_ptr<CellSource> source) : source_(std::move(source)) {}
  explicit CellStream(CellRuns cells)
      : piece_(std::make_unique<CellRuns>(std::move(cells))), cursor_(*piece_), at_end_(true) {}
  // The next ids, as many as fit: writes them and gives their number; 0 at the end. After
  // ErrorCode::canceled, calling again goes on where it stopped.
  Result<std::size_t> read(const CallContext& context, std::span<std::int64_t> out);

 private:
  std::unique_ptr<CellSource> source_;
  std::unique_ptr<CellRuns> piece_ = std::make_unique<CellRuns>();
  CellRuns::Cursor cursor_{*piece_};
  bool at_end_ = false;
};

}  // namespace geocell
