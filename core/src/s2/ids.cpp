// S2 cell ids: to and from points, tokens, quadkeys; parents, children, ranges and outlines.
#include "geocell/s2.hpp"

#include <s2/s2cell.h>
#include <s2/s2coords.h>
#include <s2/s2latlng.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>

#include "core/src/s2/sphere.hpp"

namespace geocell::s2 {
namespace {

constexpr std::size_t kTokenDigits = 16;
constexpr int kFaceCount = 6;

Error invalid_id_text(std::string_view what, std::string_view text, std::string_view should_be) {
  Error error = invalid_value(what, text, should_be);
  error.code = ErrorCode::invalid_text;
  return error;
}

// The value of eight hexadecimal digits, all at once in the bytes of one register. Sets `valid` to false for
// any other character.
std::uint64_t hex_value(const char* digits, bool& valid) {
  static_assert(std::endian::native == std::endian::little);
  constexpr std::uint64_t kOnes = 0x01010101'01010101;
  constexpr std::uint64_t kTops = 0x80 * kOnes;
  // The top bit of every byte that is at least `least`; for bytes below 128.
  const auto at_least = [](std::uint64_t bytes, unsigned char least) {
    return bytes + kOnes * (0x80u - least);
  };
  std::uint64_t text;
  std::memcpy(&text, digits, sizeof text);
  const std::uint64_t ascii = text & ~kTops;
  const std::uint64_t lower = ascii | 0x20 * kOnes;
  const std::uint64_t is_digit = at_least(ascii, '0') & ~at_least(ascii, '9' + 1);
  const std::uint64_t is_letter = at_least(lower, 'a') & ~at_least(lower, 'f' + 1) & kTops;
  valid &= ((is_digit | is_letter) & ~text & kTops) == kTops;
  std::uint64_t value = __builtin_bswap64((ascii & 0x0f * kOnes) + 9 * (is_letter >> 7));
  value = (value | value >> 4) & 0x00ff00ff'00ff00ff;
  value = (value | value >> 8) & 0x0000ffff'0000ffff;
  return (value | value >> 16) & 0xffffffff;
}

}  // namespace

Error invalid_cell(std::int64_t cell) {
  return invalid_value("S2 cell id", std::to_string(cell), "a valid S2 cell id");
}

std::optional<Error> check_cell(std::int64_t cell) {
  if (to_s2(cell).is_valid()) return std::nullopt;
  return invalid_cell(cell);
}

std::optional<Error> check_resolution(std::int32_t resolution) {
  if (resolution >= 0 && resolution <= kMaxResolution) return std::nullopt;
  return invalid_resolution(resolution, 0, kMaxResolution);
}

S2Point to_point(double lng_deg, double lat_deg) {
  if (std::abs(lat_deg) == 90) return {0, 0, lat_deg > 0 ? 1.0 : -1.0};
  double lng = lng_deg;
  if (!(std::abs(lng) < 180)) {
    lng = std::remainder(lng_deg, 360.0);  // exact, in [-180, 180]
    if (lng == 180) lng = -180;
  }
  // As S2LatLng::ToPoint() does it.
  const double phi = S1Angle::Degrees(lat_deg).radians(), theta = S1Angle::Degrees(lng).radians();
  const double cos_phi = std::cos(phi);
  return {std::cos(theta) * cos_phi, std::sin(theta) * cos_phi, std::sin(phi)};
}

LngLat to_lng_lat(const S2Point& point) {
  const S2LatLng lat_lng(point);
  return {lat_lng.lng().degrees() + 0.0, lat_lng.lat().degrees() + 0.0};
}

Result<std::int64_t> from_lng_lat(double lng_deg, double lat_deg, std::int32_t resolution) {
  if (auto error = check_resolution(resolution)) return *error;
  if (!std::isfinite(lng_deg)) return not_finite("longitude", lng_deg);
  if (!std::isfinite(lat_deg)) return not_finite("latitude", lat_deg);
  // As S2CellId(point) does it, from s2geometry's inline parts.
  const S2Point point = to_point(lng_deg, std::clamp(lat_deg, -90.0, 90.0));
  double u = 0, v = 0;
  const int face = S2::XYZtoFaceUV(point, &u, &v);
  const S2CellId leaf = S2CellId::FromFaceIJ(face, S2::STtoIJ(S2::UVtoST(u)), S2::STtoIJ(S2::UVtoST(v)));
  return to_signed(leaf.parent(resolution));
}

Result<std::int64_t> from_point(const Geometry& point, std::int32_t resolution) {
  if (auto error = check_resolution(resolution)) return *error;
  const auto at = require_single_point(point);
  if (!at) return at.error();
  return from_lng_lat(at->lng_deg, at->lat_deg, resolution);
}

Result<std::string> to_token(std::int64_t cell) {
  if (auto error = check_cell(cell)) return *error;
  const auto id = static_cast<std::uint64_t>(cell);
  // A valid id has a lowest bit that is set: after its digit come zeros only.
  const auto digits = kTokenDigits - static_cast<std::size_t>(std::countr_zero(id)) / 4;
  std::string token(digits, '0');
  for (std::size_t i = 0; i < digits; ++i) token[i] = "0123456789abcdef"[(id >> (60 - 4 * i)) & 15];
  return token;
}

Result<std::int64_t> from_token(std::string_view token) {
  const auto invalid = [&] {
    return invalid_id_text("S2 token", token, "1 to 16 hexadecimal digits of a valid S2 cell id");
  };
  if (token.empty() || token.size() > kTokenDigits) return invalid();
  // The first eight digits and the last eight, which overlap; a shorter token is filled up with zeros.
  std::array<char, 8> padded;
  padded.fill('0');
  const bool is_long = token.size() >= padded.size();
  if (!is_long) std::ranges::copy(token, padded.begin());
  bool valid = true;
  const std::uint64_t first = hex_value(is_long ? token.data() : padded.data(), valid);
  std::uint64_t id = first << 32;
  if (is_long) {
    const std::uint64_t last = hex_value(token.data() + token.size() - padded.size(), valid);
    id |= last << 4 * (kTokenDigits - token.size());
  }
  if (!valid || !S2CellId(id).is_valid()) return invalid();
  return static_cast<std::int64_t>(id);
}

Result<std::string> to_uint64_repr(std::int64_t cell) {
  if (auto error = check_cell(cell)) return *error;
  return std::to_string(static_cast<std::uint64_t>(cell));
}

Result<std::int64_t> from_uint64_repr(std::string_view id) {
  std::uint64_t value = 0;
  const char* const end = id.data() + id.size();
  const auto parsed =
      std::from_chars(id.data(), end, value);  // takes no sign and no space for an unsigned type
  if (parsed.ec != std::errc{} || parsed.ptr != end || !S2CellId(value).is_valid()) {
    return invalid_id_text("unsigned S2 cell id", id, "the decimal digits of a valid S2 cell id");
  }
  return static_cast<std::int64_t>(value);
}

// An id is, from the top: 3 bits of face, 2 bits for each level, a one, zeros. (s2cell_id.h)
Result<std::string> to_hilbert_quadkey(std::int64_t cell) {
  if (auto error = check_cell(cell)) return *error;
  const S2CellId id = to_s2(cell);
  std::string quadkey = std::to_string(id.face()) + '/';
  for (int level = 1; level <= id.level(); ++level)
    quadkey += static_cast<char>('0' + id.child_position(level));
  return quadkey;
}

Result<std::int64_t> from_hilbert_quadkey(std::string_view quadkey) {
  const auto invalid = [&] {
    return invalid_id_text("Hilbert quadkey", quadkey,
                           "a face from 0 to 5, a slash, and up to 30 digits from 0 to 3");
  };
  if (quadkey.size() < 2 || quadkey.size() > 2 + kMaxResolution || quadkey[1] != '/') return invalid();
  if (quadkey[0] < '0' || quadkey[0] >= '0' + kFaceCount) return invalid();
  S2CellId id = S2CellId::FromFace(quadkey[0] - '0');
  for (const char c : quadkey.substr(2)) {
    if (c < '0' || c > '3') return invalid();
    id = id.child(c - '0');
  }
  return to_signed(id);
}

Result<std::int32_t> resolution(std::int64_t cell) {
  if (auto error = check_cell(cell)) return *error;
  return to_s2(cell).level();
}

bool is_valid(Nullable<std::int64_t> cell) { return cell.value && to_s2(*cell.value).is_valid(); }

Result<std::int64_t> to_parent(std::int64_t cell, std::optional<std::int32_t> resolution) {
  if (auto error = check_cell(cell)) return *error;
  const S2CellId id = to_s2(cell);
  if (!resolution) {
    if (id.is_face()) {
      return invalid_value("S2 cell id", std::to_string(cell),
                           "a cell of resolution 1 or more, which has a parent");
    }
    return to_signed(id.parent());
  }
  if (*resolution < 0 || *resolution > id.level()) return invalid_resolution(*resolution, 0, id.level());
  return to_signed(id.parent(*resolution));
}

Result<CellRuns> to_children(const CallContext& context, std::int64_t cell,
                             std::optional<std::int32_t> resolution) {
  if (auto error = check_cell(cell)) return *error;
  const S2CellId id = to_s2(cell);
  if (!resolution && id.is_leaf()) {
    return invalid_value("S2 cell id", std::to_string(cell),
                         "a cell of resolution 29 or less, which has children");
  }
  const int level = resolution.value_or(id.level() + 1);
  if (level < id.level() || level > kMaxResolution)
    return invalid_resolution(level, id.level(), kMaxResolution);
  const std::uint64_t count = descendant_count(level - id.level());
  if (count > context.max_cells) return too_many_cells(context, "s2_tochildren", count, false);
  CellRuns cells;
  cells.append(to_signed(id.child_begin(level)), count, id_stride(level));
  return cells;
}

Result<std::string> boundary(std::int64_t cell) {
  if (auto error = check_cell(cell)) return *error;
  const S2Cell s2_cell(to_s2(cell));
  std::string wkt = "POLYGON ((";
  for (int vertex = 0; vertex <= 4; ++vertex) {
    const LngLat corner =
        to_lng_lat(s2_cell.GetVertex(vertex));  // taken modulo 4: the last is the first again
    if (vertex > 0) wkt += ", ";
    wkt += to_text(corner.lng_deg) + ' ' + to_text(corner.lat_deg);
  }
  return wkt + "))";
}

Result<Geometry> center(std::int64_t cell) {
  if (auto error = check_cell(cell)) return *error;
  return make_point(to_lng_lat(to_s2(cell).ToPoint()), kLngLatSrid);
}

Result<std::array<std::int64_t, 2>> range(std::int64_t cell) {
  if (auto error = check_cell(cell)) return *error;
  const S2CellId id = to_s2(cell);
  return std::array{to_signed(id.range_min()), to_signed(id.range_max())};
}

}  // namespace geocell::s2
