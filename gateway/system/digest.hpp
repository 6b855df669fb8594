// SHA-256, as Lambda and OCI write it.
#pragma once

#include "lambda_bridge/package/sha256.hpp"

namespace geocell::gateway {

using package::sha256_base64;
using package::sha256_hex;

}  // namespace geocell::gateway
