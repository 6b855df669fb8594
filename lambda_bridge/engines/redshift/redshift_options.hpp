// How the bridge answers Redshift, from the Lambda's environment variables.
#pragma once

#include "lambda_bridge/engines/redshift/redshift_limits.hpp"
#include "lambda_bridge/rows/batch_run.hpp"
#include "lambda_bridge/runtime/settings_reader.hpp"

namespace geocell::bridge {

struct RedshiftOptions {
  // GEOCELL_ROW_ERRORS          fail (default) | value | null
  // GEOCELL_MAX_VALUE_BYTES     65535; 16000000 where Redshift's large strings are on
  // GEOCELL_MAX_RESPONSE_BYTES  6291456
  // GEOCELL_DEADLINE_MARGIN_MS  500
  BatchOptions batch{.limits = kRedshiftLimits};
  // GEOCELL_RESPONSE            string (default) | object: whether the response is a JSON string that holds
  // the
  //                             document, or the document
  bool string_wrapped = true;
};

// Errors are the reader's.
RedshiftOptions read_redshift_options(SettingsReader& reader);

}  // namespace geocell::bridge
