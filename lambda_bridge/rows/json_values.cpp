#include "lambda_bridge/rows/json_values.hpp"

#include <simdjson.h>

#include <charconv>
#include <cmath>
#include <limits>

#include "lambda_bridge/rows/elements.hpp"

namespace geocell::bridge {
namespace {

Error wrong_type(const Element& element, std::string_view should_be) {
  return invalid_value("argument", describe(element), should_be);
}

template <class Number>
std::optional<Number> parse_number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// A JSON array, or its text, member by member. `read`: simdjson's element to Result<T>.
template <class T, class Read>
Result<std::vector<T>> to_vector(const Element& element, std::string_view should_be, const Read& read) {
  simdjson::dom::parser parser;
  simdjson::dom::array array;
  if ((element.kind != Element::Kind::text && element.kind != Element::Kind::array) ||
      parser.parse(element.text.data(), element.text.size()).get(array) != simdjson::SUCCESS) {
    return wrong_type(element, should_be);
  }
  std::vector<T> values;
  values.reserve(array.size());
  for (const simdjson::dom::element member : array) {
    Result<T> value = read(member);
    if (!value) return std::move(value.error());
    values.push_back(std::move(*value));
  }
  return values;
}

// What an integer of an array takes at most, with its comma.
constexpr std::size_t kMemberBytes = kMaxDecimalBytes + 1;

// Each with a comma after it. `series`: of this array.
void append_members(TextBuffer& out, std::span<const std::int64_t> members, DecimalSeries& series) {
  char* end = out.room(members.size() * kMemberBytes + 8);
  for (const std::int64_t member : members) {
    end = series.write(end, member);
    *end++ = ',';
  }
  out.commit(end);
}

// Instead of the last comma, if there are members.
void close_array(TextBuffer& out, bool has_members) {
  if (has_members) out.shrink_to(out.size() - 1);
  out += "]\"";
}

// A double, never spelled as an integer: "2.0", "5.207251884775047e+18".
std::string number_text(double value) {
  constexpr double kLongestFixed = 1e15;
  if (std::fabs(value) < kLongestFixed) {
    const std::string text = to_text(value);
    return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
  }
  std::array<char, 32> text;
  const auto [end, error] =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::scientific);
  return {text.data(), end};
}

}  // namespace

std::string describe(const Element& element) {
  switch (element.kind) {
    case Element::Kind::null:
      return "null";
    case Element::Kind::boolean:
      return element.boolean ? "true" : "false";
    case Element::Kind::integer:
      return std::to_string(element.integer);
    case Element::Kind::big_integer:
      return std::to_string(element.big_integer);
    case Element::Kind::real:
      return number_text(element.real);
    case Element::Kind::text:
      return std::string(element.text);
    case Element::Kind::array:
      return "an array";
    case Element::Kind::object:
      break;
  }
  return "an object";
}

Result<std::int64_t> to_bigint_slow(const Element& element) {
  constexpr std::string_view kShouldBe = "an integer between -9223372036854775808 and 9223372036854775807";
  if (element.kind == Element::Kind::text) {
    if (const auto value = parse_number<std::int64_t>(element.text)) return *value;
  }
  if (element.kind == Element::Kind::real && std::trunc(element.real) == element.real &&
      std::fabs(element.real) <= 0x1p53) {
    return static_cast<std::int64_t>(element.real);
  }
  return wrong_type(element, kShouldBe);
}

Result<std::int32_t> to_integer_slow(const Element& element) {
  const auto value = to_bigint(element);
  if (!value || *value < std::numeric_limits<std::int32_t>::min() ||
      *value > std::numeric_limits<std::int32_t>::max()) {
    return wrong_type(element, "an integer between -2147483648 and 2147483647");
  }
  return static_cast<std::int32_t>(*value);
}

Result<double> to_double(const Element& element) {
  switch (element.kind) {
    case Element::Kind::integer:
      return static_cast<double>(element.integer);
    case Element::Kind::big_integer:
    case Element::Kind::real:
      return element.real;
    case Element::Kind::text:
      if (element.text == "NaN") return std::numeric_limits<double>::quiet_NaN();
      if (element.text == "Infinity") return std::numeric_limits<double>::infinity();
      if (element.text == "-Infinity") return -std::numeric_limits<double>::infinity();
      if (const auto value = parse_number<double>(element.text)) return *value;
      break;
    default:
      break;
  }
  return wrong_type(element, "a number");
}

Result<bool> to_boolean(const Element& element) {
  if (element.kind == Element::Kind::boolean) return element.boolean;
  return wrong_type(element, "true or false");
}

Result<std::string_view> to_text_view_slow(const Element& element) { return wrong_type(element, "text"); }

Result<Geometry> to_geometry(const Element& element) {
  const auto text = to_text_view(element);
  if (!text) return text.error();
  return read_geometry_text(*text);
}

Result<std::vector<std::int64_t>> to_bigints(const Element& element) {
  return to_vector<std::int64_t>(element, "a JSON array of integers", [](simdjson::dom::element member) {
    return to_bigint(to_element(member, nullptr));
  });
}

Result<std::vector<double>> to_doubles(const Element& element) {
  return to_vector<double>(element, "a JSON array of numbers", [](simdjson::dom::element member) {
    return to_double(to_element(member, nullptr));
  });
}

Result<std::vector<Geometry>> to_geometries(const Element& element) {
  return to_vector<Geometry>(element, "a JSON array of geometries", [](simdjson::dom::element member) {
    if (member.is_object()) return read_geojson(std::string(simdjson::minify(member)));
    return to_geometry(to_element(member, nullptr));
  });
}

void append_value(TextBuffer& out, bool value) { out += value ? "true" : "false"; }
void append_value(TextBuffer& out, double value) { append_json_string(out, to_text(value)); }
void append_value(TextBuffer& out, const std::string& value) { append_json_string(out, value); }
void append_value(TextBuffer& out, const Json& value) { append_json_string(out, value.text); }
void append_value(TextBuffer& out, const Geometry& value) { append_json_string(out, write_hex_wkb(value)); }

void append_value(TextBuffer& out, std::span<const std::int64_t> value) {
  out += "\"[";
  DecimalSeries series;
  append_members(out, value, series);
  close_array(out, !value.empty());
}

void append_value(TextBuffer& out, std::span<const double> value) {
  out += "\"[";
  std::string_view separator;
  for (const double member : value) {
    out += separator;
    out += to_text(member);
    separator = ",";
  }
  out += "]\"";
}

void append_value(TextBuffer& out, const std::vector<Json>& value) {
  std::string text = "[";
  for (const Json& member : value) {
    if (text.size() > 1) text += ',';
    text += member.text;
  }
  append_json_string(out, text + "]");
}

void append_value(TextBuffer& out, const CellRuns& value) {
  out += "\"[";
  std::array<std::int64_t, 64> ids;
  CellRuns::Cursor cursor(value);
  DecimalSeries series;
  for (std::size_t count = 0; (count = cursor.read(ids)) != 0;)
    append_members(out, std::span(ids).first(count), series);
  close_array(out, value.count() != 0);
}

void append_value(TextBuffer& out, const std::vector<Geometry>& value) {
  std::string text = "[";
  for (const Geometry& member : value) {
    if (text.size() > 1) text += ',';
    text += '"' + write_hex_wkb(member) + '"';
  }
  append_json_string(out, text + "]");
}

void append_member(TextBuffer& json, bool value) { json += value ? "true" : "false"; }
void append_member(TextBuffer& json, double value) {
  if (std::isfinite(value)) {
    json += to_text(value);
  } else {
    append_json_string(json, to_text(value));
  }
}
void append_member(TextBuffer& json, const std::string& value) { append_json_string(json, value); }
void append_member(TextBuffer& json, const Json& value) { json += value.text; }

Result<void> append_value(TextBuffer& out, CellStream& value, const CallContext& context) {
  out += "\"[";
  std::array<std::int64_t, 256> ids;
  DecimalSeries series;
  std::uint64_t total = 0;
  while (true) {
    const Result<std::size_t> count = value.read(context, ids);
    if (!count) return count.error();
    if (*count == 0) break;
    total += *count;
    if (total > context.max_cells) return too_many_cells(context, "a set", total, /*at_least=*/true);
    append_members(out, std::span(ids).first(*count), series);
  }
  close_array(out, total != 0);
  return {};
}

}  // namespace geocell::bridge
