// --version of plan and deploy: another release's own program does what this one was asked for.
#pragma once

#include <optional>
#include <string>

#include "gateway/verbs/global_options.hpp"

namespace geocell::gateway {

// The exit status of the release's program; nothing when `version` is empty or this program's. Throws
// Failure.
std::optional<int> run_other_release(const std::string& version, const GlobalOptions& globals,
                                     const Console& console);

}  // namespace geocell::gateway
