#include "lambda_bridge/runtime/process_settings.hpp"

namespace geocell::bridge {

ProcessSettings read_process_settings(SettingsReader& reader) {
  ProcessSettings settings;
  settings.runtime_api = reader.text("AWS_LAMBDA_RUNTIME_API");
  if (settings.runtime_api.empty()) {
    reader.fail({ErrorCode::invalid_parameter,
                 "The environment variable AWS_LAMBDA_RUNTIME_API is not set; this program is a Lambda "
                 "bootstrap and is started by Lambda or by an emulator of it"});
  }
  constexpr std::uint64_t kMaxConcurrency = 1600;
  settings.concurrency =
      static_cast<unsigned>(reader.number("AWS_LAMBDA_MAX_CONCURRENCY", 1, 1, kMaxConcurrency));
  return settings;
}

}  // namespace geocell::bridge
