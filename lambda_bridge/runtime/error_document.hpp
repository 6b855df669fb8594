// The JSON in which a Lambda runtime reports an error.
#pragma once

#include <string>
#include <string_view>

namespace geocell::bridge {

// {"errorType":…,"errorMessage":…,"stackTrace":[]}, as AWS, "Building a custom runtime", prescribes it.
std::string error_document(std::string_view type, std::string_view message);

}  // namespace geocell::bridge
