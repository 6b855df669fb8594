// Sets of cells, as the core makes them and the engines read them: all at once (CellRuns), piece by piece
// (CellStream), or as ranges of ids (CellRange).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "geocell/call_context.hpp"
#include "geocell/status.hpp"

namespace geocell {

// A set of cells in ascending order of signed id, without duplicates, stored as runs of equally spaced ids,
// so that a million interior cells cost one entry, and as bit masks where runs would be short. Functions that
// can return many cells return this: the engine reads `count()`, allocates exactly that much memory and fills
// it, or walks the ids one by one and never holds them all.
class CellRuns {
 public:
  struct Run {
    std::int64_t first;    // signed id
    std::uint64_t count;   // >= 1
    std::uint64_t stride;  // distance between neighbouring ids; any value when count is 1
    // Not 0: only those of first + i * stride, i = 0..63, whose bit i is set; `count` bits are.
    std::uint64_t mask = 0;
  };

  // Appends ids after the last one, and merges them with the last run if they continue it. Callers keep the
  // order.
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
  // Allocates memory for so many runs, if their number is known beforehand.
  void reserve(std::size_t runs) { runs_.reserve(runs); }
  // Appends first + i * stride for each bit i of `mask`, which is not 0. Callers keep the order.
  void append_mask(std::int64_t first, std::uint64_t mask, std::uint64_t stride);

  // Appends a run that may overlap the last one: their union. REQUIRES: run.first >= the first of the last
  // run; all strides are equal; masked runs start at `first` of whole blocks of 64 positions, and runs
  // without a mask hold such a block completely or not at all.
  void append_union(const Run& run);

  // Removes and returns the last run; nothing if there is none.
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
    // Writes the next ids, as many as fit, and returns their number; 0 at the end. Not to be mixed with
    // next(), which reads ahead.
    std::size_t read(std::span<std::int64_t> out);

   private:
    std::span<const Run> runs_;
    std::size_t run_ = 0;
    std::uint64_t offset_ = 0;  // ids of runs_[run_] that were read
    std::uint64_t mask_ = 0;    // of runs_[run_], if it has one and offset_ > 0: the bits not yet read
    std::size_t ahead_ = 0;
    std::size_t ahead_end_ = 0;
    std::array<std::int64_t, 64> ahead_ids_;
  };

 private:
  std::vector<Run> runs_;
  std::uint64_t count_ = 0;
};

// All cells of one resolution whose ids lie from `first` to `last`, both included. A list of ranges ascends
// and its ranges do not overlap.
struct CellRange {
  std::int64_t first;
  std::int64_t last;
  bool interior;  // the closed cells lie in the interior of the geometry: none of its edges touches them
  friend bool operator==(const CellRange&, const CellRange&) = default;
};

// Makes a set of cells piece by piece, in ascending order.
class CellSource {
 public:
  virtual ~CellSource() = default;
  // Appends the next cells to `out`, which may still hold those of the last call. May append none before the
  // end; returns false at the end. After ErrorCode::canceled, the next call continues where this one stopped.
  virtual Result<bool> more(const CallContext& context, CellRuns& out) = 0;
};

// The cells of a source, read in pieces, so that memory does not grow with their number. Functions whose sets
// may be of any size return it.
class CellStream {
 public:
  explicit CellStream(std::unique_ptr<CellSource> source) : source_(std::move(source)) {}
  explicit CellStream(CellRuns cells)
      : piece_(std::make_unique<CellRuns>(std::move(cells))), cursor_(*piece_), at_end_(true) {}
  // Writes the next ids, as many as fit, and returns their number; 0 at the end. After ErrorCode::canceled,
  // the next call continues where this one stopped.
  Result<std::size_t> read(const CallContext& context, std::span<std::int64_t> out);

 private:
  std::unique_ptr<CellSource> source_;
  std::unique_ptr<CellRuns> piece_ = std::make_unique<CellRuns>();
  CellRuns::Cursor cursor_{*piece_};
  bool at_end_ = false;
};

}  // namespace geocell
