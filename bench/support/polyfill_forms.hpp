// The forms of a polyfill's result as an engine that calls the core again and again has them: memory is kept
// from call to call. The only place where the benchmarks call the core's polyfill.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

#include "geocell/geometry.hpp"
#include "geocell/polyfill.hpp"
#include "geocell/workspace.hpp"

namespace geocell::bench {

class PolyfillForms {
 public:
  PolyfillForms() { context_.workspace = &workspace_; }
  PolyfillForms(const PolyfillForms&) = delete;
  PolyfillForms& operator=(const PolyfillForms&) = delete;

  // All ids, ascending; the span is good until the next call.
  // All throw std::runtime_error with the core's text.
  std::span<const std::int64_t> array(const Geometry& geometry, std::int32_t resolution, PolyfillMode mode) {
    const CellRuns cells = checked(quadbin::polyfill_cells(context_, geometry, resolution, mode));
    if (ids_.size() < cells.count()) ids_.resize(cells.count());
    const std::span<std::int64_t> ids(ids_.data(), cells.count());
    cells.fill(ids);
    return ids;
  }

  // The others give the number of ids, of compact cells and of ranges.

  // In pieces of a few kilobytes, as a set-returning function hands them on.
  std::uint64_t stream(const Geometry& geometry, std::int32_t resolution, PolyfillMode mode) {
    CellStream cells = checked(quadbin::polyfill_stream(geometry, resolution, name(mode)));
    std::uint64_t count = 0;
    while (const std::size_t read = checked(cells.read(context_, piece_))) count += read;
    return count;
  }
  std::uint64_t count(const Geometry& geometry, std::int32_t resolution, PolyfillMode mode) {
    return static_cast<std::uint64_t>(
        checked(quadbin::polyfill_count(context_, geometry, resolution, name(mode))));
  }
  std::uint64_t compact(const Geometry& geometry, std::int32_t resolution, PolyfillMode mode) {
    return checked(quadbin::polyfill_compact(context_, geometry, resolution, name(mode))).size();
  }
  std::uint64_t ranges(const Geometry& geometry, std::int32_t resolution, PolyfillMode mode) {
    return checked(quadbin::polyfill_ranges(context_, geometry, resolution, name(mode))).size();
  }

  static std::string_view name(PolyfillMode mode) {
    switch (mode) {
      case PolyfillMode::center:
        return "center";
      case PolyfillMode::intersects:
        return "intersects";
      case PolyfillMode::contains:
        break;
    }
    return "contains";
  }

 private:
  template <class T>
  static T checked(Result<T> result) {
    if (!result) throw std::runtime_error(result.error().message);
    return std::move(*result);
  }

  Workspace workspace_;
  CallContext context_;
  std::vector<std::int64_t> ids_;
  std::vector<std::int64_t> piece_ = std::vector<std::int64_t>(1024);
};

}  // namespace geocell::bench
