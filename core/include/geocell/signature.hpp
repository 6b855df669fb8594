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
#include <vector>

#include "geocell/cells.hpp"
#include "geocell/geometry.hpp"
#include "geocell/status.hpp"

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
};
template <class R, class... Args>
struct Signature<R (*)(const CallContext&, Args...)> : Signature<R (*)(Args...)> {
  static constexpr bool takes_context = true;
};

// The same at run time.
struct ArgumentInfo {
  std::string_view type;
  bool nullable;
  bool optional;
};
struct FunctionInfo {
  std::string_view name;  // the SQL name
  std::vector<ArgumentInfo> arguments;
  std::string_view result_type;
  bool result_nullable;
  std::string_view set_of;  // kSetOf of the result
};

template <auto F>
FunctionInfo function_info(std::string_view name) {
  using S = Signature<decltype(F)>;
  FunctionInfo info{name,
                    {},
                    SqlType<typename S::Value>::name,
                    SqlType<typename S::Value>::nullable,
                    kSetOf<typename S::Value>};
  [&]<class... Args>(std::type_identity<std::tuple<Args...>>) {
    (info.arguments.push_back({SqlType<Args>::name, SqlType<Args>::nullable, SqlType<Args>::optional}), ...);
  }(std::type_identity<typename S::Arguments>{});
  return info;
}

}  // namespace geocell
