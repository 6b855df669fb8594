// The Lambda `bootstrap`.
#include <cstdio>
#include <cstdlib>

#include "lambda_bridge/bootstrap/bridge_config.hpp"
#include "lambda_bridge/runtime/runtime.hpp"

int main() {
  using namespace geocell::bridge;
  const auto config = read_config([](const char* name) { return std::getenv(name); });
  if (!config) {
    std::fprintf(stderr, "%s\n", config.error().message.c_str());
    const char* runtime_api = std::getenv("AWS_LAMBDA_RUNTIME_API");
    if (runtime_api != nullptr) report_init_error(runtime_api, config.error());
    return 1;
  }
  return serve(*config);
}
