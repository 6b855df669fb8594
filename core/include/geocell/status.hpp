// Errors of the core: one enum, one table, one Result type. The core signals bad input by value; it never
// throws for it, never prints and never aborts. (std::bad_alloc may still escape: each engine's guard turns
// it into an error.)
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace geocell {

enum class ErrorCode : std::uint8_t {
  invalid_parameter,  // a value outside its documented range or list: resolution, cell id, mode, direction
  not_finite,         // NaN or an infinity where a finite number is needed, or a number out of range
  invalid_text,       // text that does not parse: token, quadkey, WKT, GeoJSON, hex
  invalid_binary,     // bytes that do not parse: WKB, EWKB, a serialized geometry
  unsupported,        // well formed, but not something geocell handles: a curve, an SRID it cannot transform
  limit_exceeded,     // the result would be larger than the engine's limit
  canceled,           // the caller asked to stop
  out_of_memory,
  internal,  // a bug in geocell
};

// The one table of codes: PostgreSQL's SQLSTATE and a stable lower-case name for logs and tests.
struct ErrorCodeInfo {
  std::string_view sqlstate;
  std::string_view name;
};
constexpr ErrorCodeInfo error_code_info(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_parameter:
      return {"22023", "invalid_parameter"};
    case ErrorCode::not_finite:
      return {"22003", "not_finite"};
    case ErrorCode::invalid_text:
      return {"22P02", "invalid_text"};
    case ErrorCode::invalid_binary:
      return {"22P03", "invalid_binary"};
    case ErrorCode::unsupported:
      return {"0A000", "unsupported"};
    case ErrorCode::limit_exceeded:
      return {"54000", "limit_exceeded"};
    case ErrorCode::canceled:
      return {"57014", "canceled"};
    case ErrorCode::out_of_memory:
      return {"53200", "out_of_memory"};
    case ErrorCode::internal:
      break;
  }
  return {"XX000", "internal"};
}

// `message` names the offending value and what would be right, in the user's words,
// without a final full stop.
struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string message;
};

// A value or an Error. `Result<void>` has no value.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit by design
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit by design
  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }
  // REQUIRES: ok()
  T& value() { return *std::get_if<0>(&state_); }
  const T& value() const { return *std::get_if<0>(&state_); }
  T& operator*() { return value(); }
  const T& operator*() const { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  // REQUIRES: !ok()
  Error& error() { return *std::get_if<1>(&state_); }
  const Error& error() const { return *std::get_if<1>(&state_); }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT: implicit by design
  bool ok() const { return !error_.has_value(); }
  explicit operator bool() const { return ok(); }
  Error& error() { return *error_; }
  const Error& error() const { return *error_; }

 private:
  std::optional<Error> error_;
};

// The shared wording of common errors, so that each is phrased once. All take the value as the user wrote it.
Error invalid_resolution(std::int64_t resolution, int min_resolution, int max_resolution);
// `what` is "longitude", "latitude", "xmin", …
Error not_finite(std::string_view what, double value);
// `text` from outside is shown shortened to 64 bytes and with control and non-ASCII bytes escaped (\xNN).
Error invalid_value(std::string_view what, std::string_view text, std::string_view should_be);
std::string quoted_excerpt(std::string_view text);

// The shortest decimal text that reads back as the same double ("-0.5", "1e+30");
// "NaN", "Infinity", "-Infinity".
std::string to_text(double value);

}  // namespace geocell
