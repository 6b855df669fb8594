// The boundary between C++ and PostgreSQL: the only try/catch and the only ereport of the extension.
//
// PostgreSQL's errors are longjmps, which run no destructor; a C++ exception that reaches PostgreSQL kills
// the server. So every call has three zones that never interleave (DESIGN.md):
//   1. C in: read and detoast arguments. PostgreSQL may raise an error; nothing with a destructor is alive.
//   2. C++: run_core(body). The body calls nothing of PostgreSQL but allocate_result(); what it throws is
//      caught, and what it returns is copied into a trivially destructible Outcome.
//   3. C out: the C++ scope is closed; finish() raises the error or hands the value on.
#pragma once

#include "extension/postgres.hpp"
#include "geocell/call_context.hpp"
#include "geocell/status.hpp"

namespace geocell::pg {

inline constexpr std::size_t kMaxMessageBytes = 1024;

// Whether a call failed, and why: code and message are meaningful only then.
struct Failure {
  bool failed;
  ErrorCode code;
  char message[kMaxMessageBytes];

  void fail(ErrorCode error_code, std::string_view text) noexcept;
  // For a catch block: what was thrown.
  void fail_with_exception() noexcept;
};

// What leaves zone 2. T is meaningful only when !failed.
template <class T>
struct Outcome : Failure {
  T value;
};

// True when CHECK_FOR_INTERRUPTS() would end the query now. Flags only: it is called with C++ objects alive.
// InterruptPending alone says too little: it is also set for routine signals (catch-up, barriers).
inline bool cancel_requested(void*) {
  if (InterruptHoldoffCount != 0 || CritSectionCount != 0) return false;
  return ProcDiePending || (QueryCancelPending && QueryCancelHoldoffCount == 0);
}

inline CallContext call_context(std::uint64_t max_cells) { return {&cancel_requested, nullptr, max_cells}; }

// Memory of the current memory context for a result, from inside zone 2:
// throws where palloc would raise an error.
inline void* allocate_result(std::size_t size) {
  void* memory = AllocSizeIsValid(size) ? palloc_extended(size, MCXT_ALLOC_NO_OOM) : nullptr;
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

// Zone 2. `body` returns Result<T>, T trivially destructible.
template <class Body>
auto run_core(const Body& body) noexcept {
  using T = std::remove_cvref_t<decltype(body().value())>;
  static_assert(std::is_trivially_destructible_v<Body> && std::is_trivially_destructible_v<Outcome<T>> &&
                    std::is_trivially_copyable_v<T>,
                "a longjmp after zone 2 would leak what the body or its result owns");
  Outcome<T> outcome;
  outcome.failed = false;
  try {
    const auto result = body();
    if (result.ok()) {
      outcome.value = result.value();
    } else {
      outcome.fail(result.error().code, result.error().message);
    }
  } catch (...) {
    outcome.fail_with_exception();
  }
  return outcome;
}

// Zone 3.
[[noreturn]] inline void raise(ErrorCode code, const char* message) {
  const char* state = error_code_info(code).sqlstate.data();
  ereport(ERROR, (errcode(MAKE_SQLSTATE(state[0], state[1], state[2], state[3], state[4])),
                  errmsg_internal("%s", message)));
  pg_unreachable();
}

[[noreturn]] inline void raise_null_element() {
  ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg_internal("array must not contain nulls")));
  pg_unreachable();
}

// Zones 2 and 3: the body's value, or PostgreSQL's error. Runs the body again when the interruption that
// stopped it turned out not to end the query.
template <class Body>
auto call_core(const Body& body) {
  for (;;) {
    const auto outcome = run_core(body);
    if (!outcome.failed) return outcome.value;
    if (outcome.code == ErrorCode::canceled) {
      CHECK_FOR_INTERRUPTS();
      if (!cancel_requested(nullptr)) continue;
    }
    raise(outcome.code, outcome.message);
  }
}

}  // namespace geocell::pg
