// Well-known binary: OGC 06-103r4 clause 8, ISO 13249-3 type codes (Z +1000, M +2000, ZM +3000) and PostGIS'
// EWKB flags.
#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <memory>

#include "core/src/geometry/geometry_reading.hpp"

namespace geocell {
namespace {

using reading::kOrdinateBytes;
using reading::swapped;

constexpr std::uint32_t kFlagZ = 0x80000000;
constexpr std::uint32_t kFlagM = 0x40000000;
constexpr std::uint32_t kFlagSrid = 0x20000000;
constexpr std::size_t kCountBytes = 4;
constexpr std::size_t kHeaderBytes = 5;  // byte order and type
constexpr std::size_t kMinElementBytes = kHeaderBytes + kCountBytes;
constexpr std::size_t kMinPointBytes = kHeaderBytes + 2 * kOrdinateBytes;
constexpr bool kNativeLittle = std::endian::native == std::endian::little;

// How errors name the input, and where its bytes lie in what the user wrote.
struct Notation {
  std::string_view name = "WKB";
  ErrorCode code = ErrorCode::invalid_binary;
  std::size_t offset = 0;
  std::size_t chars_per_byte = 1;
};

bool is_finite_bits(std::uint64_t bits) {
  constexpr std::uint64_t kExponent = 0x7ff0000000000000;
  return (bits & kExponent) != kExponent;
}

class WkbReader {
 public:
  WkbReader(std::span<const std::byte> bytes, const Notation& notation)
      : bytes_(bytes), notation_(notation) {}

  Result<Geometry> read() {
    if (!read_element(std::nullopt, 1)) return std::move(error_);
    if (remaining() != 0) {
      fail(position_, reading::trailing_bytes_problem(remaining()));
      return std::move(error_);
    }
    return std::move(geometry_);
  }

 private:
  // All members below return false after noting the error.

  bool read_element(std::optional<GeometryType> parent, int depth) {
    const std::size_t start = position_;
    if (depth > kMaxGeometryDepth) return fail(start, reading::depth_problem());
    if (!need(1, "the byte order")) return false;
    const auto byte_order = std::to_integer<unsigned>(bytes_[position_++]);
    if (byte_order > 1)
      return fail(start, "byte order is " + std::to_string(byte_order) + "; should be 0 or 1");
    swap_ = (byte_order == 1) != kNativeLittle;
    std::uint32_t code;
    if (!read_uint32(code, "the geometry type")) return false;
    const std::uint32_t flagless = code & ~(kFlagZ | kFlagM | kFlagSrid);
    const std::uint32_t dimensions = flagless / 1000;
    const std::uint32_t base = flagless % 1000;
    if (dimensions > 3 || base < 1 || base > 7) return fail_type(start + 1, code, dimensions > 3 ? 0 : base);
    const bool has_z = (code & kFlagZ) != 0 || (dimensions & 1) != 0;
    const bool has_m = (code & kFlagM) != 0 || (dimensions & 2) != 0;
    const std::size_t ordinates = 2 + std::size_t{has_z} + std::size_t{has_m};
    const auto type = static_cast<GeometryType>(base);
    if (const std::string problem = reading::member_problem(parent, type); !problem.empty()) {
      return fail(start + 1, problem);
    }
    if ((code & kFlagSrid) != 0 && !read_srid(depth)) return false;

    geometry_.elements.push_back({type, 0, geometry_.rings.size(), 0});
    switch (type) {
      case GeometryType::point:
        return read_point(ordinates);
      case GeometryType::linestring:
        return read_linestring(ordinates);
      case GeometryType::polygon:
        return read_polygon(ordinates);
      default:
        return read_members(type, depth);
    }
  }

  bool read_srid(int depth) {
    const std::size_t start = position_;
    std::uint32_t bits;
    if (!read_uint32(bits, "the SRID")) return false;
    const auto srid = static_cast<std::int32_t>(bits);
    if (depth == 1) geometry_.srid = srid;
    if (srid == 0 || srid == geometry_.srid) return true;
    return fail(start, "SRID " + std::to_string(srid) + " differs from the outer geometry's " +
                           std::to_string(geometry_.srid));
  }

  bool read_point(std::size_t ordinates) {
    if (!need(ordinates * kOrdinateBytes, "the point")) return false;
    const LngLat point = {ordinate_at(position_), ordinate_at(position_ + kOrdinateBytes)};
    if (point.lng_deg != point.lng_deg &&
        point.lat_deg != point.lat_deg) {  // POINT EMPTY has no other encoding
      position_ += ordinates * kOrdinateBytes;
      return true;
    }
    geometry_.elements.back().ring_count = 1;
    return read_points(1, ordinates);
  }

  bool read_linestring(std::size_t ordinates) {
    const std::size_t start = position_;
    std::size_t count;
    if (!read_count(count, ordinates * kOrdinateBytes, "points")) return false;
    if (const std::string problem = reading::line_problem(count); !problem.empty())
      return fail(start, problem);
    if (count == 0) return true;
    geometry_.elements.back().ring_count = 1;
    return read_points(count, ordinates);
  }

  bool read_polygon(std::size_t ordinates) {
    std::size_t ring_count;
    if (!read_count(ring_count, kCountBytes, "rings")) return false;
    geometry_.elements.back().ring_count = ring_count;
    for (std::size_t i = 0; i < ring_count; ++i) {
      const std::size_t start = position_;
      std::size_t count;
      if (!read_count(count, ordinates * kOrdinateBytes, "points") || !read_points(count, ordinates))
        return false;
      const auto ring = geometry_.ring_points(geometry_.rings.back());
      if (const std::string problem = reading::ring_problem(ring); !problem.empty())
        return fail(start, problem);
    }
    return true;
  }

  bool read_members(GeometryType type, int depth) {
    std::size_t count;
    if (!read_count(count, type == GeometryType::multipoint ? kMinPointBytes : kMinElementBytes, "members"))
      return false;
    geometry_.elements.back().child_count = count;
    reading::make_room(geometry_.elements, count);
    if (type == GeometryType::multipoint) {
      reading::make_room(geometry_.rings, count);
      reading::make_room(geometry_.points, count);
    }
    for (std::size_t i = 0; i < count; ++i) {
      if (!read_element(type, depth + 1)) return false;
    }
    return true;
  }

  // Appends a ring of points whose bytes are known to be there.
  bool read_points(std::size_t count, std::size_t ordinates) {
    geometry_.rings.push_back({geometry_.points.size(), count});
    const std::size_t finite =
        reading::append_points(geometry_.points, bytes_.data() + position_, count, ordinates, swap_);
    position_ += finite * ordinates * kOrdinateBytes;
    return finite == count || fail_not_finite();
  }

  // REQUIRES: a coordinate of the next point is not finite
  bool fail_not_finite() {
    const bool is_x = !is_finite_bits(std::bit_cast<std::uint64_t>(ordinate_at(position_)));
    const std::size_t at = position_ + (is_x ? 0 : kOrdinateBytes);
    fail(at, (is_x ? "x is " : "y is ") + to_text(ordinate_at(at)) + "; should be a finite number");
    error_.code = ErrorCode::not_finite;
    return false;
  }

  bool fail_type(std::size_t position, std::uint32_t code, std::uint32_t base) {
    const std::string_view name = reading::unsupported_type_name(base);
    if (name.empty())
      return fail(position, "geometry type is " + std::to_string(code) + "; should be 1 to 7");
    fail(position, reading::unsupported_problem(name));
    error_.code = ErrorCode::unsupported;
    return false;
  }

  std::size_t remaining() const { return bytes_.size() - position_; }

  bool need(std::size_t count, std::string_view what, std::string_view what_of = {}) {
    if (count <= remaining()) return true;
    return fail(position_,
                reading::missing_bytes_problem(std::string(what) + std::string(what_of), count, remaining()));
  }

  bool read_uint32(std::uint32_t& value, std::string_view what, std::string_view what_of = {}) {
    if (!need(sizeof value, what, what_of)) return false;
    std::memcpy(&value, bytes_.data() + position_, sizeof value);
    if (swap_) value = __builtin_bswap32(value);
    position_ += sizeof value;
    return true;
  }

  // Reads how many items follow and makes sure that so many can: nothing is allocated for a count that cannot
  // be true.
  bool read_count(std::size_t& count, std::size_t min_item_bytes, std::string_view nouns) {
    const std::size_t start = position_;
    std::uint32_t claimed;
    if (!read_uint32(claimed, "the number of ", nouns)) return false;
    count = claimed;
    if (count <= remaining() / min_item_bytes) return true;
    return fail(start, reading::missing_items_problem(count, nouns.substr(0, nouns.size() - 1), remaining()));
  }

  double ordinate_at(std::size_t position) const {
    double value;
    std::memcpy(&value, bytes_.data() + position, sizeof value);
    return swap_ ? swapped(value) : value;
  }

  bool fail(std::size_t position, const std::string& problem) {
    error_ = {notation_.code, "Invalid " + std::string(notation_.name) + " at byte " +
                                  std::to_string(notation_.offset + position * notation_.chars_per_byte) +
                                  ": " + problem};
    return false;
  }

  std::span<const std::byte> bytes_;
  Notation notation_;
  std::size_t position_ = 0;
  bool swap_ = false;  // of the element being read; its members set their own, and nothing of it follows them
  Geometry geometry_;
  Error error_;
};

// Decodes text.size() / 2 bytes into `out`. False when any character is not a hex digit. Without branches, so
// that the compiler does it for a register full of characters at a time.
bool decode_hex(std::string_view text, std::byte* out) {
  const auto* in = reinterpret_cast<const std::uint8_t*>(text.data());
  const auto value = [](std::uint8_t c, std::uint8_t& bad) {
    const auto digit = static_cast<std::uint8_t>(c - '0');
    const auto letter = static_cast<std::uint8_t>((c | 0x20) - 'a');
    const bool is_letter = letter < 6;
    bad |= static_cast<std::uint8_t>(!is_letter & (digit > 9));
    return static_cast<std::uint8_t>(is_letter ? letter + 10 : digit);
  };
  std::uint8_t bad = 0;
  for (std::size_t i = 0; i < text.size() / 2; ++i) {
    const std::uint8_t high = value(in[2 * i], bad);
    const std::uint8_t low = value(in[2 * i + 1], bad);
    out[i] = static_cast<std::byte>(high << 4 | low);
  }
  return bad == 0;
}

bool is_hex_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
}

class WkbWriter {
 public:
  std::string write(const Geometry& geometry) {
    out_.reserve(geometry.points.size() * sizeof(LngLat) + geometry.rings.size() * kCountBytes +
                 geometry.elements.size() * kMinElementBytes + kCountBytes);
    bool outermost = true;
    for (const Element& element : geometry.elements) {  // preorder is the order of WKB
      const bool with_srid = outermost && geometry.srid != 0;
      out_ += '\x01';
      put_uint32(static_cast<std::uint32_t>(element.type) | (with_srid ? kFlagSrid : 0));
      if (with_srid) put_uint32(static_cast<std::uint32_t>(geometry.srid));
      put_body(geometry, element);
      outermost = false;
    }
    return std::move(out_);
  }

 private:
  void put_body(const Geometry& geometry, const Element& element) {
    const auto rings = geometry.element_rings(element);
    switch (element.type) {
      case GeometryType::point:
        if (rings.empty()) {
          for (int axis = 0; axis < 2; ++axis) put_double(std::numeric_limits<double>::quiet_NaN());
        } else {
          put_points(geometry.ring_points(rings.front()));
        }
        break;
      case GeometryType::linestring:
        put_count(rings.empty() ? 0 : rings.front().count);
        if (!rings.empty()) put_points(geometry.ring_points(rings.front()));
        break;
      case GeometryType::polygon:
        put_count(rings.size());
        for (const Ring& ring : rings) {
          put_count(ring.count);
          put_points(geometry.ring_points(ring));
        }
        break;
      default:
        put_count(element.child_count);
    }
  }

  void put_points(std::span<const LngLat> points) {
    if constexpr (kNativeLittle) {
      out_.append(reinterpret_cast<const char*>(points.data()), points.size_bytes());
    } else {
      for (const LngLat& point : points) {
        put_double(point.lng_deg);
        put_double(point.lat_deg);
      }
    }
  }

  void put_count(std::size_t count) { put_uint32(static_cast<std::uint32_t>(count)); }

  void put_uint32(std::uint32_t value) {
    for (int shift = 0; shift < 32; shift += 8) out_ += static_cast<char>(value >> shift & 0xff);
  }

  void put_double(double value) {
    const auto bits = std::bit_cast<std::uint64_t>(value);
    for (int shift = 0; shift < 64; shift += 8) out_ += static_cast<char>(bits >> shift & 0xff);
  }

  std::string out_;
};

}  // namespace

Result<Geometry> read_wkb(std::span<const std::byte> bytes) { return WkbReader(bytes, {}).read(); }

Result<Geometry> read_hex_wkb(std::string_view text) { return reading::read_hex_wkb_at(text, 0); }

Result<Geometry> reading::read_hex_wkb_at(std::string_view text, std::size_t offset) {
  constexpr std::string_view kName = "hex WKB";
  const auto fail = [&](std::size_t position, const std::string& problem) {
    return Error{ErrorCode::invalid_text, "Invalid " + std::string(kName) + " at byte " +
                                              std::to_string(offset + position) + ": " + problem};
  };
  const std::size_t count = text.size() / 2;
  const auto bytes = std::make_unique_for_overwrite<std::byte[]>(count);
  if (!decode_hex(text, bytes.get()) || text.size() % 2 != 0) {
    const auto wrong = std::ranges::find_if_not(text, is_hex_digit);
    if (wrong != text.end()) {
      const auto position = static_cast<std::size_t>(wrong - text.begin());
      return fail(position, quoted_excerpt(text.substr(position, 1)) + " is not a hex digit");
    }
    return fail(text.size(),
                "the number of hex digits is " + std::to_string(text.size()) + "; should be even");
  }
  return WkbReader({bytes.get(), count}, {kName, ErrorCode::invalid_text, offset, 2}).read();
}

std::string write_wkb(const Geometry& geometry) { return WkbWriter().write(geometry); }

std::string write_hex_wkb(const Geometry& geometry) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  const std::string bytes = write_wkb(geometry);
  std::string out;
  out.reserve(2 * bytes.size());
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
  return out;
}

}  // namespace geocell
