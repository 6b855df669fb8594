// What must hold for every geometry a reader gives and every error it reports; for the tests and the fuzzers.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

#include "geocell/geometry.hpp"

namespace geocell::tests {

inline std::span<const std::byte> as_bytes(std::string_view text) {
  return std::as_bytes(std::span<const char>(text.data(), text.size()));
}

// Equal in everything but the SRID, and bit for bit in the coordinates: 0 differs from -0.
inline bool same_shape(const Geometry& a, const Geometry& b) {
  const auto same_element = [](const Element& x, const Element& y) {
    return x.type == y.type && x.child_count == y.child_count && x.ring_count == y.ring_count &&
           (x.ring_count == 0 || x.first_ring == y.first_ring);
  };
  const auto same_ring = [](const Ring& x, const Ring& y) {
    return x.first == y.first && x.count == y.count;
  };
  return std::ranges::equal(a.elements, b.elements, same_element) &&
         std::ranges::equal(a.rings, b.rings, same_ring) && a.points.size() == b.points.size() &&
         (a.points.empty() ||
          std::memcmp(a.points.data(), b.points.data(), a.points.size() * sizeof(LngLat)) == 0);
}

// Walks the subtree that starts at `index`; gives the index after it, or 0 when the tree is broken.
inline std::size_t end_of_subtree(const Geometry& g, std::size_t index, int depth) {
  if (index >= g.elements.size() || depth > kMaxGeometryDepth) return 0;
  const Element& element = g.elements[index];
  if (element.type < GeometryType::multipoint && element.child_count != 0) return 0;
  std::size_t next = index + 1;
  for (std::size_t i = 0; i < element.child_count; ++i) {
    if (next >= g.elements.size()) return 0;
    const auto member = static_cast<std::uint32_t>(g.elements[next].type);
    const auto own = static_cast<std::uint32_t>(element.type);
    if (element.type != GeometryType::geometrycollection && member != own - 3) return 0;
    next = end_of_subtree(g, next, depth + 1);
    if (next == 0) return 0;
  }
  return next;
}

// Which promise of geometry.hpp the geometry breaks; empty when it keeps all.
inline std::string broken_invariant(const Geometry& g) {
  if (g.elements.empty()) return "no element";
  if (end_of_subtree(g, 0, 1) != g.elements.size()) return "the tree";
  std::size_t rings = 0;
  std::size_t points = 0;
  for (const Element& element : g.elements) {
    if (element.ring_count == 0) continue;
    if (element.first_ring != rings) return "order of rings";
    rings += element.ring_count;
    if (rings > g.rings.size()) return "number of rings";
    if (element.type > GeometryType::polygon) return "rings of a collective";
    if (element.type < GeometryType::polygon && element.ring_count != 1) return "one ring";
    for (const Ring& ring : g.element_rings(element)) {
      if (ring.first != points) return "order of points";
      points += ring.count;
      if (points > g.points.size()) return "number of points";
      const auto run = g.ring_points(ring);
      if (element.type == GeometryType::point && ring.count != 1) return "one point";
      if (element.type == GeometryType::linestring && ring.count < 2) return "points of a line";
      if (element.type == GeometryType::polygon && (ring.count < 4 || run.front() != run.back()))
        return "closed ring";
    }
  }
  if (rings != g.rings.size() || points != g.points.size()) return "rings or points of nobody";
  for (const LngLat& point : g.points) {
    if (!std::isfinite(point.lng_deg) || !std::isfinite(point.lat_deg)) return "finite";
  }
  return {};
}

// What is wrong with what a reader gave: a good geometry survives all writers and readers, an error is a
// short line of printable ASCII. Empty when nothing is.
inline std::string broken_promise(const Result<Geometry>& result) {
  if (!result.ok()) {
    const std::string& message = result.error().message;
    if (!message.starts_with("Invalid ") || message.size() > 400) return "error: " + message;
    if (std::ranges::any_of(message, [](char c) { return c < ' ' || c > '~'; }))
      return "bytes of the error: " + message;
    const ErrorCode code = result.error().code;
    const bool expected = code == ErrorCode::invalid_binary || code == ErrorCode::invalid_text ||
                          code == ErrorCode::unsupported || code == ErrorCode::not_finite;
    return expected ? std::string() : "code of: " + message;
  }
  const Geometry& g = *result;
  if (const std::string broken = broken_invariant(g); !broken.empty()) return "invariant: " + broken;
  const std::string wkb = write_wkb(g);
  const auto from_wkb = read_wkb(as_bytes(wkb));
  if (!from_wkb.ok() || from_wkb->srid != g.srid || !same_shape(g, *from_wkb)) return "WKB round trip";
  const auto from_hex = read_hex_wkb(write_hex_wkb(g));
  if (!from_hex.ok() || from_hex->srid != g.srid || !same_shape(g, *from_hex)) return "hex WKB round trip";
  const std::string postgis = write_postgis(g);
  const auto from_postgis = read_postgis(as_bytes(postgis));
  if (!from_postgis.ok() || !same_shape(g, *from_postgis)) return "PostGIS round trip";
  const std::string wkt = write_wkt(g);
  const auto from_wkt = read_wkt(wkt);
  if (!from_wkt.ok() || !same_shape(g, *from_wkt)) return "WKT round trip: " + wkt;
  const std::string geojson = write_geojson(g);
  const auto from_geojson = read_geojson(geojson);
  if (!from_geojson.ok() || !same_shape(g, *from_geojson)) return "GeoJSON round trip: " + geojson;
  return {};
}

}  // namespace geocell::tests
