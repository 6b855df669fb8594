#include "extension/postgis_geometry.hpp"

#include <bit>
#include <cmath>

#include "extension/function_state.hpp"
#include "extension/guard.hpp"

extern "C" {
#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "nodes/value.h"
#include "parser/parse_func.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
}

namespace geocell::pg {
namespace {

constexpr std::int32_t kLngLatSrid = 4326;
constexpr std::size_t kHeaderBytes = 4;
enum Flag : unsigned { kZ = 1, kM = 2, kBox = 4, kGeodetic = 8, kExtended = 16, kVersion2 = 64 };

std::int32_t srid_of(std::span<const std::byte> bytes) {
  const auto bits = std::to_integer<std::uint32_t>(bytes[0]) << 16 |
                    std::to_integer<std::uint32_t>(bytes[1]) << 8 | std::to_integer<std::uint32_t>(bytes[2]);
  return static_cast<std::int32_t>(bits << 11) >> 11;  // sign of bit 20
}

// Types that PostGIS knows and geocell does not, from 8 on.
constexpr std::array<std::string_view, 8> kOtherTypes = {
    "CIRCULARSTRING", "COMPOUNDCURVE",     "CURVEPOLYGON", "MULTICURVE",
    "MULTISURFACE",   "POLYHEDRALSURFACE", "TRIANGLE",     "TIN"};

class Reader {
 public:
  Reader(std::span<const std::byte> bytes, Geometry& geometry) : bytes_(bytes), geometry_(geometry) {}

  std::optional<Error> read() {
    if (bytes_.size() < kHeaderBytes) return truncated();
    geometry_.srid = srid_of(bytes_);
    const auto flags = std::to_integer<unsigned>(bytes_[3]);
    dimensions_ = 2 + ((flags & kZ) != 0) + ((flags & kM) != 0);
    at_ = kHeaderBytes;
    if ((flags & kVersion2) != 0 && (flags & kExtended) != 0) at_ += sizeof(std::uint64_t);
    if ((flags & kBox) != 0) at_ += ((flags & kGeodetic) != 0 ? 6 : 2 * dimensions_) * sizeof(float);
    // Memory for all points at once: what is left holds little else.
    geometry_.points.reserve(left() / (dimensions_ * sizeof(double)));
    if (auto error = element(1)) return error;
    if (at_ != bytes_.size()) return invalid("bytes after the end", at_);
    return std::nullopt;
  }

 private:
  Error invalid(std::string_view what, std::size_t at) const {
    return {ErrorCode::invalid_binary,
            "Invalid PostGIS geometry: " + std::string(what) + " at byte " + std::to_string(at)};
  }
  Error truncated() const { return invalid("unexpected end", bytes_.size()); }
  std::size_t left() const { return at_ < bytes_.size() ? bytes_.size() - at_ : 0; }

  template <class T>
  T take() {  // REQUIRES: left() >= sizeof(T)
    T value;
    std::memcpy(&value, bytes_.data() + at_, sizeof(T));
    at_ += sizeof(T);
    return value;
  }

  std::optional<Error> points(std::size_t count) {
    const std::size_t stride = dimensions_ * sizeof(double);
    if (count > left() / stride) return truncated();
    const std::size_t first = geometry_.points.size();
    geometry_.rings.push_back({first, count});
    geometry_.points.resize(first + count);
    LngLat* point = geometry_.points.data() + first;
    const std::byte* from = bytes_.data() + at_;
    at_ += count * stride;
    if (dimensions_ == 2) {
      std::memcpy(static_cast<void*>(point), from, count * sizeof(LngLat));
    } else {
      for (std::size_t i = 0; i < count; ++i) {
        std::memcpy(static_cast<void*>(point + i), from + i * stride, sizeof(LngLat));
      }
    }
    bool finite = true;  // one answer for all points first: the loop has no branch
    for (std::size_t i = 0; i < count; ++i) {
      finite &= std::isfinite(point[i].lng_deg) && std::isfinite(point[i].lat_deg);
    }
    if (finite) return std::nullopt;
    for (; std::isfinite(point->lng_deg); ++point) {
      if (!std::isfinite(point->lat_deg)) return not_finite("latitude", point->lat_deg);
    }
    return not_finite("longitude", point->lng_deg);
  }

  std::optional<Error> polygon(std::size_t ring_count) {
    const std::size_t table = (ring_count + ring_count % 2) * sizeof(std::uint32_t);
    if (table > left()) return truncated();
    std::size_t sizes_at = at_;
    at_ += table;
    for (std::size_t i = 0; i < ring_count; ++i, sizes_at += sizeof(std::uint32_t)) {
      std::uint32_t size;
      std::memcpy(&size, bytes_.data() + sizes_at, sizeof(size));
      const std::size_t ring_at = at_;
      if (auto error = points(size)) return error;
      if (size < 4)
        return invalid("polygon ring of " + std::to_string(size) + " points; should have at least 4",
                       ring_at);
      const auto ring = geometry_.ring_points(geometry_.rings.back());
      if (ring.front() != ring.back()) return invalid("polygon ring that is not closed", ring_at);
    }
    return std::nullopt;
  }

  // What members a collective type may have; geometrycollection takes all.
  static bool may_hold(GeometryType collective, GeometryType member) {
    switch (collective) {
      case GeometryType::multipoint:
        return member == GeometryType::point;
      case GeometryType::multilinestring:
        return member == GeometryType::linestring;
      case GeometryType::multipolygon:
        return member == GeometryType::polygon;
      default:
        return collective == GeometryType::geometrycollection;
    }
  }

  std::optional<Error> element(int depth) {
    if (depth > kMaxGeometryDepth) {
      return Error{ErrorCode::limit_exceeded,
                   "Geometry is nested more than " + std::to_string(kMaxGeometryDepth) + " levels deep"};
    }
    const std::size_t element_at = at_;
    if (left() < 2 * sizeof(std::uint32_t)) return truncated();
    const auto code = take<std::uint32_t>();
    const std::size_t count = take<std::uint32_t>();
    if (code - 8 < kOtherTypes.size()) {
      return Error{ErrorCode::unsupported, "Unsupported geometry type \"" +
                                               std::string(kOtherTypes[code - 8]) +
                                               "\"; should be made of points, linestrings and polygons"};
    }
    if (code < 1 || code > 7) return invalid("unknown type " + std::to_string(code), element_at);

    const auto type = static_cast<GeometryType>(code);
    const std::size_t index = geometry_.elements.size();
    geometry_.elements.push_back({type, 0, geometry_.rings.size(), 0});
    std::optional<Error> error;
    switch (type) {
      case GeometryType::point:
        if (count > 1) return invalid("point of " + std::to_string(count) + " points", element_at);
        if (count == 1) error = points(count);
        break;
      case GeometryType::linestring:
        if (count == 1) return invalid("linestring of 1 point; should have at least 2", element_at);
        if (count > 1) error = points(count);
        break;
      case GeometryType::polygon:
        error = polygon(count);
        break;
      default:
        geometry_.elements[index].child_count = count;
        for (std::size_t i = 0; i < count && !error; ++i) {
          const std::size_t member_at = at_;
          const std::size_t member = geometry_.elements.size();
          error = element(depth + 1);
          if (!error && !may_hold(type, geometry_.elements[member].type)) {
            error =
                invalid("member that a " + std::string(geometry_type_name(type)) + " cannot have", member_at);
          }
        }
        return error;
    }
    geometry_.elements[index].ring_count = geometry_.rings.size() - geometry_.elements[index].first_ring;
    return error;
  }

  std::span<const std::byte> bytes_;
  Geometry& geometry_;
  std::size_t at_ = 0;
  std::size_t dimensions_ = 2;
};

void put_u32(std::string& out, std::size_t value) {
  const auto narrow = static_cast<std::uint32_t>(value);
  out.append(reinterpret_cast<const char*>(&narrow), sizeof(narrow));
}

}  // namespace

Result<Geometry> read_postgis(std::span<const std::byte> bytes) {
  Geometry geometry;
  if (auto error = Reader(bytes, geometry).read()) return *std::move(error);
  return geometry;
}

std::string write_postgis(const Geometry& geometry) {
  const auto srid = static_cast<std::uint32_t>(geometry.srid);
  std::string out = {static_cast<char>(srid >> 16 & 0x1f), static_cast<char>(srid >> 8),
                     static_cast<char>(srid), static_cast<char>(kVersion2)};
  for (const Element& element : geometry.elements) {
    const auto rings = geometry.element_rings(element);
    put_u32(out, static_cast<std::uint32_t>(element.type));
    switch (element.type) {
      case GeometryType::point:
      case GeometryType::linestring:
        put_u32(out, rings.empty() ? 0 : rings.front().count);
        break;
      case GeometryType::polygon:
        put_u32(out, rings.size());
        for (const Ring& ring : rings) put_u32(out, ring.count);
        if (rings.size() % 2 != 0) put_u32(out, 0);
        break;
      default:
        put_u32(out, element.child_count);
    }
    for (const Ring& ring : rings) {
      const auto points = geometry.ring_points(ring);
      out.append(reinterpret_cast<const char*>(points.data()), points.size_bytes());
    }
  }
  return out;
}

bool is_lng_lat(std::span<const std::byte> bytes) {
  if (bytes.size() < kHeaderBytes) return true;
  const std::int32_t srid = srid_of(bytes);
  return srid == 0 || srid == kLngLatSrid;
}

Datum transform_to_lng_lat(FunctionCallInfo fcinfo, int i, Datum geometry) {
  FunctionState& state = FunctionState::of(fcinfo->flinfo);
  if (state.st_transform == nullptr) {
    const Oid argument_type = getBaseType(get_fn_expr_argtype(fcinfo->flinfo, i));
    const Oid member_type = get_element_type(argument_type);
    const Oid type = OidIsValid(member_type) ? member_type : argument_type;
    HeapTuple tuple = SearchSysCache1(TYPEOID, ObjectIdGetDatum(type));
    if (!HeapTupleIsValid(tuple)) raise(ErrorCode::internal, "cannot tell the type of the geometry argument");
    char* schema = get_namespace_name(reinterpret_cast<Form_pg_type>(GETSTRUCT(tuple))->typnamespace);
    ReleaseSysCache(tuple);
    const Oid argument_types[] = {type, INT4OID};
    List* name = list_make2(makeString(schema), makeString(pstrdup("st_transform")));
    const Oid function = LookupFuncName(name, lengthof(argument_types), argument_types, false);
    const MemoryContext context = fcinfo->flinfo->fn_mcxt;
    auto* looked_up = static_cast<FmgrInfo*>(MemoryContextAllocZero(context, sizeof(FmgrInfo)));
    fmgr_info_cxt(function, looked_up, context);
    state.st_transform = looked_up;
  }
  return FunctionCall2(state.st_transform, geometry, Int32GetDatum(kLngLatSrid));
}

}  // namespace geocell::pg
