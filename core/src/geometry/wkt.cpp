// Well-known text: OGC 06-103r4 clause 7, with what PostGIS adds and accepts: SRID=n; in front, POINTZ beside
// POINT Z, three or four numbers without a modifier, MULTIPOINT members without parentheses.
#include <array>
#include <charconv>
#include <system_error>

#include "core/src/geometry/geometry_reading.hpp"

namespace geocell {
namespace {

constexpr std::array kTypes = {GeometryType::point,
                               GeometryType::linestring,
                               GeometryType::polygon,
                               GeometryType::multipoint,
                               GeometryType::multilinestring,
                               GeometryType::multipolygon,
                               GeometryType::geometrycollection};

// std::toupper and its like depend on the locale.
bool is_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

// How many numbers a point has after "Z", "M", "ZM"; 0 for any other word.
std::size_t modifier_ordinates(std::string_view word) {
  if (word == "ZM") return 4;
  return word == "Z" || word == "M" ? 3 : 0;
}

// Of a number that std::from_chars found out of range: whether it is too large, and not too close to 0.
bool overflows(std::string_view number) {
  std::int64_t exponent = 0;  // of the first digit that is not 0
  bool in_fraction = false;
  bool significant = false;
  std::size_t i = number.starts_with('-') ? 1 : 0;
  for (; i < number.size() && upper(number[i]) != 'E'; ++i) {
    if (number[i] == '.') {
      in_fraction = true;
      continue;
    }
    significant = significant || number[i] != '0';
    if (significant && !in_fraction) ++exponent;
    if (!significant && in_fraction) --exponent;
  }
  if (i == number.size()) return exponent > 0;
  const bool negative = number[++i] == '-';
  if (negative || number[i] == '+') ++i;
  std::int64_t written = 0;
  // An exponent with more digits than an int64 outweighs any number of leading or trailing zeros.
  if (std::from_chars(number.data() + i, number.data() + number.size(), written).ec != std::errc{})
    return !negative;
  return exponent > (negative ? written : -written);
}

class WktReader {
 public:
  explicit WktReader(std::string_view text) : text_(text) {}

  Result<Geometry> read() {
    if (!read_srid() || !read_tagged(std::nullopt, 1)) return std::move(error_);
    skip_space();
    if (position_ != text_.size()) {
      fail(position_, "expected the end of the text but found " + found());
      return std::move(error_);
    }
    return std::move(geometry_);
  }

 private:
  // All members that return bool return false after noting the error.

  bool read_srid() {
    skip_space();
    const std::size_t start = position_;
    if (read_word() != "SRID") {
      position_ = start;
      return true;
    }
    if (!expect('=')) return false;
    skip_space();
    const char* const end = text_.data() + text_.size();
    const auto [stop, error] = std::from_chars(text_.data() + position_, end, geometry_.srid);
    if (error != std::errc{})
      return fail(position_, "expected an SRID (a 32-bit integer) but found " + found());
    position_ = static_cast<std::size_t>(stop - text_.data());
    return expect(';');
  }

  // A geometry with its type in front.
  bool read_tagged(std::optional<GeometryType> parent, int depth) {
    skip_space();
    const std::size_t start = position_;
    if (depth > kMaxGeometryDepth) return fail(start, reading::depth_problem());
    const std::string word = read_word();
    std::string_view modifier;
    const std::optional<GeometryType> type = type_of(word, modifier);
    if (!type) return fail_type(start, word);
    if (const std::string problem = reading::member_problem(parent, *type); !problem.empty()) {
      return fail(start, problem);
    }
    const std::string next = modifier.empty() ? peek_word() : std::string{};
    if (const std::size_t ordinates = modifier_ordinates(modifier.empty() ? next : modifier)) {
      if (ordinates_ != 0 && ordinates != ordinates_) return fail_ordinates(start, ordinates);
      ordinates_ = ordinates;
      if (modifier.empty()) read_word();
    }
    return read_body(*type, depth);
  }

  // What follows the type, or takes its place inside a MULTIPOLYGON and its like.
  bool read_body(GeometryType type, int depth) {
    const std::size_t index = geometry_.elements.size();
    geometry_.elements.push_back({type, 0, geometry_.rings.size(), 0});
    if (peek_word() == "EMPTY") {
      read_word();
      return true;
    }
    const std::size_t start = position_;
    if (!expect('(', "\"(\" or EMPTY")) return false;
    switch (type) {
      case GeometryType::point:
        begin_ring(index);
        if (!read_point()) return false;
        end_ring();
        return expect(')');
      case GeometryType::linestring: {
        if (!read_ring(index)) return false;
        const std::string problem = reading::line_problem(geometry_.rings.back().count);
        return problem.empty() || fail(start, problem);
      }
      case GeometryType::polygon:
        return read_list([&] { return read_polygon_ring(index); });
      default:
        return read_list([&] { return read_member(index, type, depth); });
    }
  }

  bool read_polygon_ring(std::size_t element) {
    skip_space();
    const std::size_t start = position_;
    if (!expect('(') || !read_ring(element)) return false;
    const std::string problem = reading::ring_problem(geometry_.ring_points(geometry_.rings.back()));
    return problem.empty() || fail(start, problem);
  }

  bool read_member(std::size_t parent, GeometryType parent_type, int depth) {
    ++geometry_.elements[parent].child_count;
    const std::optional<GeometryType> type = reading::member_type(parent_type);
    if (!type) return read_tagged(parent_type, depth + 1);
    skip_space();
    if (depth == kMaxGeometryDepth) return fail(position_, reading::depth_problem());
    const bool bare = *type == GeometryType::point && !at('(') && peek_word().empty();
    if (!bare) return read_body(*type, depth + 1);
    geometry_.elements.push_back({*type, 0, geometry_.rings.size(), 0});
    begin_ring(geometry_.elements.size() - 1);
    if (!read_point()) return false;
    end_ring();
    return true;
  }

  // Points up to the closing parenthesis, as one ring of the element.
  bool read_ring(std::size_t element) {
    begin_ring(element);
    if (!read_list([&] { return read_point(); })) return false;
    end_ring();
    return true;
  }

  void begin_ring(std::size_t element) {
    ++geometry_.elements[element].ring_count;
    geometry_.rings.push_back({geometry_.points.size(), 0});
  }
  void end_ring() { geometry_.rings.back().count = geometry_.points.size() - geometry_.rings.back().first; }

  // Items with commas between them, up to and with the closing parenthesis.
  template <class ReadItem>
  bool read_list(const ReadItem& read_item) {
    while (true) {
      if (!read_item()) return false;
      skip_space();
      if (at(')')) {
        ++position_;
        return true;
      }
      if (!expect(',', "\",\" or \")\"")) return false;
    }
  }

  bool read_point() {
    skip_space();
    const std::size_t start = position_;
    std::array<double, 4> ordinates;
    std::size_t count = 0;
    do {
      if (count > 0 && !is_space(text_[position_]))
        return fail(position_, "expected white space but found " + found());
      skip_space();
      if (!read_number(ordinates[count++])) return false;
      if (count < 2 && at_end_of_number_list())
        return fail(position_, "expected a number but found " + found());
    } while (count < ordinates.size() && !at_end_of_number_list());
    if (ordinates_ != 0 && count != ordinates_) return fail_ordinates(start, count);
    ordinates_ = count;
    geometry_.points.push_back({ordinates[0], ordinates[1]});
    return true;
  }

  // Whether no number can follow; leaves white space where it is.
  bool at_end_of_number_list() const {
    std::size_t next = position_;
    while (next < text_.size() && is_space(text_[next])) ++next;
    return next == text_.size() || text_[next] == ',' || text_[next] == ')';
  }

  bool read_number(double& value) {
    const std::size_t start = position_;
    std::size_t unsigned_start = start;
    if (at('+') || at('-')) ++unsigned_start;
    const char* const end = text_.data() + text_.size();
    const char first = unsigned_start < text_.size() ? text_[unsigned_start] : '\0';
    const bool starts_number = is_digit(first) || first == '.';  // from_chars also takes "inf" and "nan"
    const char* const begin = text_.data() + (at('+') ? unsigned_start : start);
    const auto [stop, error] = starts_number ? std::from_chars(begin, end, value)
                                             : std::from_chars_result{begin, std::errc::invalid_argument};
    if (error == std::errc::invalid_argument) {
      if (is_letter(first)) return fail_word_number(start, unsigned_start);
      return fail(start, "expected a number but found " + found());
    }
    position_ = static_cast<std::size_t>(stop - text_.data());
    if (error == std::errc::result_out_of_range) {
      const std::string_view number(begin, static_cast<std::size_t>(stop - begin));
      if (overflows(number)) return fail_not_finite(start, number);
      value = text_[start] == '-' ? -0.0 : 0.0;  // less than half of the smallest double
    }
    return true;
  }

  bool fail_word_number(std::size_t start, std::size_t word_start) {
    position_ = word_start;
    const std::string word = read_word();
    position_ = start;
    if (word != "NAN" && word != "INF" && word != "INFINITY") {
      return fail(start, "expected a number but found " + found());
    }
    return fail_not_finite(start, text_.substr(start, word_start + word.size() - start));
  }

  bool fail_not_finite(std::size_t position, std::string_view number) {
    fail(position, "number " + quoted_excerpt(number) + " is not a finite double");
    error_.code = ErrorCode::not_finite;
    return false;
  }

  bool fail_ordinates(std::size_t position, std::size_t count) {
    return fail(position, "point has " + std::to_string(count) + " numbers; should have " +
                              std::to_string(ordinates_) + " as stated before");
  }

  bool fail_type(std::size_t position, const std::string& word) {
    std::string_view name = word;
    for (const std::string_view suffix : {"", "Z", "M", "ZM"}) {
      if (!name.ends_with(suffix)) continue;
      const std::string_view base = name.substr(0, name.size() - suffix.size());
      if (!reading::is_unsupported_type_name(base)) continue;
      fail(position, reading::unsupported_problem(base));
      error_.code = ErrorCode::unsupported;
      return false;
    }
    position_ = position;
    return fail(position, "expected a geometry type such as POINT but found " +
                              (word.empty() ? found() : quoted_excerpt(text_.substr(position, word.size()))));
  }

  static std::optional<GeometryType> type_of(std::string_view word, std::string_view& modifier) {
    for (const GeometryType type : kTypes) {
      const std::string_view name = geometry_type_name(type);
      if (!word.starts_with(name)) continue;
      const std::string_view rest = word.substr(name.size());
      if (!rest.empty() && modifier_ordinates(rest) == 0) continue;
      modifier = rest;
      return type;
    }
    return std::nullopt;
  }

  void skip_space() {
    while (position_ < text_.size() && is_space(text_[position_])) ++position_;
  }

  bool at(char c) const { return position_ < text_.size() && text_[position_] == c; }

  // Letters from here on, in upper case; no letters, an empty word.
  std::string read_word() {
    std::string word;
    while (position_ < text_.size() && is_letter(text_[position_])) word += upper(text_[position_++]);
    return word;
  }

  // The word after white space. Moves past the white space only.
  std::string peek_word() {
    skip_space();
    const std::size_t start = position_;
    std::string word = read_word();
    position_ = start;
    return word;
  }

  bool expect(char c, std::string_view wanted = {}) {
    skip_space();
    if (at(c)) {
      ++position_;
      return true;
    }
    const std::string quoted = {'"', c, '"'};
    return fail(position_,
                "expected " + (wanted.empty() ? quoted : std::string(wanted)) + " but found " + found());
  }

  std::string found() const {
    return position_ < text_.size() ? quoted_excerpt(text_.substr(position_, 1)) : "the end of the text";
  }

  bool fail(std::size_t position, const std::string& problem) {
    error_ = {ErrorCode::invalid_text, "Invalid WKT at byte " + std::to_string(position) + ": " + problem};
    return false;
  }

  std::string_view text_;
  std::size_t position_ = 0;
  std::size_t ordinates_ = 0;  // numbers per point, the same in the whole text; 0: not known yet
  Geometry geometry_;
  Error error_;
};

class WktWriter {
 public:
  explicit WktWriter(const Geometry& geometry) : geometry_(geometry) {}

  std::string write() {
    put_element(true);
    return std::move(out_);
  }

 private:
  // Writes the next element of the preorder and its subtree.
  void put_element(bool tagged) {
    const Element& element = geometry_.elements[next_++];
    if (tagged) out_ += geometry_type_name(element.type);
    const auto rings = geometry_.element_rings(element);
    if (rings.empty() && element.child_count == 0) {
      out_ += tagged ? " EMPTY" : "EMPTY";
      return;
    }
    switch (element.type) {
      case GeometryType::point:
      case GeometryType::linestring:
        put_points(rings.front());
        break;
      case GeometryType::polygon:
        put_list(rings.size(), [&](std::size_t i) { put_points(rings[i]); });
        break;
      default:
        put_list(element.child_count,
                 [&](std::size_t) { put_element(element.type == GeometryType::geometrycollection); });
    }
  }

  void put_points(const Ring& ring) {
    const auto points = geometry_.ring_points(ring);
    put_list(points.size(), [&](std::size_t i) { put_point(points[i]); });
  }

  template <class PutItem>
  void put_list(std::size_t count, const PutItem& put_item) {
    out_ += '(';
    for (std::size_t i = 0; i < count; ++i) {
      if (i > 0) out_ += ',';
      put_item(i);
    }
    out_ += ')';
  }

  void put_point(const LngLat& point) {
    out_ += to_text(point.lng_deg);
    out_ += ' ';
    out_ += to_text(point.lat_deg);
  }

  const Geometry& geometry_;
  std::size_t next_ = 0;
  std::string out_;
};

}  // namespace

Result<Geometry> read_wkt(std::string_view text) { return WktReader(text).read(); }

std::string write_wkt(const Geometry& geometry) { return WktWriter(geometry).write(); }

}  // namespace geocell
