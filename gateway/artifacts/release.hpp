// deploy --version X: what that release would deploy, by that release's own program. Its distribution
// (geocell-redshift-X.zip, of create-package) holds program, signatures and Lambda package together; so going
// back to an earlier version deploys that version's SQL, byte for byte.
#pragma once

#include <string>
#include <vector>

#include "gateway/settings/config.hpp"
#include "gateway/system/console.hpp"

namespace geocell::gateway {

// Looks for the distribution in GEOCELL_RELEASES (a folder, or s3://bucket/prefix), else in dist/ and beside
// this program's own distribution; unpacks it, runs its program with `arguments`, and returns its exit
// status. Where geocell-redshift-X.zip.sha256 lies beside it, the zip has to be what that says.
// Throws Failure.
int run_release(const std::string& version, const std::vector<std::string>& arguments, const Config& config,
                const Console& console);

// The name of a version's distribution, without ".zip".
std::string distribution_name(const std::string& version);

}  // namespace geocell::gateway
