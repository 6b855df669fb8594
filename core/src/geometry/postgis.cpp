// PostGIS's serialized geometry; its layout is drawn in geocell/geometry.hpp.
#include <array>
#include <cmath>
#include <cstring>

#include "core/src/geometry/geometry_reading.hpp"

namespace geocell {
namespace {

constexpr std::size_t kHeaderBytes = 4;
constexpr std::size_t kWordBytes = sizeof(std::uint32_t);
enum Flag : unsigned { kZ = 1, kM = 2, kBox = 4, kGeodetic = 8, kExtended = 16, kVersion2 = 64 };

// The types that PostGIS has besides those of GeometryType, from code 8 on. They are not in the order of ISO
// 13249.
constexpr std::uint32_t kFirstOtherType = 8;
constexpr std::array<std::string_view, 8> kOtherTypes = {
    "CIRCULARSTRING", "COMPOUNDCURVE",     "CURVEPOLYGON", "MULTICURVE",
    "MULTISURFACE",   "POLYHEDRALSURFACE", "TRIANGLE",     "TIN"};

class PostgisReader {
 public:
  explicit PostgisReader(std::span<const std::byte> bytes) : bytes_(bytes) {}

  Result<Geometry> read() {
    if (!read_header() || !read_element(std::nullopt, 1)) return std::move(error_);
    if (remaining() != 0) {
      fail(position_, reading::trailing_bytes_problem(remaining()));
      return std::move(error_);
    }
    return std::move(geometry_);
  }

 private:
  // All members below return false after noting the error.

  bool read_header() {
    if (!need(kHeaderBytes, "the header")) return false;
    geometry_.srid = postgis_srid(bytes_);
    const auto flags = std::to_integer<unsigned>(bytes_[3]);
    ordinates_ = 2 + std::size_t{(flags & kZ) != 0} + std::size_t{(flags & kM) != 0};
    position_ = kHeaderBytes;
    std::size_t skipped = 0;
    if ((flags & kVersion2) != 0 && (flags & kExtended) != 0) skipped += sizeof(std::uint64_t);
    if ((flags & kBox) != 0) skipped += ((flags & kGeodetic) != 0 ? 6 : 2 * ordinates_) * sizeof(float);
    if (!need(skipped, "the box")) return false;
    position_ += skipped;
    // Memory for all points at once: the bytes left hold little else.
    geometry_.points.reserve(remaining() / (ordinates_ * reading::kOrdinateBytes));
    return true;
  }

  bool read_element(std::optional<GeometryType> parent, int depth) {
    const std::size_t start = position_;
    if (depth > kMaxGeometryDepth) return fail(start, reading::depth_problem());
    if (!need(2 * kWordBytes, "the geometry")) return false;
    const std::uint32_t code = take_word();
    const std::size_t count = take_word();
    if (code < 1 || code > 7) return fail_type(start, code);
    const auto type = static_cast<GeometryType>(code);
    if (const std::string problem = reading::member_problem(parent, type); !problem.empty()) {
      return fail(start, problem);
    }
    geometry_.elements.push_back({type, 0, geometry_.rings.size(), 0});
    switch (type) {
      case GeometryType::point:
        if (count > 1)
          return fail(start, "point has " + std::to_string(count) + " points; should have none or 1");
        return count == 0 || read_single_ring(count);
      case GeometryType::linestring:
        if (const std::string problem = reading::line_problem(count); !problem.empty()) {
          return fail(start, problem);
        }
        return count == 0 || read_single_ring(count);
      case GeometryType::polygon:
        return read_polygon(count);
      default:
        break;
    }
    geometry_.elements.back().child_count = count;
    for (std::size_t i = 0; i < count; ++i) {
      if (!read_element(type, depth + 1)) return false;
    }
    return true;
  }

  bool read_single_ring(std::size_t count) {
    geometry_.elements.back().ring_count = 1;
    return read_points(count);
  }

  bool read_polygon(std::size_t ring_count) {
    const std::size_t table_at = position_;
    const std::size_t table_bytes = (ring_count + ring_count % 2) * kWordBytes;
    if (table_bytes > remaining()) {
      return fail(table_at, reading::missing_items_problem(ring_count, "ring", remaining()));
    }
    position_ += table_bytes;
    geometry_.elements.back().ring_count = ring_count;
    for (std::size_t i = 0; i < ring_count; ++i) {
      const std::size_t start = position_;
      if (!read_points(word_at(table_at + i * kWordBytes))) return false;
      const auto ring = geometry_.ring_points(geometry_.rings.back());
      if (const std::string problem = reading::ring_problem(ring); !problem.empty()) {
        return fail(start, problem);
      }
    }
    return true;
  }

  bool read_points(std::size_t count) {
    const std::size_t stride = ordinates_ * reading::kOrdinateBytes;
    if (count > remaining() / stride) {
      return fail(position_, reading::missing_items_problem(count, "point", remaining()));
    }
    geometry_.rings.push_back({geometry_.points.size(), count});
    const std::size_t finite =
        reading::append_points(geometry_.points, bytes_.data() + position_, count, ordinates_, false);
    position_ += finite * stride;
    return finite == count || fail_not_finite();
  }

  // REQUIRES: a coordinate of the next point is not finite
  bool fail_not_finite() {
    LngLat point;
    std::memcpy(&point, bytes_.data() + position_, sizeof point);
    error_ = std::isfinite(point.lng_deg) ? not_finite("latitude", point.lat_deg)
                                          : not_finite("longitude", point.lng_deg);
    return false;
  }

  bool fail_type(std::size_t at, std::uint32_t code) {
    const std::uint32_t other = code - kFirstOtherType;  // wraps below: then not less than the size
    if (other >= kOtherTypes.size()) {
      return fail(at, "geometry type is " + std::to_string(code) + "; should be 1 to 7");
    }
    fail(at, reading::unsupported_problem(kOtherTypes[other]));
    error_.code = ErrorCode::unsupported;
    return false;
  }

  std::size_t remaining() const { return bytes_.size() - position_; }

  bool need(std::size_t count, std::string_view what) {
    if (count <= remaining()) return true;
    return fail(position_, reading::missing_bytes_problem(what, count, remaining()));
  }

  std::uint32_t word_at(std::size_t at) const {
    std::uint32_t word;
    std::memcpy(&word, bytes_.data() + at, sizeof word);
    return word;
  }
  std::uint32_t take_word() {  // REQUIRES: remaining() >= kWordBytes
    position_ += kWordBytes;
    return word_at(position_ - kWordBytes);
  }

  bool fail(std::size_t at, const std::string& problem) {
    error_ = {ErrorCode::invalid_binary,
              "Invalid PostGIS geometry at byte " + std::to_string(at) + ": " + problem};
    return false;
  }

  std::span<const std::byte> bytes_;
  std::size_t position_ = 0;
  std::size_t ordinates_ = 2;
  Geometry geometry_;
  Error error_;
};

void put_word(std::string& out, std::size_t value) {
  const auto word = static_cast<std::uint32_t>(value);
  out.append(reinterpret_cast<const char*>(&word), sizeof(word));
}

}  // namespace

Result<Geometry> read_postgis(std::span<const std::byte> bytes) { return PostgisReader(bytes).read(); }

std::string write_postgis(const Geometry& geometry) {
  const auto srid = static_cast<std::uint32_t>(geometry.srid);
  std::string out = {static_cast<char>(srid >> 16 & 0x1f), static_cast<char>(srid >> 8),
                     static_cast<char>(srid), static_cast<char>(kVersion2)};
  for (const Element& element : geometry.elements) {
    const auto rings = geometry.element_rings(element);
    put_word(out, static_cast<std::uint32_t>(element.type));
    switch (element.type) {
      case GeometryType::point:
      case GeometryType::linestring:
        put_word(out, rings.empty() ? 0 : rings.front().count);
        break;
      case GeometryType::polygon:
        put_word(out, rings.size());
        for (const Ring& ring : rings) put_word(out, ring.count);
        if (rings.size() % 2 != 0) put_word(out, 0);
        break;
      default:
        put_word(out, element.child_count);
    }
    for (const Ring& ring : rings) {
      const auto points = geometry.ring_points(ring);
      out.append(reinterpret_cast<const char*>(points.data()), points.size_bytes());
    }
  }
  return out;
}

std::int32_t postgis_srid(std::span<const std::byte> bytes) {
  if (bytes.size() < kHeaderBytes) return 0;
  const auto bits = std::to_integer<std::uint32_t>(bytes[0]) << 16 |
                    std::to_integer<std::uint32_t>(bytes[1]) << 8 | std::to_integer<std::uint32_t>(bytes[2]);
  return static_cast<std::int32_t>(bits << 11) >> 11;  // the sign is bit 20
}

}  // namespace geocell
