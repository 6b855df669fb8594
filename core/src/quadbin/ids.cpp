#include "geocell/quadbin.hpp"

#include <charconv>

#include "core/src/quadbin/checks.hpp"

namespace geocell::quadbin {
namespace {

// Everything above the resolution bits: bit 62 (header) and bit 59 (mode 1).
constexpr std::uint64_t kCellPrefix = 0x4800'0000'0000'0000;
constexpr int kPrefixShift = 57;
constexpr int kResolutionShift = 52;
constexpr std::uint64_t kResolutionMask = 31;
constexpr std::uint64_t kMortonMask = (std::uint64_t{1} << kResolutionShift) - 1;

// Moves bit i of a 32-bit number to bit 2i, by halving the distance of the groups in each step.
// Source: "Interleave bits by Binary Magic Numbers", Sean Eron Anderson, Bit Twiddling Hacks.
std::uint64_t spread_bits(std::uint64_t v) {
  v = (v | (v << 16)) & 0x0000'ffff'0000'ffff;
  v = (v | (v << 8)) & 0x00ff'00ff'00ff'00ff;
  v = (v | (v << 4)) & 0x0f0f'0f0f'0f0f'0f0f;
  v = (v | (v << 2)) & 0x3333'3333'3333'3333;
  return (v | (v << 1)) & 0x5555'5555'5555'5555;
}

std::uint32_t gather_bits(std::uint64_t v) {
  v &= 0x5555'5555'5555'5555;
  v = (v | (v >> 1)) & 0x3333'3333'3333'3333;
  v = (v | (v >> 2)) & 0x0f0f'0f0f'0f0f'0f0f;
  v = (v | (v >> 4)) & 0x00ff'00ff'00ff'00ff;
  v = (v | (v >> 8)) & 0x0000'ffff'0000'ffff;
  return static_cast<std::uint32_t>(v | (v >> 16));
}

constexpr std::uint64_t trailing_ones(int resolution) { return id_stride(resolution) - 1; }

std::int64_t from_morton(int z, std::uint64_t morton) {
  return static_cast<std::int64_t>(kCellPrefix | (static_cast<std::uint64_t>(z) << kResolutionShift) |
                                   (morton << (kResolutionShift - 2 * z)) | trailing_ones(z));
}

Error invalid_coordinate(std::string_view name, std::int32_t value, std::int32_t z) {
  return invalid_value(name, std::to_string(value),
                       "between 0 and " + std::to_string((std::int32_t{1} << z) - 1));
}

Error invalid_text(std::string_view what, std::string_view text, std::string_view should_be) {
  return {ErrorCode::invalid_text, invalid_value(what, text, should_be).message};
}

}  // namespace

std::int64_t encode_unchecked(Tile tile) {
  return from_morton(tile.z, spread_bits(tile.x) | (spread_bits(tile.y) << 1));
}

Tile decode_unchecked(std::int64_t cell) {
  const auto bits = static_cast<std::uint64_t>(cell);
  const int z = resolution_unchecked(cell);
  const std::uint64_t morton = (bits & kMortonMask) >> (kResolutionShift - 2 * z);
  return {z, gather_bits(morton), gather_bits(morton >> 1)};
}

bool is_valid_id(std::int64_t cell) {
  const auto bits = static_cast<std::uint64_t>(cell);
  const auto z = static_cast<int>((bits >> kResolutionShift) & kResolutionMask);
  return bits >> kPrefixShift == kCellPrefix >> kPrefixShift && z <= kMaxResolution &&
         (bits & trailing_ones(z)) == trailing_ones(z);
}

Error invalid_cell(std::int64_t cell) {
  return invalid_value("quadbin cell", std::to_string(cell), "a valid quadbin cell id");
}

Result<std::int64_t> from_zxy(std::int32_t z, std::int32_t x, std::int32_t y) {
  if (!is_resolution(z)) return invalid_resolution(z, 0, kMaxResolution);
  const std::int32_t end = std::int32_t{1} << z;
  if (x < 0 || x >= end) return invalid_coordinate("x", x, z);
  if (y < 0 || y >= end) return invalid_coordinate("y", y, z);
  return encode_unchecked({z, static_cast<std::uint32_t>(x), static_cast<std::uint32_t>(y)});
}

Result<Json> to_zxy(std::int64_t cell) {
  if (!is_valid_id(cell)) return invalid_cell(cell);
  const Tile tile = decode_unchecked(cell);
  return Json{"{\"z\": " + std::to_string(tile.z) + ", \"x\": " + std::to_string(tile.x) +
              ", \"y\": " + std::to_string(tile.y) + "}"};
}

Result<std::int64_t> from_quadkey(std::string_view quadkey) {
  const bool digits_only = quadkey.find_first_not_of("0123") == std::string_view::npos;
  if (!digits_only || quadkey.size() > kMaxResolution) {
    return invalid_text("quadkey", quadkey, "up to 26 digits from 0 to 3");
  }
  std::uint64_t morton = 0;
  for (const char digit : quadkey) morton = (morton << 2) | static_cast<std::uint64_t>(digit - '0');
  return from_morton(static_cast<int>(quadkey.size()), morton);
}

Result<std::string> to_quadkey(std::int64_t cell) {
  if (!is_valid_id(cell)) return invalid_cell(cell);
  std::string quadkey(static_cast<std::size_t>(resolution_unchecked(cell)), '0');
  int shift = kResolutionShift;
  for (char& digit : quadkey) {
    shift -= 2;
    digit = static_cast<char>('0' + ((cell >> shift) & 3));
  }
  return quadkey;
}

Result<std::int64_t> from_quadint(std::int64_t quadint) {
  // z in the low 5 bits, then x in z bits, then y in the rest.
  const auto bits = static_cast<std::uint64_t>(quadint);
  const auto z = static_cast<int>(bits & kResolutionMask);
  if (z > kMaxResolution || bits >> (5 + 2 * z) != 0) {
    return invalid_value("quadint", std::to_string(quadint),
                         "z + 2^5 x + 2^(z+5) y with z between 0 and 26 and x, y between 0 and 2^z - 1");
  }
  const auto mask = (std::uint32_t{1} << z) - 1;
  return encode_unchecked(
      {z, static_cast<std::uint32_t>(bits >> 5) & mask, static_cast<std::uint32_t>(bits >> (5 + z))});
}

std::string int_to_string(std::int64_t value) {
  std::array<char, 16> buffer;
  const auto end =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), static_cast<std::uint64_t>(value), 16).ptr;
  return {buffer.data(), end};
}

Result<std::int64_t> string_to_int(std::string_view hex) {
  std::uint64_t bits = 0;
  const char* const end = hex.data() + hex.size();
  // 16 digits cannot overflow 64 bits; from_chars takes no sign, prefix or blank for an unsigned type.
  if (hex.empty() || hex.size() > 16 || std::from_chars(hex.data(), end, bits, 16).ptr != end) {
    return invalid_text("hexadecimal id", hex, "1 to 16 hexadecimal digits");
  }
  return static_cast<std::int64_t>(bits);
}

Result<std::int32_t> resolution(std::int64_t cell) {
  if (!is_valid_id(cell)) return invalid_cell(cell);
  return resolution_unchecked(cell);
}

bool is_valid(Nullable<std::int64_t> cell) { return cell.value && is_valid_id(*cell.value); }

}  // namespace geocell::quadbin
