// What the S2 sources share: signed ids, the one projection onto the sphere, and the checks of arguments.
#pragma once

#include <s2/s2cell_id.h>
#include <s2/s2point.h>

#include <cstdint>
#include <optional>

#include "geocell/geometry.hpp"
#include "geocell/s2.hpp"
#include "geocell/status.hpp"

namespace geocell::s2 {

inline S2CellId to_s2(std::int64_t cell) { return S2CellId(static_cast<std::uint64_t>(cell)); }
inline std::int64_t to_signed(S2CellId cell) { return static_cast<std::int64_t>(cell.id()); }

// The faces in ascending order of signed id: those whose top bit is set come first.
inline constexpr int kFacesAscending[] = {4, 5, 0, 1, 2, 3};

// The distance between the ids of neighbouring cells at a level.
inline std::uint64_t id_stride(int level) { return 2 * S2CellId::lsb_for_level(level); }

// 4^(levels): the descendants of one cell that many levels down. REQUIRES: 0 <= levels <= 30
constexpr std::uint64_t descendant_count(int levels) { return std::uint64_t{1} << (2 * levels); }

// Every longitude and latitude goes to the sphere through here, so that equal places are equal points, bit
// for bit: -180 and 180, and all longitudes at a pole. REQUIRES: both are finite; -90 <= lat_deg <= 90
S2Point to_point(double lng_deg, double lat_deg);
// Longitude and latitude of a point, with zero never negative (it would print as "-0").
LngLat to_lng_lat(const S2Point& point);

std::optional<Error> check_cell(std::int64_t cell);
std::optional<Error> check_resolution(std::int32_t resolution);

}  // namespace geocell::s2
