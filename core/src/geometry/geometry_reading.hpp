// What the readers of all formats share: the rules of the model that every format must meet, and the wording
// of the errors when one is broken.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
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
// "the point needs 16 bytes but 3 bytes remain", "claims 7 points but 3 bytes remain", "1 byte follows the
// geometry"
std::string missing_bytes_problem(std::string_view what, std::size_t needed, std::size_t remaining);
std::string missing_items_problem(std::size_t claimed, std::string_view noun, std::size_t remaining);
std::string trailing_bytes_problem(std::size_t count);

// "1 point", "2 points"
std::string count_text(std::size_t count, std::string_view noun);

// reserve() for `extra` more, without the quadratic cost of exact reserves in a row.
template <class T>
void make_room(std::vector<T>& vector, std::size_t extra) {
  const std::size_t needed = vector.size() + extra;
  if (needed > vector.capacity()) vector.reserve(std::max(needed, 2 * vector.capacity()));
}

inline constexpr std::size_t kOrdinateBytes = sizeof(double);

inline double swapped(double value) {
  return std::bit_cast<double>(__builtin_bswap64(std::bit_cast<std::uint64_t>(value)));
}

// One addition carries an exponent of all ones into the sign bit: no branch, so that the loop vectorises.
inline bool all_finite(std::span<const LngLat> points) {
  constexpr std::uint64_t kExponent = 0x7ff0000000000000;
  constexpr std::uint64_t kCarry = 0x0010000000000000;
  std::uint64_t carried = 0;
  for (const LngLat& point : points) {
    carried |= (std::bit_cast<std::uint64_t>(point.lng_deg) & kExponent) + kCarry;
    carried |= (std::bit_cast<std::uint64_t>(point.lat_deg) & kExponent) + kCarry;
  }
  return carried >> 63 == 0;
}

// Appends `count` points, each of `ordinates` doubles of which the first two count, in the machine's byte
// order or swapped. Returns how many points come before the first one with a coordinate that is not finite:
// `count` if there is none. The points go through a buffer that stays in the first cache level, where they
// are put in order and checked, so that the vector is written once and never zeroed.
inline std::size_t append_points(std::vector<LngLat>& points, const std::byte* source, std::size_t count,
                                 std::size_t ordinates, bool swap) {
  constexpr std::size_t kChunk = 256;
  std::array<LngLat, kChunk> chunk;
  const std::size_t stride = ordinates * kOrdinateBytes;
  make_room(points, count);
  for (std::size_t done = 0; done < count;) {
    const std::size_t n = std::min(count - done, kChunk);
    if (ordinates == 2) {
      std::memcpy(chunk.data(), source, n * sizeof(LngLat));
    } else {
      for (std::size_t i = 0; i < n; ++i) std::memcpy(&chunk[i], source + i * stride, sizeof(LngLat));
    }
    if (swap) {
      for (std::size_t i = 0; i < n; ++i) chunk[i] = {swapped(chunk[i].lng_deg), swapped(chunk[i].lat_deg)};
    }
    if (!all_finite({chunk.data(), n})) {
      std::size_t wrong = 0;
      while (all_finite({&chunk[wrong], 1})) ++wrong;
      return done + wrong;
    }
    points.insert(points.end(), chunk.data(), chunk.data() + n);
    source += n * stride;
    done += n;
  }
  return count;
}

// read_hex_wkb() of a part of a larger text: byte positions in errors count from the start of that text.
Result<Geometry> read_hex_wkb_at(std::string_view text, std::size_t offset);

}  // namespace geocell::reading
