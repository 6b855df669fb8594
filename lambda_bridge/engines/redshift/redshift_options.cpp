#include "lambda_bridge/engines/redshift/redshift_options.hpp"

namespace geocell::bridge {

RedshiftOptions read_redshift_options(SettingsReader& reader) {
  // A response above Lambda's limit is refused by Lambda; a higher one is for emulators and later quotas.
  constexpr std::uint64_t kMinResponseBytes = 1024;
  constexpr std::uint64_t kMaxResponseBytes = 1'000'000'000;

  RedshiftOptions options;
  options.batch.row_errors = reader.choice<RowErrors>(
      "GEOCELL_ROW_ERRORS",
      {{"fail", RowErrors::fail}, {"value", RowErrors::as_value}, {"null", RowErrors::as_null}});
  options.string_wrapped = reader.choice<bool>("GEOCELL_RESPONSE", {{"string", true}, {"object", false}});
  Limits& limits = options.batch.limits;
  limits.max_value_bytes =
      reader.number("GEOCELL_MAX_VALUE_BYTES", limits.max_value_bytes, 1, kLargeVarcharBytes);
  limits.max_response_bytes = reader.number("GEOCELL_MAX_RESPONSE_BYTES", limits.max_response_bytes,
                                            kMinResponseBytes, kMaxResponseBytes);
  limits.deadline_margin = std::chrono::milliseconds(
      reader.number("GEOCELL_DEADLINE_MARGIN_MS", static_cast<std::uint64_t>(limits.deadline_margin.count()),
                    0, static_cast<std::uint64_t>(kLambdaTimeout.count())));
  return options;
}

}  // namespace geocell::bridge
