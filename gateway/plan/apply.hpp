// Carries a plan out, step by step.
#pragma once

#include "gateway/plan/planner.hpp"

namespace geocell::gateway {

enum class OnFailure : std::uint8_t { ask, keep, undo };

// Returns true when every step succeeded. A step that fails ends the run: the steps before it are listed, and
// undone when the operator wants that (`on_failure`; asking needs a terminal, without one they are kept: the
// next deploy continues from there). `planners` made the plan.
bool apply(Context& context, const Planners& planners, Plan& plan, OnFailure on_failure);

}  // namespace geocell::gateway
