// What the calls of one SQL function in one query keep for each other. FmgrInfo::fn_extra, which belongs to
// the function called, points to it in every function of the extension.
//
// A set lives here between two of its rows. Its C++ object is deleted when it has been read to the end; when
// the executor drops the rest (a LIMIT is reached, a plan node is scanned again), which it announces by a
// callback on its expression context; and, after an error, with the memory context of the function, which is
// the query's.
#pragma once

#include "extension/guard.hpp"
#include "extension/postgres.hpp"
#include "geocell/workspace.hpp"

extern "C" {
#include "nodes/execnodes.h"
}

namespace geocell::pg {

struct FunctionState {
  MemoryContextCallback context_end;
  Workspace* workspace;           // C++; null until it is asked for
  const std::int64_t* next_cell;  // of a set of cells: those read ahead, in `set`; equal when there are none
  const std::int64_t* end_of_cells;
  void* set;  // C++; null when no set is begun. Its type is the function's own
  void (*delete_set)(void*);
  ExprContext* watched;    // whose end deletes the set; null: none
  TupleDesc row_type;      // of a set of rows; null until it is asked for
  FmgrInfo* st_transform;  // PostGIS's function; null until it is asked for

  // Zone 1: the state of the function, made when there is none.
  static FunctionState& of(FmgrInfo* function);

  // Zone 1: from now on, a set does not outlive this context of the executor.
  void watch(ExprContext* executor);
  void end_set() {
    if (set == nullptr) return;
    delete_set(set);
    set = nullptr;
    next_cell = end_of_cells = nullptr;
  }
};

inline FunctionState& FunctionState::of(FmgrInfo* function) {
  if (function->fn_extra != nullptr) return *static_cast<FunctionState*>(function->fn_extra);
  auto* state = static_cast<FunctionState*>(MemoryContextAllocZero(function->fn_mcxt, sizeof(FunctionState)));
  state->context_end.func = [](void* self) {
    auto* ended = static_cast<FunctionState*>(self);
    ended->end_set();
    delete ended->workspace;
  };
  state->context_end.arg = state;
  MemoryContextRegisterResetCallback(function->fn_mcxt, &state->context_end);
  function->fn_extra = state;
  return *state;
}

inline void FunctionState::watch(ExprContext* executor) {
  if (watched == executor) return;
  // A callback stays registered from set to set: the executor drops it only when it has called it.
  constexpr ExprContextCallbackFunction kGiveUp = [](Datum self) {
    auto* state = reinterpret_cast<FunctionState*>(DatumGetPointer(self));
    state->watched = nullptr;
    state->end_set();
  };
  if (watched != nullptr) UnregisterExprContextCallback(watched, kGiveUp, PointerGetDatum(this));
  watched = nullptr;
  RegisterExprContextCallback(executor, kGiveUp, PointerGetDatum(this));
  watched = executor;
}

}  // namespace geocell::pg
