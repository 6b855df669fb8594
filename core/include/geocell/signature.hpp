// What a core function looks like from SQL: its C++ type, read as SQL types at compile time. The generator
// holds this against the YAML, and the engines use the same traits to move values in and out.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "geocell/call_context.hpp"
#include "geocell/cells.hpp"
#include "geocell/geometry.hpp"
#include "geocell/status.hpp"
#include "geocell/values.hpp"

namespace geocell {

// The SQL types that a signature may use; spelled as in the YAML and in PostgreSQL.
template <class T>
struct SqlType;  // name; nullable (may be, or take, NULL); optional (an argument that may be left out)

#define GEOCELL_SQL_TYPE(cpp_type, sql_name)           \
  template <>                                          \
  struct SqlType<cpp_type> {                           \
    static constexpr std::string_view name = sql_name; \
    static constexpr bool nullable = false;            \
    static constexpr bool optional = false;            \
  }
GEOCELL_SQL_TYPE(std::int64_t, "bigint");
GEOCELL_SQL_TYPE(std::int32_t, "integer");
GEOCELL_SQL_TYPE(double, "double precision");
GEOCELL_SQL_TYPE(bool, "boolean");
GEOCELL_SQL_TYPE(std::string, "text");
GEOCELL_SQL_TYPE(std::string_view, "text");
GEOCELL_SQL_TYPE(Json, "json");
GEOCELL_SQL_TYPE(std::vector<Json>, "json[]");
GEOCELL_SQL_TYPE(Geometry, "geometry");
GEOCELL_SQL_TYPE(CellRuns, "bigint[]");  // as a set: "setof bigint" in the YAML, the same callable
GEOCELL_SQL_TYPE(CellStream, "bigint[]");
GEOCELL_SQL_TYPE(std::vector<CellRange>, "cell_range[]");
GEOCELL_SQL_TYPE(std::vector<std::int64_t>, "bigint[]");
GEOCELL_SQL_TYPE(std::span<const std::int64_t>, "bigint[]");
#undef GEOCELL_SQL_TYPE
template <std::size_t N>
struct SqlType<std::array<double, N>> {
  static constexpr std::string_view name = "double precision[]";
  static constexpr bool nullable = false;
  static constexpr bool optional = false;
};
template <std::size_t N>
struct SqlType<std::array<std::int64_t, N>> {
  static constexpr std::string_view name = "bigint[]";
  static constexpr bool nullable = false;
  static constexpr bool optional = false;
};
// As a result: may be NULL. As a (trailing) argument: may be left out.
template <class T>
struct SqlType<std::optional<T>> : SqlType<T> {
  static constexpr bool nullable = true;
  static constexpr bool optional = true;
};
// An argument whose NULL reaches the function (null_rule: handled).
template <class T>
struct SqlType<Nullable<T>> : SqlType<T> {
  static constexpr bool nullable = true;
};

// What a result is a set of, when the function is declared as returning one; empty: it can't be.
template <class T>
inline constexpr std::string_view kSetOf = "";
template <>
inline constexpr std::string_view kSetOf<CellRuns> = "bigint";
template <>
inline constexpr std::string_view kSetOf<CellStream> = "bigint";
template <>
inline constexpr std::string_view kSetOf<std::vector<CellRange>> = "cell_range";

namespace detail {
template <class T>
struct ResultValue {
  using type = T;
  static constexpr bool can_fail = false;
};
template <class T>
struct ResultValue<Result<T>> {
  using type = T;
  static constexpr bool can_fail = true;
};
template <class... Args>
struct ArgumentPack {
  using Tuple = std::tuple<std::remove_cvref_t<Args>...>;
};
}  // namespace detail

// Traits of a function pointer type `R (*)(Args...)`, where Args may begin with `const CallContext&`.
template <class F>
struct Signature;
template <class R, class... Args>
struct Signature<R (*)(Args...)> {
  using Value = typename detail::ResultValue<R>::type;  // R without Result<>
  static constexpr bool can_fail = detail::ResultValue<R>::can_fail;
  static constexpr bool takes_context = false;
  using Arguments = typename detail::ArgumentPack<Args...>::Tuple;  // without context, references removed

  // Calls `function` with arguments that convert to Args; passes the context on if the function takes one.
  template <class... Given>
  static Result<Value> call(R (*function)(Args...), const CallContext&, Given&&... arguments) {
    return function(std::forward<Given>(arguments)...);
  }
};
template <class R, class... Args>
struct Signature<R (*)(const CallContext&, Args...)> : Signature<R (*)(Args...)> {
  static constexpr bool takes_context = true;

  template <class... Given>
  static auto call(R (*function)(const CallContext&, Args...), const CallContext& context,
                   Given&&... arguments) -> Result<typename Signature::Value> {
    return function(context, std::forward<Given>(arguments)...);
  }
};

}  // namespace geocell
