// What an engine lends to one call of a core function: its limits, a way to cancel, memory to reuse.
#pragma once

#include <cstdint>
#include <limits>
#include <string_view>

#include "geocell/status.hpp"

namespace geocell {

class Workspace;

// The core never reads it after the call returns.
struct CallContext {
  // Polled by long loops at least every few milliseconds; true means: stop and return ErrorCode::canceled. It
  // must only read a flag (it is called from C++ code with live objects). Null: never cancelled.
  bool (*cancelled)(void*) = nullptr;
  void* cancelled_data = nullptr;
  // The largest number of cells that the engine's result can hold; more is ErrorCode::limit_exceeded.
  std::uint64_t max_cells = std::numeric_limits<std::uint64_t>::max();
  // What to call instead when the result is too large, in words: one of the two texts of the function's
  // SmallerForms (function_facts.hpp). Empty: nothing is advised.
  std::string_view smaller_form = {};
  // What calls may leave for the next one; no answer depends on it. Null: nothing is kept.
  Workspace* workspace = nullptr;

  bool is_cancelled() const { return cancelled != nullptr && cancelled(cancelled_data); }
};

// The error for a result of `count` cells, `count` > `context.max_cells`: names `function`, the count, the
// limit and what to do instead. `at_least`: the count is a lower bound, since counting stopped there.
Error too_many_cells(const CallContext& context, std::string_view function, std::uint64_t count,
                     bool at_least);
// "use a lower resolution, a smaller input, or <smaller_form>"; without a smaller form, the first two.
std::string advice_on_size(std::string_view smaller_form);

// What a call returns once context.is_cancelled().
Error canceled();

}  // namespace geocell
