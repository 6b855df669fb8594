// SHA-256, as Lambda and OCI write it.
#pragma once

#include <string>
#include <string_view>

namespace geocell::gateway {

std::string sha256_hex(std::string_view bytes);
std::string sha256_base64(std::string_view bytes);

}  // namespace geocell::gateway
