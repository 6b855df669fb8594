// Carries a plan out, step by step.
#pragma once

#include <optional>

#include "gateway/plan/plan.hpp"

namespace geocell::gateway {

enum class OnFailure : std::uint8_t { ask, keep, undo };

// True when every step succeeded. A step that fails ends it: what was done is said, and undone when the
// operator wants that (`on_failure`; asking needs a terminal, else what was done is kept: the next deploy
// goes on from there).
bool apply(Context& context, Plan& plan, OnFailure on_failure);

// Calls one deployed function with a known answer. Throws Failure when Redshift gives another one. Nothing
// when none of the functions that have a known answer is deployed.
std::optional<std::string> verify(Context& context, const Deployment& deployment);

}  // namespace geocell::gateway
