// Redshift's and Lambda's limits as they bear on a batch, with what a user of Redshift can do about them.
#pragma once

#include "lambda_bridge/rows/batch.hpp"

namespace geocell::bridge {

// Amazon Redshift, "Character types": a VARCHAR holds 65,535 bytes, and 16,000,000 where large strings are
// on.
inline constexpr std::size_t kVarcharBytes = 65'535;
inline constexpr std::size_t kLargeVarcharBytes = 16'000'000;
// AWS, "Lambda quotas": a synchronous invocation returns at most 6 MB.
inline constexpr std::size_t kLambdaResponseBytes = std::size_t{6} * 1024 * 1024;
// The same: a function runs for at most 900 seconds.
inline constexpr std::chrono::milliseconds kLambdaTimeout{900'000};

// MAX_BATCH_ROWS is a clause of CREATE EXTERNAL FUNCTION.
inline constexpr Advice kRedshiftAdvice = {
    .value_holder = "one VARCHAR",
    .larger_values = "turn on large strings in Redshift and raise the limit",
    .smaller_batches = "a smaller MAX_BATCH_ROWS",
};

inline constexpr Limits kRedshiftLimits = {
    .max_value_bytes = kVarcharBytes,
    .max_response_bytes = kLambdaResponseBytes,
    // To word the error and post it, over a connection that is already open.
    .deadline_margin = std::chrono::milliseconds(500),
    .advice = kRedshiftAdvice,
};

}  // namespace geocell::bridge
