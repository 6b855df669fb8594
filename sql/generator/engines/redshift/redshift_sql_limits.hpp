// Limits of Amazon Redshift, from its documentation.
#pragma once

#include <cstddef>
#include <cstdint>

namespace geocell::sql::redshift {

inline constexpr std::size_t kMaxIdentifierBytes = 127;  // "Names and identifiers"
inline constexpr std::int64_t kMaxRetryTimeoutMs =
    2'147'483'647;                                       // "CREATE EXTERNAL FUNCTION": RETRY_TIMEOUT
inline constexpr std::size_t kMaxLambdaArnLength = 140;  // AWS Lambda: FunctionName, as an ARN

}  // namespace geocell::sql::redshift
