// The engines that this program deploys to.
#pragma once

#include <span>

#include "gateway/engines/engine.hpp"

namespace geocell::gateway {

std::span<const Engine* const> engines();

}  // namespace geocell::gateway
