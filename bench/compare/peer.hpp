// What bench/compare/polyfill asks of a peer that is C++.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "geocell/geometry.hpp"
#include "geocell/polyfill.hpp"

namespace geocell::bench {

// The cells of geometry number `index`, good until the next call. One polygon after another is handed over in
// memory, and its cells are taken in memory.
using Fill = std::function<std::span<const std::int64_t>(std::size_t index)>;

// `resolution`: the peer's own; `mode`: the exact predicate, where the peer has one to choose. Conversion
// into the peer's own geometry that a user does once and for all is done here; indexing is part of Fill.
Fill geos_peer(const std::vector<Geometry>& geometries, int resolution, PolyfillMode mode);
Fill s2_peer(const std::vector<Geometry>& geometries, int level, bool compact);

// The limits of the machine's memory: as many 8-byte values per geometry as `counts` says, stored by a loop,
// or copied by memcpy, into memory that was written before.
Fill store_loop(const std::vector<std::size_t>& counts);
Fill memory_copy(const std::vector<std::size_t>& counts);

// CPU time of this process, in seconds.
double cpu_seconds();

}  // namespace geocell::bench
