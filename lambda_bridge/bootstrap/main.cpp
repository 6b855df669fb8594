// The Lambda `bootstrap`: functions for SQL engines, and nothing else. The path of a row must not grow, so
// this program knows no other event and makes no call to AWS; what does is the `worker`.
#include <cstdlib>
#include <memory>

#include "lambda_bridge/engines/redshift/redshift_handler.hpp"
#include "lambda_bridge/runtime/runtime.hpp"

int main() {
  using namespace geocell::bridge;
  return run_program([](const char* name) { return std::getenv(name); },
                     [](SettingsReader& reader) -> HandlerMaker {
                       const RedshiftOptions options = read_redshift_options(reader);
                       return [options] { return std::make_unique<RedshiftHandler>(options); };
                     });
}
