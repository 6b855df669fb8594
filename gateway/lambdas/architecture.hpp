// The architectures that Lambda has, and the packages for them. Their names are Lambda's: x86_64 and arm64.
#pragma once

#include <filesystem>
#include <string>

#include "gateway/settings/config.hpp"

namespace geocell::gateway {

inline constexpr const char* kX86 = "x86_64";
inline constexpr const char* kArm = "arm64";

inline constexpr const char* kFunctionsPackage = "geocell";

struct LambdaPackage {
  std::filesystem::path zip;  // empty: none was found
  std::string architecture;
  std::string name = kFunctionsPackage;  // of its layer and its repository, behind the prefix
};

// geocell-lambda-arm64.zip, …
std::string package_name(const std::string& architecture);

// The architecture of the machine this program runs on.
std::string this_architecture();

// The architecture that a package is for, by the program in it; empty when the file is not a package.
std::string architecture_of(const std::filesystem::path& zip);

// What a deployment sends: `given` (--package), or the package of GEOCELL_LAMBDA_ARCHITECTURE beside this
// program or in dist/; where that setting is empty, the one for x86_64 before the one for arm64. Throws
// Failure when the given package is for another architecture than the setting.
LambdaPackage choose_package(const Config& config, const std::filesystem::path& given);

}  // namespace geocell::gateway
