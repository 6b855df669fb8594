// One request answered in the calling process, for tools that want the Lambda's answer without a Lambda.
#pragma once

#include <string>

namespace geocell::bridge {

// The response that the Lambda would send, with its default limits. Always returns one, whatever the bytes.
std::string answer_redshift(std::string request);

}  // namespace geocell::bridge
