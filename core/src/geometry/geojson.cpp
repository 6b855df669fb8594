// GeoJSON: RFC 7946. The text is parsed by nlohmann's event parser into one flat vector of nodes that holds
// only the members GeoJSON gives a meaning to, so that neither deep nesting nor large properties cost stack
// or memory.
#include <array>
#include <nlohmann/json.hpp>

#include "core/src/geometry/geometry_reading.hpp"

namespace geocell {
namespace {

struct TypeName {
  GeometryType type;
  std::string_view name;
};
constexpr std::array<TypeName, 7> kTypeNames = {{{GeometryType::point, "Point"},
                                                 {GeometryType::linestring, "LineString"},
                                                 {GeometryType::polygon, "Polygon"},
                                                 {GeometryType::multipoint, "MultiPoint"},
                                                 {GeometryType::multilinestring, "MultiLineString"},
                                                 {GeometryType::multipolygon, "MultiPolygon"},
                                                 {GeometryType::geometrycollection, "GeometryCollection"}}};

enum class Member : std::uint8_t {
  none,
  type,
  coordinates,
  geometry,
  geometries,
  features,
  crs,
  properties,
  name
};
constexpr std::array<std::string_view, 9> kMemberNames = {
    "", "type", "coordinates", "geometry", "geometries", "features", "crs", "properties", "name"};

enum class Kind : std::uint8_t { null, boolean, number, string, array, object };

// One JSON value, in preorder.
struct Node {
  Kind kind;
  Member member;       // its name in the object around it
  std::uint32_t text;  // of a string: index into Document::texts
  std::size_t end;     // index of the node after the subtree
  double number;
};

struct Document {
  std::vector<Node> nodes;
  std::vector<std::string> texts;
};

std::string read_error_at(std::size_t position, const std::string& problem) {
  return "Invalid GeoJSON at byte " + std::to_string(position) + ": " + problem;
}

bool is_word_byte(char c) { return c >= 'a' && c <= 'z'; }

// The event handler nlohmann::json::sax_parse asks for; names and signatures are its own.
class DocumentBuilder {
 public:
  DocumentBuilder(std::string_view text, Document& document, Error& error)
      : text_(text), document_(document), error_(error) {}

  bool null() { return scalar(Kind::null, 0); }
  bool boolean(bool /*value*/) { return scalar(Kind::boolean, 0); }
  bool number_integer(std::int64_t value) { return scalar(Kind::number, static_cast<double>(value)); }
  bool number_unsigned(std::uint64_t value) { return scalar(Kind::number, static_cast<double>(value)); }
  bool number_float(double value, const std::string& /*text*/) { return scalar(Kind::number, value); }
  bool binary(const std::vector<std::uint8_t>& /*value*/) { return false; }  // not in JSON text
  bool string(std::string& value) {
    if (!scalar(Kind::string, 0)) return false;
    if (!kept_) return true;
    document_.nodes.back().text = static_cast<std::uint32_t>(document_.texts.size());
    document_.texts.push_back(std::move(value));
    return true;
  }
  bool start_object(std::size_t /*size*/) { return start(Kind::object); }
  bool start_array(std::size_t /*size*/) { return start(Kind::array); }
  bool end_object() { return end(); }
  bool end_array() { return end(); }

  bool key(const std::string& name) {
    if (skipped_depth_ > 0) return true;
    next_member_ = member_of(name);
    skip_next_ = next_member_ == Member::none;
    return true;
  }

  bool parse_error(std::size_t bytes_read, const std::string& token,
                   const nlohmann::detail::exception& exception) {
    constexpr int kNumberOverflow = 406;  // nlohmann's id of the exception
    if (exception.id == kNumberOverflow) {
      error_ = {ErrorCode::not_finite,
                read_error_at(bytes_read - token.size(),
                              "number " + quoted_excerpt(token) + " is not a finite double")};
      return false;
    }
    std::size_t position = bytes_read - 1;  // the parser counts the byte that it could not use
    if (position < text_.size() && !token.starts_with('"')) {
      while (position > 0 && is_word_byte(text_[position - 1]))
        --position;  // to the start of a misspelt literal
    }
    error_ = {ErrorCode::invalid_text,
              read_error_at(std::min(position, text_.size()),
                            position < text_.size()
                                ? quoted_excerpt(text_.substr(position, 1)) + " is not valid JSON here"
                                : "the text ends before the JSON document does")};
    return false;
  }

 private:
  // "properties" and "name" matter only where a crs member has them.
  Member member_of(std::string_view name) const {
    const auto found = std::ranges::find(kMemberNames, name);
    if (name.empty() || found == kMemberNames.end()) return Member::none;
    const auto member = static_cast<Member>(found - kMemberNames.begin());
    const Member around = document_.nodes[open_.back()].member;
    if (member == Member::properties && around != Member::crs) return Member::none;
    if (member == Member::name && around != Member::properties) return Member::none;
    return member;
  }

  bool scalar(Kind kind, double number) {
    kept_ = skipped_depth_ == 0 && !skip_next_;
    skip_next_ = false;
    if (kept_) add(kind, number);
    return true;
  }

  bool start(Kind kind) {
    if (skipped_depth_ > 0 || skip_next_) {
      ++skipped_depth_;
      skip_next_ = false;
      return true;
    }
    open_.push_back(document_.nodes.size());
    add(kind, 0);
    return true;
  }

  bool end() {
    if (skipped_depth_ > 0) {
      --skipped_depth_;
      return true;
    }
    document_.nodes[open_.back()].end = document_.nodes.size();
    open_.pop_back();
    return true;
  }

  void add(Kind kind, double number) {
    document_.nodes.push_back({kind, next_member_, 0, document_.nodes.size() + 1, number});
    next_member_ = Member::none;
  }

  std::string_view text_;
  Document& document_;
  Error& error_;
  std::vector<std::size_t> open_;  // arrays and objects around the next value
  Member next_member_ = Member::none;
  bool skip_next_ = false;
  bool kept_ = false;  // the last scalar
  std::size_t skipped_depth_ = 0;
};

// True for EPSG:4326, CRS84 and their URN and URL forms.
bool is_lng_lat_crs(std::string_view name) {
  const std::size_t separator = name.find_last_of(":/");
  if (separator == std::string_view::npos) return name == "CRS84";
  const std::string_view code = name.substr(separator + 1);
  return code == "CRS84" || (code == "4326" && name.find("EPSG") != std::string_view::npos);
}

class GeoJsonReader {
 public:
  explicit GeoJsonReader(const Document& document) : document_(document) {}

  Result<Geometry> read() {
    geometry_.srid = kLngLatSrid;
    if (!read_root()) return std::move(error_);
    return std::move(geometry_);
  }

 private:
  // All members that return bool return false after noting the error. A node is its index in the document.

  // A step of the JSON pointer that errors name, for as long as it lives.
  class Step {
   public:
    Step(GeoJsonReader& reader, Member member, std::size_t index = 0) : path_(reader.path_) {
      path_.push_back({member, index});
    }
    ~Step() { path_.pop_back(); }
    Step(const Step&) = delete;
    Step& operator=(const Step&) = delete;

   private:
    std::vector<std::pair<Member, std::size_t>>& path_;
  };

  bool read_root() {
    std::string_view type;
    if (!read_type(0, type)) return false;
    if (type == "FeatureCollection") return read_feature_collection(0);
    if (type == "Feature") return read_feature(0, 1);
    return read_geometry(0, type, 1);
  }

  bool read_feature_collection(std::size_t node) {
    const std::size_t index = begin_element(GeometryType::geometrycollection);
    const Step step(*this, Member::features);
    return for_each_item(find(node, Member::features), [&](std::size_t feature) {
      ++geometry_.elements[index].child_count;
      std::string_view type;
      if (!read_type(feature, type)) return false;
      if (type != "Feature") return fail_type(type, "Feature");
      return read_feature(feature, 2);
    });
  }

  bool read_feature(std::size_t node, int depth) {
    const std::size_t geometry = find(node, Member::geometry);
    const Step step(*this, Member::geometry);
    if (kind(geometry) == Kind::null && geometry != kMissing) {
      begin_element(GeometryType::geometrycollection);
      return true;
    }
    if (kind(geometry) != Kind::object) return fail("should be a geometry or null");
    std::string_view type;
    return read_type(geometry, type) && read_geometry(geometry, type, depth);
  }

  bool read_geometry(std::size_t node, std::string_view type_name, int depth) {
    if (depth > kMaxGeometryDepth) return fail_at(reading::depth_problem());
    const auto* const type = std::ranges::find(kTypeNames, type_name, &TypeName::name);
    if (type == kTypeNames.end()) {
      return fail_type(type_name, depth == 1 && path_.empty()
                                      ? "a geometry type such as Point, Feature or FeatureCollection"
                                      : "a geometry type such as Point");
    }
    const std::size_t index = begin_element(type->type);
    if (type->type == GeometryType::geometrycollection) {
      const Step step(*this, Member::geometries);
      return for_each_item(find(node, Member::geometries), [&](std::size_t member) {
        ++geometry_.elements[index].child_count;
        std::string_view member_type;
        return read_type(member, member_type) && read_geometry(member, member_type, depth + 1);
      });
    }
    const Step step(*this, Member::coordinates);
    const std::size_t coordinates = find(node, Member::coordinates);
    const std::optional<GeometryType> member = reading::member_type(type->type);
    if (!member) return read_coordinates(index, coordinates);
    if (depth == kMaxGeometryDepth && !is_empty_array(coordinates)) return fail_at(reading::depth_problem());
    return for_each_item(coordinates, [&](std::size_t item) {
      ++geometry_.elements[index].child_count;
      return read_coordinates(begin_element(*member), item);
    });
  }

  // The coordinates of a point, line or polygon.
  bool read_coordinates(std::size_t element, std::size_t node) {
    if (is_empty_array(node)) return true;
    switch (geometry_.elements[element].type) {
      case GeometryType::point:
        begin_ring(element);
        return read_position(node) && end_ring();
      case GeometryType::linestring: {
        if (!read_ring(element, node)) return false;
        const std::string problem = reading::line_problem(geometry_.rings.back().count);
        return problem.empty() || fail_at(problem);
      }
      default:
        return for_each_item(node, [&](std::size_t ring) {
          if (!read_ring(element, ring)) return false;
          const std::string problem = reading::ring_problem(geometry_.ring_points(geometry_.rings.back()));
          return problem.empty() || fail_at(problem);
        });
    }
  }

  bool read_ring(std::size_t element, std::size_t node) {
    begin_ring(element);
    return for_each_item(node, [&](std::size_t position) { return read_position(position); }) && end_ring();
  }

  bool read_position(std::size_t node) {
    std::array<double, 2> ordinates;
    std::size_t count = 0;
    if (!for_each_item(node, [&](std::size_t number) {
          if (kind(number) != Kind::number) return fail("should be a number");
          if (count < ordinates.size()) ordinates[count] = document_.nodes[number].number;
          ++count;
          return true;
        })) {
      return false;
    }
    if (count < ordinates.size()) {
      return fail("has " + reading::count_text(count, "number") + "; a position should have at least 2");
    }
    geometry_.points.push_back({ordinates[0], ordinates[1]});
    return true;
  }

  // Every GeoJSON object comes by here: its type, and the crs member of the GeoJSON of before 2016.
  bool read_type(std::size_t node, std::string_view& type) {
    if (kind(node) != Kind::object) return fail("should be an object");
    if (!check_crs(find(node, Member::crs))) return false;
    const Step step(*this, Member::type);
    const std::size_t found = find(node, Member::type);
    if (kind(found) != Kind::string) return fail("should be a string");
    type = document_.texts[document_.nodes[found].text];
    return true;
  }

  bool check_crs(std::size_t crs) {
    if (crs == kMissing || kind(crs) == Kind::null) return true;
    const Step step(*this, Member::crs);
    const std::size_t name = find(find(crs, Member::properties), Member::name);
    const bool named = kind(name) == Kind::string;
    const std::string_view text = named ? document_.texts[document_.nodes[name].text] : std::string_view{};
    if (is_lng_lat_crs(text)) return true;
    fail((named ? "is " + quoted_excerpt(text) : std::string("has no name")) +
         "; should be EPSG:4326 or CRS84 (transform the geometry first)");
    error_.code = ErrorCode::unsupported;
    return false;
  }

  std::size_t begin_element(GeometryType type) {
    geometry_.elements.push_back({type, 0, geometry_.rings.size(), 0});
    return geometry_.elements.size() - 1;
  }
  void begin_ring(std::size_t element) {
    ++geometry_.elements[element].ring_count;
    geometry_.rings.push_back({geometry_.points.size(), 0});
  }
  bool end_ring() {
    geometry_.rings.back().count = geometry_.points.size() - geometry_.rings.back().first;
    return true;
  }

  template <class ReadItem>
  bool for_each_item(std::size_t array, const ReadItem& read_item) {
    if (kind(array) != Kind::array) return fail("should be an array");
    std::size_t index = 0;
    for (std::size_t item = array + 1; item < document_.nodes[array].end; item = document_.nodes[item].end) {
      const Step step(*this, Member::none, index++);
      if (!read_item(item)) return false;
    }
    return true;
  }

  // The member of an object; of several with the name, the last, as most JSON readers have it.
  std::size_t find(std::size_t object, Member member) const {
    if (kind(object) != Kind::object) return kMissing;
    std::size_t found = kMissing;
    for (std::size_t item = object + 1; item < document_.nodes[object].end;
         item = document_.nodes[item].end) {
      if (document_.nodes[item].member == member) found = item;
    }
    return found;
  }

  Kind kind(std::size_t node) const { return node == kMissing ? Kind::null : document_.nodes[node].kind; }

  bool is_empty_array(std::size_t node) const {
    return kind(node) == Kind::array && document_.nodes[node].end == node + 1;
  }

  std::string path_text() const {
    if (path_.empty()) return "the document";
    std::string text;
    for (const auto& [member, index] : path_) {
      text += '/';
      if (member == Member::none) {
        text += std::to_string(index);
      } else {
        text += kMemberNames[static_cast<std::size_t>(member)];
      }
    }
    return text;
  }

  bool fail(const std::string& problem) {
    error_ = {ErrorCode::invalid_text, "Invalid GeoJSON: " + path_text() + " " + problem};
    return false;
  }
  bool fail_at(const std::string& problem) {
    error_ = {ErrorCode::invalid_text, "Invalid GeoJSON: " + path_text() + ": " + problem};
    return false;
  }
  bool fail_type(std::string_view type, std::string_view should_be) {
    const Step step(*this, Member::type);
    return fail("is " + quoted_excerpt(type) + "; should be " + std::string(should_be));
  }

  static constexpr std::size_t kMissing = static_cast<std::size_t>(-1);

  const Document& document_;
  std::vector<std::pair<Member, std::size_t>> path_;
  Geometry geometry_;
  Error error_;
};

class GeoJsonWriter {
 public:
  explicit GeoJsonWriter(const Geometry& geometry) : geometry_(geometry) {}

  std::string write() {
    put_element();
    return std::move(out_);
  }

 private:
  // Writes the next element of the preorder and its subtree.
  void put_element() {
    const Element& element = geometry_.elements[next_];
    out_ += "{\"type\": \"";
    out_ += std::ranges::find(kTypeNames, element.type, &TypeName::type)->name;
    if (element.type == GeometryType::geometrycollection) {
      out_ += "\", \"geometries\": ";
      ++next_;
      put_list(element.child_count, [&](std::size_t) { put_element(); });
    } else {
      out_ += "\", \"coordinates\": ";
      put_coordinates();
    }
    out_ += '}';
  }

  void put_coordinates() {
    const Element& element = geometry_.elements[next_++];
    const auto rings = geometry_.element_rings(element);
    if (reading::is_collective(element.type)) {
      put_list(element.child_count, [&](std::size_t) { put_coordinates(); });
    } else if (rings.empty()) {
      out_ += "[]";
    } else if (element.type == GeometryType::point) {
      put_position(geometry_.points[rings.front().first]);
    } else if (element.type == GeometryType::linestring) {
      put_ring(rings.front());
    } else {
      put_list(rings.size(), [&](std::size_t i) { put_ring(rings[i]); });
    }
  }

  void put_ring(const Ring& ring) {
    const auto points = geometry_.ring_points(ring);
    put_list(points.size(), [&](std::size_t i) { put_position(points[i]); });
  }

  template <class PutItem>
  void put_list(std::size_t count, const PutItem& put_item) {
    out_ += '[';
    for (std::size_t i = 0; i < count; ++i) {
      if (i > 0) out_ += ", ";
      put_item(i);
    }
    out_ += ']';
  }

  void put_position(const LngLat& point) {
    out_ += '[';
    put_number(point.lng_deg);
    out_ += ", ";
    put_number(point.lat_deg);
    out_ += ']';
  }

  // JSON readers take "-0" for the integer 0, which has no sign.
  void put_number(double value) { out_ += value == 0 && std::signbit(value) ? "-0.0" : to_text(value); }

  const Geometry& geometry_;
  std::size_t next_ = 0;
  std::string out_;
};

}  // namespace

Result<Geometry> read_geojson(std::string_view text) {
  Document document;
  Error error;
  DocumentBuilder builder(text, document, error);
  if (!nlohmann::json::sax_parse(text.begin(), text.end(), &builder)) return error;
  return GeoJsonReader(document).read();
}

std::string write_geojson(const Geometry& geometry) { return GeoJsonWriter(geometry).write(); }

}  // namespace geocell
