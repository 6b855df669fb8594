#include "data/topojson.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace topojson {
namespace {

using nlohmann::json;
using Arc = std::vector<Position>;

// A quantised arc holds integer steps; summed up they are grid positions,
// which `transform` turns into degrees.
std::vector<Arc> read_arcs(const json& topology) {
  const bool quantised = topology.contains("transform");
  std::array<double, 2> scale{1, 1};
  std::array<double, 2> translate{0, 0};
  if (quantised) {
    topology.at("transform").at("scale").get_to(scale);
    topology.at("transform").at("translate").get_to(translate);
  }
  std::vector<Arc> arcs;
  for (const json& source : topology.at("arcs")) {
    Arc arc;
    double x = 0;
    double y = 0;
    for (const json& position : source) {
      const double px = position.at(0).get<double>();
      const double py = position.at(1).get<double>();
      x = quantised ? x + px : px;
      y = quantised ? y + py : py;
      arc.push_back({x * scale[0] + translate[0], y * scale[1] + translate[1]});
    }
    arcs.push_back(std::move(arc));
  }
  return arcs;
}

// Joins arcs to a ring. Arc ~i (a negative number) is arc i backwards;
// an arc starts where the one before it ended.
Ring stitch(const json& indices, const std::vector<Arc>& arcs) {
  Ring ring;
  for (const json& entry : indices) {
    const auto index = entry.get<std::int64_t>();
    const Arc& arc = arcs.at(static_cast<std::size_t>(index < 0 ? ~index : index));
    const auto skip = ring.empty() ? 0 : 1;
    if (arc.empty()) {
      continue;
    }
    if (index < 0) {
      ring.insert(ring.end(), arc.rbegin() + skip, arc.rend());
    } else {
      ring.insert(ring.end(), arc.begin() + skip, arc.end());
    }
  }
  if (ring.empty()) {
    throw std::runtime_error("a ring without positions");
  }
  while (ring.size() < 4 || ring.front() != ring.back()) {
    ring.push_back(ring.front());
  }
  return ring;
}

bool jumps(const Position& from, const Position& to) { return std::abs(to.lng_deg - from.lng_deg) > 180; }

// World atlases hold rings on the sphere: where one crosses the antimeridian its longitudes jump by 360°.
// Read as straight lines such an edge would run around the world the wrong way. The jumps are taken out, so
// that longitudes run on beyond ±180° (Russia reaches 190°); a ring around a pole is closed along the pole.
Ring unwrap(const Ring& ring) {
  const auto jump = std::adjacent_find(ring.begin(), ring.end(), jumps);
  if (jump == ring.end()) {
    return ring;
  }
  // Once around, from the far end of the jump; the closing position is there only once.
  Ring open(jump + 1, ring.end() - 1);
  open.insert(open.end(), ring.begin(), jump + 1);
  open.push_back(open.front());
  double shift = 0;
  Ring result;
  for (std::size_t i = 0; i < open.size(); ++i) {
    if (i > 0 && jumps(open[i - 1], open[i])) {
      shift += open[i].lng_deg < open[i - 1].lng_deg ? 360 : -360;
    }
    result.push_back({open[i].lng_deg + shift, open[i].lat_deg});
  }
  if (shift != 0) {
    const double pole_deg = result.front().lat_deg < 0 ? -90 : 90;
    result.push_back({result.back().lng_deg, pole_deg});
    result.push_back({result.front().lng_deg, pole_deg});
    result.push_back(result.front());
  }
  const auto [west, east] =
      std::minmax_element(result.begin(), result.end(),
                          [](const Position& a, const Position& b) { return a.lng_deg < b.lng_deg; });
  const double turns = std::round((west->lng_deg + east->lng_deg) / 720);
  for (Position& position : result) {
    position.lng_deg -= 360 * turns;
  }
  return result;
}

Polygon read_polygon(const json& rings, const std::vector<Arc>& arcs) {
  Polygon polygon;
  for (const json& ring : rings) {
    polygon.push_back(unwrap(stitch(ring, arcs)));
  }
  return polygon;
}

void append_number(std::string& text, double value) {
  std::array<char, 32> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  text.append(buffer.data(), end.ptr);
}

// "(a,b,c)": the one shape of every level of WKT.
template <typename Items, typename Write>
void append_list(std::string& text, const Items& items, Write write) {
  char separator = '(';
  for (const auto& item : items) {
    text += separator;
    write(item);
    separator = ',';
  }
  text += ')';
}

void append_polygon(std::string& text, const Polygon& polygon) {
  append_list(text, polygon, [&](const Ring& ring) {
    append_list(text, ring, [&](const Position& position) {
      append_number(text, position.lng_deg);
      text += ' ';
      append_number(text, position.lat_deg);
    });
  });
}

}  // namespace

std::size_t Country::vertex_count() const {
  std::size_t count = 0;
  for (const Polygon& polygon : polygons) {
    for (const Ring& ring : polygon) {
      count += ring.size();
    }
  }
  return count;
}

std::string Country::wkt() const {
  if (polygons.empty()) {
    return multi ? "MULTIPOLYGON EMPTY" : "POLYGON EMPTY";
  }
  std::string text = multi ? "MULTIPOLYGON" : "POLYGON";
  if (multi) {
    append_list(text, polygons, [&](const Polygon& polygon) { append_polygon(text, polygon); });
  } else {
    append_polygon(text, polygons.front());
  }
  return text;
}

std::vector<Country> read_countries(std::string_view text, const std::string& object) {
  const json topology = json::parse(text);
  const std::vector<Arc> arcs = read_arcs(topology);
  std::vector<Country> countries;
  for (const json& geometry : topology.at("objects").at(object).at("geometries")) {
    const std::string type = geometry.at("type").get<std::string>();
    if (type != "Polygon" && type != "MultiPolygon") {
      continue;
    }
    Country country;
    if (geometry.contains("properties")) {
      country.name = geometry.at("properties").at("name").get<std::string>();
    }
    country.multi = type == "MultiPolygon";
    if (country.multi) {
      for (const json& rings : geometry.at("arcs")) {
        country.polygons.push_back(read_polygon(rings, arcs));
      }
    } else {
      country.polygons.push_back(read_polygon(geometry.at("arcs"), arcs));
    }
    countries.push_back(std::move(country));
  }
  return countries;
}

std::vector<Country> read_countries_file(const std::string& path, const std::string& object) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    throw std::runtime_error("cannot open " + path);
  }
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  return read_countries(text, object);
}

}  // namespace topojson
