// The programs of this build, and the packager that puts them into a zip with every library they need.
#pragma once

#include <filesystem>
#include <string>

#include "lambda_bridge/package/lambda_package.hpp"

namespace geocell::gateway {

// The Lambda's programs for an architecture: of this build, or of the cross build beside it. Throws Failure
// when they have not been built.
package::Programs built_programs(const std::string& architecture);

// Throws Failure.
package::Package build_zip(const package::Programs& programs, const std::filesystem::path& out);

}  // namespace geocell::gateway
