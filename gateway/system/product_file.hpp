// Files that belong to this program: beside it in a distribution, above it in a clone.
#pragma once

#include <filesystem>

namespace geocell::gateway {

// Looks in the program's folder and in each folder above it: for `in_package`, where a distribution keeps the
// file, and for `in_clone`, where a clone does (either may be empty). Returns an empty path when there is
// none.
std::filesystem::path find_product_file(const std::filesystem::path& in_package,
                                        const std::filesystem::path& in_clone);

}  // namespace geocell::gateway
