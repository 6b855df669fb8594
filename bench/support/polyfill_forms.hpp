// The forms of a polyfill's result as an engine that calls the core again and again has them: memory is kept
// from call to call. The only place where the benchmarks call the core's polyfill.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <vector>

#include "geocell/geometry.hpp"
#include "geocell/polyfill.hpp"

namespace geocell::bench {

class PolyfillForms {
 public:
  // All ids, ascending; the span is good until the next call. All throw std::runtime_error with the core's
  // text.
  std::span<const std::int64_t> array(const Geometry& geometry, std::int32_t resolution, PolyfillMode mode) {
    const CellRuns cells = runs(geometry, resolution, mode);
    if (ids_.size() < cells.count()) ids_.resize(cells.count());
    const std::span<std::int64_t> ids(ids_.data(), cells.count());
    cells.fill(ids);
    return ids;
  }

  // The ids in pieces of a few kilobytes, as a set-returning function hands them on; gives their number.
  std::uint64_t stream(const Geometry& geometry, std::int32_t resolution, PolyfillMode mode) {
    const CellRuns cells = runs(geometry, resolution, mode);
    CellRuns::Cursor cursor(cells);
    std::uint64_t count = 0;
    while (const std::size_t read = cursor.read(piece_)) count += read;
    return count;
  }

 private:
  CellRuns runs(const Geometry& geometry, std::int32_t resolution, PolyfillMode mode) {
    auto cells = quadbin::polyfill_cells(context_, geometry, resolution, mode);
    if (!cells) throw std::runtime_error(cells.error().message);
    return std::move(*cells);
  }

  CallContext context_;
  std::vector<std::int64_t> ids_;
  std::vector<std::int64_t> piece_ = std::vector<std::int64_t>(1024);
};

}  // namespace geocell::bench
