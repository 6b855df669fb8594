// How the cells of a polyfill relate to the geometry: the same three modes on every grid.
#pragma once

#include <cstdint>
#include <string_view>

#include "geocell/status.hpp"

namespace geocell {

// For any geometry: the cells of `contains` are among those of `center`, and these among those of
// `intersects`.
enum class PolyfillMode : std::uint8_t {
  center,      // the cell's centre point intersects the geometry (its boundary included)
  intersects,  // the closed cell and the geometry share a point
  contains,    // the geometry contains the cell (OGC: no part of it is outside); never of lines and points
};

// "center", "intersects" or "contains", in lower case; anything else is ErrorCode::invalid_parameter.
Result<PolyfillMode> parse_polyfill_mode(std::string_view mode);

}  // namespace geocell
