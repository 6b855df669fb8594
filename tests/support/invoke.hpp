// Calls a function of the core's table with JSON arguments and gives its answer as JSON, by the rules of
// golden.hpp: geometry arguments are text and geometry results WKT, NaN and infinities are strings, JSON null
// is SQL NULL. Types come from signature.hpp, so no function is named here.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <tuple>
#include <vector>

#include "geocell/signature.hpp"

namespace geocell::test {

struct Outcome {
  nlohmann::json value;  // JSON null: SQL NULL
  std::optional<Error> error;
};

namespace detail {

using nlohmann::json;

// Keeps one argument alive during the call. `set()` may fail, as reading a geometry does in an engine, too.
// JSON of another type throws: the golden file is wrong then.
template <class T>
struct Argument {
  T value{};
  Result<void> set(const json& arg) {
    value = arg.get<T>();
    return {};
  }
  const T& get() const { return value; }
};
template <>
struct Argument<std::int64_t> {
  std::int64_t value = 0;
  Result<void> set(const json& arg) {
    if (!arg.is_number_integer()) throw std::runtime_error("not a bigint: " + arg.dump());
    value = arg.get<std::int64_t>();
    return {};
  }
  std::int64_t get() const { return value; }
};
template <>
struct Argument<std::int32_t> {
  std::int32_t value = 0;
  Result<void> set(const json& arg) {
    Argument<std::int64_t> wide;
    (void)wide.set(arg);
    value = static_cast<std::int32_t>(wide.value);
    if (value != wide.value) throw std::runtime_error("not an integer: " + arg.dump());
    return {};
  }
  std::int32_t get() const { return value; }
};
template <>
struct Argument<double> {
  double value = 0;
  Result<void> set(const json& arg) {
    value = arg.is_string() ? std::stod(arg.get<std::string>()) : arg.get<double>();
    return {};
  }
  double get() const { return value; }
};
template <>
struct Argument<std::string_view> : Argument<std::string> {
  std::string_view get() const { return value; }
};
template <>
struct Argument<Geometry> {
  Geometry value;
  Result<void> set(const json& arg) {
    auto geometry = read_geometry_text(arg.get<std::string>());
    if (!geometry) return geometry.error();
    value = std::move(*geometry);
    return {};
  }
  const Geometry& get() const { return value; }
};
// A JSON array, each member as T's argument.
template <class T>
struct ArrayArgument {
  std::vector<T> value;
  Result<void> set(const json& arg) {
    for (const json& element : arg) {
      Argument<T> one;
      if (auto read = one.set(element); !read) return read;
      value.push_back(std::move(one.value));
    }
    return {};
  }
  const std::vector<T>& get() const { return value; }
};
template <>
struct Argument<std::span<const std::int64_t>> : ArrayArgument<std::int64_t> {};
template <>
struct Argument<std::span<const double>> : ArrayArgument<double> {};
template <>
struct Argument<std::vector<Geometry>> : ArrayArgument<Geometry> {};
template <class T>
struct Argument<std::optional<T>> {
  std::optional<Argument<T>> held;
  Result<void> set(const json& arg) { return held.emplace().set(arg); }
  std::optional<T> get() const { return held ? std::optional<T>(held->get()) : std::nullopt; }
};
template <class T>
struct Argument<Nullable<T>> {
  std::optional<Argument<T>> held;
  Result<void> set(const json& arg) {
    if (arg.is_null()) return {};
    return held.emplace().set(arg);
  }
  Nullable<T> get() const { return {held ? std::optional<T>(held->get()) : std::nullopt}; }
};

inline json to_json(std::int64_t value) { return value; }
inline json to_json(std::int32_t value) { return value; }
inline json to_json(bool value) { return value; }
inline json to_json(const std::string& value) { return value; }
inline json to_json(const std::vector<std::int64_t>& value) { return value; }
inline json to_json(double value) {
  if (!std::isfinite(value)) return to_text(value);
  return value;
}
inline json to_json(const Json& value) { return json::parse(value.text); }
inline json to_json(const std::vector<Json>& values) {
  json array = json::array();
  for (const Json& value : values) array.push_back(to_json(value));
  return array;
}
inline json to_json(const Geometry& geometry) {
  if (geometry.srid != 4326) throw std::runtime_error("a result with SRID " + std::to_string(geometry.srid));
  return write_wkt(geometry);
}
inline json to_json(const CellRuns& cells) {
  std::vector<std::int64_t> ids(cells.count());
  cells.fill(ids);
  return ids;
}
inline json to_json(CellStream& cells) {
  json array = json::array();
  std::array<std::int64_t, 100> ids;
  while (const std::size_t count = cells.read({}, ids).value()) {
    for (const std::int64_t id : std::span(ids).first(count)) array.push_back(id);
  }
  return array;
}
inline json to_json(const std::vector<Geometry>& geometries) {
  json array = json::array();
  for (const Geometry& geometry : geometries) array.push_back(to_json(geometry));
  return array;
}
template <class T, std::size_t N>
json to_json(const std::array<T, N>& values) {
  json array = json::array();
  for (const T value : values) array.push_back(to_json(value));
  return array;
}
template <class T>
json to_json(const std::optional<T>& value) {
  return value ? to_json(*value) : json(nullptr);
}

template <IsRecord T>
json to_json(const T& record) {
  json object = json::object();
  std::apply(
      [&](const auto&... column) {
        ((object[std::string(column.name)] = to_json(record.*column.member)), ...);
      },
      Record<T>::columns);
  return object;
}
template <IsRecord T>
json to_json(const std::vector<T>& records) {
  json array = json::array();
  for (const T& record : records) array.push_back(to_json(record));
  return array;
}

template <class T>
concept WritesResult = requires(T& value) {
  to_json(value);
};
#define GEOCELL_CHECK(cpp_type, sql_name, use)                     \
  static_assert(!is_result(SqlUse::use) || WritesResult<cpp_type>, \
                "tests/support/invoke.hpp: add a to_json() for " #cpp_type);
GEOCELL_SQL_TYPES(GEOCELL_CHECK)
#undef GEOCELL_CHECK

template <class T>
inline constexpr bool kTakesNull = SqlType<T>::nullable && !SqlType<T>::optional;

}  // namespace detail

// `args`: an array; optional trailing arguments may be missing.
// Throws when the array does not fit the signature.
template <auto F>
Outcome invoke(const nlohmann::json& args, const CallContext& context = {}) {
  using S = Signature<decltype(F)>;
  return [&]<class... Args>(std::type_identity<std::tuple<Args...>>) -> Outcome {
    constexpr std::size_t kCount = sizeof...(Args);
    constexpr std::size_t kRequired = (std::size_t{0} + ... + (SqlType<Args>::optional ? 0 : 1));
    if (args.size() < kRequired || args.size() > kCount) {
      throw std::runtime_error(std::to_string(args.size()) + " arguments, not " + std::to_string(kCount));
    }

    bool null = false;
    std::size_t index = 0;
    (
        [&] {
          if (index < args.size()) null |= args[index].is_null() && !detail::kTakesNull<Args>;
          ++index;
        }(),
        ...);
    if (null) return {nullptr, {}};

    std::tuple<detail::Argument<Args>...> held;
    std::optional<Error> error;
    std::apply(
        [&](auto&... argument) {
          index = 0;
          (
              [&] {
                if (index < args.size() && !error) {
                  if (auto read = argument.set(args[index]); !read) error = read.error();
                }
                ++index;
              }(),
              ...);
        },
        held);
    if (error) return {nullptr, error};

    auto result =
        std::apply([&](const auto&... argument) { return S::call(F, context, argument.get()...); }, held);
    if (!result) return {nullptr, result.error()};
    return {detail::to_json(*result), {}};
  }(std::type_identity<typename S::Arguments>{});
}

}  // namespace geocell::test
