#include "gateway/system/product_file.hpp"

namespace geocell::gateway {

std::filesystem::path find_product_file(const std::filesystem::path& in_package,
                                        const std::filesystem::path& in_clone) {
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  for (auto folder = program.parent_path(); folder != folder.parent_path(); folder = folder.parent_path()) {
    for (const auto& candidate : {in_package, in_clone}) {
      if (!candidate.empty() && std::filesystem::exists(folder / candidate)) return folder / candidate;
    }
  }
  return {};
}

}  // namespace geocell::gateway
