// JSON values of a row ↔ the C++ arguments and results of core functions.
//
// On the wire integers are bare digits and never pass through a double; doubles and everything that is not a
// scalar travel as text (Redshift's JSON loses digits of FLOAT8, and a Lambda UDF can take and return scalars
// only).
#pragma once

#include <simdjson.h>

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "geocell/geometry.hpp"
#include "geocell/status.hpp"
#include "geocell/types.hpp"

namespace geocell::bridge {

using Element = simdjson::dom::element;

// The text of a JSON value, shortened, for errors.
std::string describe(Element element);
void append_json_string(std::string& out, std::string_view text);

Result<std::int64_t> to_bigint(
    Element element);  // an integer, its digits as text, or a double that is an integer
Result<std::int32_t> to_integer(Element element);
Result<double> to_double(Element element);  // a number or its text; "NaN", "Infinity", "-Infinity" too
Result<bool> to_boolean(Element element);
Result<std::string_view> to_text_view(Element element);
Result<Geometry> to_geometry(Element element);                  // hex EWKB, WKT or GeoJSON text
Result<std::vector<std::int64_t>> to_bigints(Element element);  // a JSON array, or its text

// Argument<T> holds what must stay alive during the call; `value()` gives what the core function takes.
template <class T>
struct Argument;

#define GEOCELL_ARGUMENT(cpp_type, stored, reader)              \
  template <>                                                   \
  struct Argument<cpp_type> {                                   \
    static Result<stored> read(Element e) { return reader(e); } \
    using Stored = stored;                                      \
  }
GEOCELL_ARGUMENT(std::int64_t, std::int64_t, to_bigint);
GEOCELL_ARGUMENT(std::int32_t, std::int32_t, to_integer);
GEOCELL_ARGUMENT(double, double, to_double);
GEOCELL_ARGUMENT(bool, bool, to_boolean);
GEOCELL_ARGUMENT(std::string_view, std::string_view, to_text_view);
GEOCELL_ARGUMENT(Geometry, Geometry, to_geometry);
GEOCELL_ARGUMENT(std::span<const std::int64_t>, std::vector<std::int64_t>, to_bigints);
#undef GEOCELL_ARGUMENT

template <class Integer>
void append_number(std::string& out, Integer value) {
  std::array<char, 24> buffer;
  out.append(buffer.data(), std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr);
}

void append_value(std::string& out, std::int64_t value);
void append_value(std::string& out, std::int32_t value);
void append_value(std::string& out, bool value);
void append_value(std::string& out, double value);  // text
void append_value(std::string& out, const std::string& value);
void append_value(std::string& out, const Json& value);  // text
void append_value(std::string& out, const std::vector<Json>& value);
void append_value(std::string& out, const Geometry& value);                // hex EWKB
void append_value(std::string& out, std::span<const std::int64_t> value);  // text: "[1,2]"
void append_value(std::string& out, std::span<const double> value);
void append_value(std::string& out, const CellRuns& value);
void append_value(std::string& out,
                  const std::vector<CellRange>&
                      value);  // text: an array of objects, each as row_to_json() of PostgreSQL writes it
// The same text as of CellRuns. More than context.max_cells: an error.
Result<void> append_value(std::string& out, CellStream& value, const CallContext& context);
inline void append_value(std::string& out, const std::vector<std::int64_t>& value) {
  append_value(out, std::span<const std::int64_t>(value));
}
template <class T, std::size_t N>
void append_value(std::string& out, const std::array<T, N>& value) {
  append_value(out, std::span<const T>(value));
}
template <class T>
void append_value(std::string& out, const std::optional<T>& value) {
  if (value) {
    append_value(out, *value);
  } else {
    out += "null";
  }
}

}  // namespace geocell::bridge
