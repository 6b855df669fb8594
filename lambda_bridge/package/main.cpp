// package_lambda PROGRAM LAUNCHER OUT.zip [SYSROOT]: writes the zip in which Lambda runs PROGRAM, and prints
// what is in it. SYSROOT is where the libraries of a machine other than this one are unpacked.
#include <cstdio>

#include "lambda_bridge/package/lambda_package.hpp"

int main(int argc, char** argv) {
  if (argc != 4 && argc != 5) {
    std::fprintf(stderr, "usage: package_lambda PROGRAM LAUNCHER OUT.zip [SYSROOT]\n");
    return 2;
  }
  const auto package = geocell::package::build_package({argv[1], argv[2], argc == 5 ? argv[4] : ""}, argv[3]);
  if (!package) {
    std::fprintf(stderr, "package_lambda: %s\n", package.error().message.c_str());
    return 1;
  }
  for (const auto& [name, bytes] : package->entries) {
    std::printf("%10llu  %s\n", static_cast<unsigned long long>(bytes), name.c_str());
  }
  std::printf("%s: %s, %.1f MB zipped, %.1f MB unpacked, %zu files\nsha256 %s\n", package->path.c_str(),
              package->machine.c_str(), static_cast<double>(package->bytes) / 1e6,
              static_cast<double>(package->unpacked_bytes) / 1e6, package->entries.size(),
              package->sha256.c_str());
  return 0;
}
