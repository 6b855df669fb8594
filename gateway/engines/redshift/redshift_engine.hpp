// Amazon Redshift's row in the table of engines.
#pragma once

#include "gateway/engines/engine.hpp"

namespace geocell::gateway {

extern const Engine kRedshift;

}  // namespace geocell::gateway
