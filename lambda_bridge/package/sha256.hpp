// SHA-256 in the two spellings that AWS uses.
#pragma once

#include <string>
#include <string_view>

namespace geocell::package {

std::string sha256_hex(std::string_view bytes);     // 64 lower-case digits: sha256sum, OCI
std::string sha256_base64(std::string_view bytes);  // 44 characters: Lambda's CodeSha256

}  // namespace geocell::package
