#include "json_values.hpp"

#include <limits>

namespace geocell::bridge {
namespace {

Error wrong_type(Element element, std::string_view should_be) {
  return invalid_value("argument", describe(element), should_be);
}

template <class Number>
std::optional<Number> parse_number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

template <class T>
void append_array_text(std::string& out, std::span<const T> values) {
  out += "\"[";
  const char* separator = "";
  for (const T value : values) {
    out += separator;
    if constexpr (std::is_same_v<T, double>) {
      out += to_text(value);
    } else {
      append_number(out, value);
    }
    separator = ",";
  }
  out += "]\"";
}

}  // namespace

std::string describe(Element element) {
  switch (element.type()) {
    case simdjson::dom::element_type::STRING:
      return std::string(std::string_view(element));
    case simdjson::dom::element_type::ARRAY:
      return "an array";
    case simdjson::dom::element_type::OBJECT:
      return "an object";
    default:
      return simdjson::minify(element);
  }
}

void append_json_string(std::string& out, std::string_view text) {
  static constexpr std::string_view kHex = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      out += "\\u00";
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    } else {
      out += c;
    }
  }
  out += '"';
}

Result<std::int64_t> to_bigint(Element element) {
  constexpr std::string_view kShouldBe = "an integer between -9223372036854775808 and 9223372036854775807";
  std::int64_t integer = 0;
  if (element.get(integer) == simdjson::SUCCESS) return integer;
  std::string_view text;
  if (element.get(text) == simdjson::SUCCESS) {
    if (const auto value = parse_number<std::int64_t>(text)) return *value;
    return wrong_type(element, kShouldBe);
  }
  double number = 0;
  if (element.is<double>() && element.get(number) == simdjson::SUCCESS && std::trunc(number) == number &&
      std::fabs(number) <= 0x1p53) {
    return static_cast<std::int64_t>(number);
  }
  return wrong_type(element, kShouldBe);
}

Result<std::int32_t> to_integer(Element element) {
  const auto value = to_bigint(element);
  if (!value || *value < std::numeric_limits<std::int32_t>::min() ||
      *value > std::numeric_limits<std::int32_t>::max()) {
    return wrong_type(element, "an integer between -2147483648 and 2147483647");
  }
  return static_cast<std::int32_t>(*value);
}

Result<double> to_double(Element element) {
  double number = 0;
  if (element.get(number) == simdjson::SUCCESS) return number;
  std::string_view text;
  if (element.get(text) == simdjson::SUCCESS) {
    if (text == "NaN") return std::numeric_limits<double>::quiet_NaN();
    if (text == "Infinity") return std::numeric_limits<double>::infinity();
    if (text == "-Infinity") return -std::numeric_limits<double>::infinity();
    if (const auto value = parse_number<double>(text)) return *value;
  }
  return wrong_type(element, "a number");
}

Result<bool> to_boolean(Element element) {
  bool value = false;
  if (element.get(value) == simdjson::SUCCESS) return value;
  return wrong_type(element, "true or false");
}

Result<std::string_view> to_text_view(Element element) {
  std::string_view text;
  if (element.get(text) == simdjson::SUCCESS) return text;
  return wrong_type(element, "text");
}

Result<Geometry> to_geometry(Element element) {
  const auto text = to_text_view(element);
  if (!text) return text.error();
  return read_geometry_text(*text);
}

Result<std::vector<std::int64_t>> to_bigints(Element element) {
  simdjson::dom::parser parser;
  simdjson::dom::array array;
  std::string_view text;
  if (element.get(text) == simdjson::SUCCESS) {
    if (parser.parse(text.data(), text.size()).get(array) != simdjson::SUCCESS) {
      return wrong_type(element, "a JSON array of integers");
    }
  } else if (element.get(array) != simdjson::SUCCESS) {
    return wrong_type(element, "a JSON array of integers");
  }
  std::vector<std::int64_t> values;
  for (const Element member : array) {
    auto value = to_bigint(member);
    if (!value) return std::move(value.error());
    values.push_back(*value);
  }
  return values;
}

void append_value(std::string& out, std::int64_t value) { append_number(out, value); }
void append_value(std::string& out, std::int32_t value) { append_number(out, value); }
void append_value(std::string& out, bool value) { out += value ? "true" : "false"; }
void append_value(std::string& out, double value) { append_json_string(out, to_text(value)); }
void append_value(std::string& out, const std::string& value) { append_json_string(out, value); }
void append_value(std::string& out, const Json& value) { append_json_string(out, value.text); }
void append_value(std::string& out, const Geometry& value) { append_json_string(out, write_hex_wkb(value)); }
void append_value(std::string& out, std::span<const std::int64_t> value) { append_array_text(out, value); }
void append_value(std::string& out, std::span<const double> value) { append_array_text(out, value); }

void append_value(std::string& out, const std::vector<Json>& value) {
  std::string text = "[";
  for (const Json& member : value) {
    if (text.size() > 1) text += ',';
    text += member.text;
  }
  append_json_string(out, text + "]");
}

void append_value(std::string& out, const CellRuns& value) {
  out += "\"[";
  const char* separator = "";
  for (CellRuns::Cursor cursor(value); const auto id = cursor.next();) {
    out += separator;
    append_number(out, *id);
    separator = ",";
  }
  out += "]\"";
}

void append_value(std::string& out, const std::vector<CellRange>& value) {
  std::string text = "[";
  for (const CellRange& range : value) {
    if (text.size() > 1) text += ',';
    text += "{\"first\":";
    append_number(text, range.first);
    text += ",\"last\":";
    append_number(text, range.last);
    text += range.interior ? ",\"interior\":true}" : ",\"interior\":false}";
  }
  append_json_string(out, text + "]");
}

Result<void> append_value(std::string& out, CellStream& value, const CallContext& context) {
  out += "\"[";
  const char* separator = "";
  std::array<std::int64_t, 256> ids;
  for (std::uint64_t total = 0;;) {
    const Result<std::size_t> count = value.read(context, ids);
    if (!count) return count.error();
    if (*count == 0) break;
    total += *count;
    if (total > context.max_cells)
      return too_many_cells("a set", total, /*at_least=*/true, context.max_cells);
    for (const std::int64_t id : std::span(ids).first(*count)) {
      out += separator;
      append_number(out, id);
      separator = ",";
    }
  }
  out += "]\"";
  return {};
}

}  // namespace geocell::bridge
