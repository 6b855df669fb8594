#include "geocell/quadbin.hpp"

#include <cmath>
#include <numbers>

#include "quadbin_checks.hpp"

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

Error invalid_coordinate(std::string_view name, std::int32_t value, std::int32_t z) {
  return invalid_value(name, std::to_string(value),
                       "between 0 and " + std::to_string((std::int32_t{1} << z) - 1));
}

}  // namespace

std::int64_t encode_unchecked(Tile tile) {
  const std::uint64_t morton = spread_bits(tile.x) | (spread_bits(tile.y) << 1);
  return static_cast<std::int64_t>(kCellPrefix | (static_cast<std::uint64_t>(tile.z) << kResolutionShift) |
                                   (morton << (kResolutionShift - 2 * tile.z)) | trailing_ones(tile.z));
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

double column_lng_deg(int resolution, std::uint32_t x) {
  return 180.0 * (std::ldexp(x, 1 - resolution) - 1.0);
}

double row_lat_deg(int resolution, std::uint32_t y) {
  // CARTO's formula, operation by operation: its published values hold bit for bit.
  const double exp_psi = std::exp(-(std::ldexp(y, 1 - resolution) - 1.0) * std::numbers::pi);
  return 360.0 * (std::atan(exp_psi) / std::numbers::pi - 0.25);
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

Result<std::int32_t> resolution(std::int64_t cell) {
  if (!is_valid_id(cell)) return invalid_cell(cell);
  return resolution_unchecked(cell);
}

bool is_valid(Nullable<std::int64_t> cell) { return cell.value && is_valid_id(*cell.value); }

}  // namespace geocell::quadbin
