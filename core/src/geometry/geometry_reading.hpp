// What the three readers share: the rules of the model that every format must meet, and how their breaches
// are worded.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "geocell/geometry.hpp"

namespace geocell::reading {

inline constexpr std::size_t kMinRingPoints = 4;
inline constexpr std::size_t kMinLinePoints = 2;

inline constexpr bool is_collective(GeometryType type) { return type >= GeometryType::multipoint; }

// What a MULTIPOINT, MULTILINESTRING or MULTIPOLYGON is made of; nothing when any geometry may be a member.
std::optional<GeometryType> member_type(GeometryType collective);

// "CIRCULARSTRING" for 8, …; empty for a code that ISO 13249 does not define,
// and for the types geocell reads.
std::string_view unsupported_type_name(std::uint32_t wkb_code);
bool is_unsupported_type_name(std::string_view upper_case_name);

// The sentence that says what is wrong, or an empty string.
std::string line_problem(std::size_t point_count);
std::string ring_problem(std::span<const LngLat> ring);  // closed in x and y, and at least kMinRingPoints
std::string member_problem(std::optional<GeometryType> collective, GeometryType member);
std::string unsupported_problem(std::string_view type_name);
std::string depth_problem();

// "1 point", "2 points"
std::string count_text(std::size_t count, std::string_view noun);

// reserve() for `extra` more, without the quadratic cost of exact reserves in a row.
template <class T>
void make_room(std::vector<T>& vector, std::size_t extra) {
  const std::size_t needed = vector.size() + extra;
  if (needed > vector.capacity()) vector.reserve(std::max(needed, 2 * vector.capacity()));
}

// read_hex_wkb() of a part of a larger text: byte positions in errors count from the start of that text.
Result<Geometry> read_hex_wkb_at(std::string_view text, std::size_t offset);

}  // namespace geocell::reading
