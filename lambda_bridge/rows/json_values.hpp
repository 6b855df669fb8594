// JSON values of a row ↔ the C++ arguments and results of core functions.
//
// On the wire integers are bare digits and never pass through a double; doubles and everything that is not a
// scalar travel as text (Redshift's JSON loses digits of FLOAT8, and a Lambda UDF can take and return scalars
// only).
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
Result<std::int64_t> to_bigint_otherwise(const Element& element);
inline Result<std::int64_t> to_bigint(const Element& element) {
  if (element.kind == Element::Kind::integer) return element.integer;
  return to_bigint_otherwise(element);
}
Result<std::int32_t> to_integer_otherwise(const Element& element);
inline Result<std::int32_t> to_integer(const Element& element) {
  const auto narrow = static_cast<std::int32_t>(element.integer);
  if (element.kind == Element::Kind::integer && narrow == element.integer) return narrow;
  return to_integer_otherwise(element);
}
Result<double> to_double(const Element& element);  // a number or its text; "NaN", "Infinity", "-Infinity" too
Result<bool> to_boolean(const Element& element);
Result<std::string_view> to_text_view_otherwise(const Element& element);
inline Result<std::string_view> to_text_view(const Element& element) {
  if (element.kind == Element::Kind::text) return element.text;
  return to_text_view_otherwise(element);
}
Result<Geometry> to_geometry(const Element& element);                  // hex EWKB, WKT or GeoJSON text
Result<std::vector<std::int64_t>> to_bigints(const Element& element);  // a JSON array, or its text

// Argument<T> holds what must stay alive during the call; `value()` gives what the core function takes.
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
void append_value(TextBuffer& out, std::span<const std::int64_t> value);  // text: "[1,2]"
void append_value(TextBuffer& out, std::span<const double> value);
void append_value(TextBuffer& out, const CellRuns& value);
// Text: an array of objects, each as PostgreSQL's row_to_json() writes it.
void append_value(TextBuffer& out, const std::vector<CellRange>& value);
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

}  // namespace geocell::bridge
