#include "geocell/polyfill_mode.hpp"

namespace geocell {

Result<PolyfillMode> parse_polyfill_mode(std::string_view mode) {
  if (mode == "center") return PolyfillMode::center;
  if (mode == "intersects") return PolyfillMode::intersects;
  if (mode == "contains") return PolyfillMode::contains;
  return invalid_value("polyfill mode", mode, "\"center\", \"intersects\" or \"contains\"");
}

}  // namespace geocell
