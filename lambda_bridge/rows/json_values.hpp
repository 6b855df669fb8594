// JSON values of a row ↔ the C++ arguments and results of core functions.
//
// On the wire integers are bare digits and never pass through a double; doubles and everything that is not a
// scalar travel as text (Redshift's JSON loses digits of FLOAT8,
// and a Lambda UDF can take and return scalars only).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "geocell/cells.hpp"
#include "geocell/geometry.hpp"
#include "geocell/sql_types.hpp"
#include "geocell/status.hpp"
#include "geocell/values.hpp"
#include "lambda_bridge/json/decimal.hpp"
#include "lambda_bridge/json/json_escape.hpp"
#include "lambda_bridge/json/text_buffer.hpp"

namespace geocell::bridge {

// One argument as it was sent. Texts are views into the reader's memory, which outlives the batch.
struct Element {
  enum class Kind : std::uint8_t {
    null,
    boolean,
    integer,
    big_integer,  // above the largest std::int64_t; `real` holds it, rounded
    real,
    text,
    array,  // `text` is its JSON
    object,
  };
  Kind kind = Kind::null;
  bool boolean = false;
  union {
    std::int64_t integer = 0;
    std::uint64_t big_integer;
  };
  double real = 0;
  std::string_view text;

  bool is_null() const { return kind == Kind::null; }
};

// The text of a JSON value, shortened, for errors.
std::string describe(const Element& element);

// An integer, its digits as text, or a double that is an integer.
Result<std::int64_t> to_bigint_slow(const Element& element);
inline Result<std::int64_t> to_bigint(const Element& element) {
  if (element.kind == Element::Kind::integer) return element.integer;
  return to_bigint_slow(element);
}
Result<std::int32_t> to_integer_slow(const Element& element);
inline Result<std::int32_t> to_integer(const Element& element) {
  const auto narrow = static_cast<std::int32_t>(element.integer);
  if (element.kind == Element::Kind::integer && narrow == element.integer) return narrow;
  return to_integer_slow(element);
}
Result<double> to_double(const Element& element);  // a number or its text; "NaN", "Infinity", "-Infinity" too
Result<bool> to_boolean(const Element& element);
Result<std::string_view> to_text_view_slow(const Element& element);
inline Result<std::string_view> to_text_view(const Element& element) {
  if (element.kind == Element::Kind::text) return element.text;
  return to_text_view_slow(element);
}
Result<Geometry> to_geometry(const Element& element);  // hex EWKB, WKT or GeoJSON text
// Arrays: a JSON array, or its text. A null in it is an error.
Result<std::vector<std::int64_t>> to_bigints(const Element& element);
Result<std::vector<double>> to_doubles(const Element& element);  // of what to_double() reads
Result<std::vector<Geometry>> to_geometries(
    const Element& element);  // of what to_geometry() reads, or GeoJSON objects

// Argument<T> reads what has to live as long as the call; the core function takes a T made of it.
template <class T>
struct Argument;

#define GEOCELL_ARGUMENT(cpp_type, stored, reader)                     \
  template <>                                                          \
  struct Argument<cpp_type> {                                          \
    static Result<stored> read(const Element& e) { return reader(e); } \
    using Stored = stored;                                             \
  }
GEOCELL_ARGUMENT(std::int64_t, std::int64_t, to_bigint);
GEOCELL_ARGUMENT(std::int32_t, std::int32_t, to_integer);
GEOCELL_ARGUMENT(double, double, to_double);
GEOCELL_ARGUMENT(bool, bool, to_boolean);
GEOCELL_ARGUMENT(std::string_view, std::string_view, to_text_view);
GEOCELL_ARGUMENT(Geometry, Geometry, to_geometry);
GEOCELL_ARGUMENT(std::span<const std::int64_t>, std::vector<std::int64_t>, to_bigints);
GEOCELL_ARGUMENT(std::span<const double>, std::vector<double>, to_doubles);
GEOCELL_ARGUMENT(std::vector<Geometry>, std::vector<Geometry>, to_geometries);
#undef GEOCELL_ARGUMENT

inline void append_number(TextBuffer& out, std::int64_t value) {
  out.commit(write_decimal(out.room(kMaxDecimalBytes + 8), value));
}

inline void append_value(TextBuffer& out, std::int64_t value) { append_number(out, value); }
inline void append_value(TextBuffer& out, std::int32_t value) { append_number(out, value); }
void append_value(TextBuffer& out, bool value);
void append_value(TextBuffer& out, double value);  // text
void append_value(TextBuffer& out, const std::string& value);
void append_value(TextBuffer& out, const Json& value);  // text
void append_value(TextBuffer& out, const std::vector<Json>& value);
void append_value(TextBuffer& out, const Geometry& value);                // hex EWKB
void append_value(TextBuffer& out, const std::vector<Geometry>& value);   // text: a JSON array of hex EWKB
void append_value(TextBuffer& out, std::span<const std::int64_t> value);  // text: "[1,2]"
void append_value(TextBuffer& out, std::span<const double> value);
void append_value(TextBuffer& out, const CellRuns& value);
// The same text as of CellRuns. More than context.max_cells: an error.
Result<void> append_value(TextBuffer& out, CellStream& value, const CallContext& context);
inline void append_value(TextBuffer& out, const std::vector<std::int64_t>& value) {
  append_value(out, std::span<const std::int64_t>(value));
}
template <class T, std::size_t N>
void append_value(TextBuffer& out, const std::array<T, N>& value) {
  append_value(out, std::span<const T>(value));
}
template <class T>
void append_value(TextBuffer& out, const std::optional<T>& value) {
  if (value) {
    append_value(out, *value);
  } else {
    out += "null";
  }
}

// A value inside a record's JSON object, as PostgreSQL's row_to_json() writes it.
inline void append_member(TextBuffer& json, std::int64_t value) { append_number(json, value); }
inline void append_member(TextBuffer& json, std::int32_t value) { append_number(json, value); }
void append_member(TextBuffer& json, bool value);
void append_member(TextBuffer& json, double value);  // NaN and infinities in quotes
void append_member(TextBuffer& json, const std::string& value);
void append_member(TextBuffer& json, const Json& value);
template <class T>
void append_member(TextBuffer& json, const std::optional<T>& value) {
  if (value) {
    append_member(json, *value);
  } else {
    json += "null";
  }
}

// {"first":1,"last":2,"interior":true}
template <IsRecord T>
void append_object(TextBuffer& json, const T& value) {
  char separator = '{';
  const auto append = [&](const auto& column) {
    json += separator;
    append_json_string(json, column.name);
    json += ':';
    append_member(json, value.*column.member);
    separator = ',';
  };
  std::apply([&](const auto&... column) { (append(column), ...); }, Record<T>::columns);
  json += '}';
}
// Text: a JSON object.
template <IsRecord T>
void append_value(TextBuffer& out, const T& value) {
  TextBuffer json;
  append_object(json, value);
  append_json_string(out, json.view());
}
// Text: a JSON array of objects.
template <IsRecord T>
void append_value(TextBuffer& out, const std::vector<T>& value) {
  TextBuffer json;
  json += '[';
  for (const T& record : value) {
    if (json.size() > 1) json += ',';
    append_object(json, record);
  }
  json += ']';
  append_json_string(out, json.view());
}

// Every type of the list can be read, or written, or both.
template <class T>
concept ReadsArgument = requires(const Element& element) {
  Argument<T>::read(element);
};
template <class T>
concept AppendsValue = requires(TextBuffer& out, const T& value) {
  append_value(out, value);
}
|| requires(TextBuffer& out, T& value, const CallContext& context) { append_value(out, value, context); };
#define GEOCELL_CHECK(cpp_type, sql_name, use)                                                \
  static_assert(!is_argument(SqlUse::use) || ReadsArgument<cpp_type>,                         \
                "lambda_bridge/rows/json_values.hpp: add a GEOCELL_ARGUMENT for " #cpp_type); \
  static_assert(!is_result(SqlUse::use) || AppendsValue<cpp_type>,                            \
                "lambda_bridge/rows/json_values.hpp: add an append_value() for " #cpp_type);
GEOCELL_SQL_TYPES(GEOCELL_CHECK)
#undef GEOCELL_CHECK

}  // namespace geocell::bridge
