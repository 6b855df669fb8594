// The C++ types that a core function may take and return, and the SQL type of each. One list: whoever moves
// values in or out, or spells a type, checks itself against it when it is compiled (GEOCELL_SQL_TYPES,
// below).
#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "geocell/cells.hpp"
#include "geocell/geometry.hpp"
#include "geocell/values.hpp"

namespace geocell {

// What a type of the list is used for.
enum class SqlUse : std::uint8_t { argument, result, both };
constexpr bool is_argument(SqlUse use) { return use != SqlUse::result; }
constexpr bool is_result(SqlUse use) { return use != SqlUse::argument; }

// Arrays of any length are one type to SQL; these stand for all of them in the list.
using SomeDoubles = std::array<double, 1>;
using SomeBigints = std::array<std::int64_t, 1>;

// X(C++ type, SQL name, use). SQL names are spelled as in the YAML and in PostgreSQL. Adding a type: a row
// here, and what the compiler then asks for: its codecs (extension/datum.hpp,
// lambda_bridge/rows/json_values.hpp) and, where the SQL name is new, its spellings
// (sql/generator/engines/<engine>/<engine>_types.hpp).
#define GEOCELL_SQL_TYPES(X)                                 \
  X(std::int64_t, "bigint", both)                            \
  X(std::int32_t, "integer", both)                           \
  X(double, "double precision", both)                        \
  X(bool, "boolean", both)                                   \
  X(std::string, "text", result)                             \
  X(std::string_view, "text", argument)                      \
  X(Json, "json", result)                                    \
  X(std::vector<Json>, "json[]", result)                     \
  X(CellRuns, "bigint[]", result) /* or setof bigint */      \
  X(CellStream, "bigint[]", result)                          \
  X(std::vector<std::int64_t>, "bigint[]", result)           \
  X(SomeBigints, "bigint[]", result)                         \
  X(std::span<const std::int64_t>, "bigint[]", argument)     \
  X(SomeDoubles, "double precision[]", result)               \
  X(std::span<const double>, "double precision[]", argument) \
  X(Geometry, "geometry", both)                              \
  X(std::vector<Geometry>, "geometry[]", both)

struct SqlTypeRow {
  std::string_view name;
  SqlUse use;
};
inline constexpr SqlTypeRow kSqlTypeRows[] = {
#define GEOCELL_ROW(cpp_type, sql_name, use) {sql_name, SqlUse::use},
    GEOCELL_SQL_TYPES(GEOCELL_ROW)
#undef GEOCELL_ROW
};

// The type as FunctionInfo has it: name; nullable (may be, or take, NULL); optional (an argument that may be
// left out).
template <class T>
struct SqlType;

struct RequiredSqlType {
  static constexpr bool nullable = false;
  static constexpr bool optional = false;
};
#define GEOCELL_SQL_TYPE(cpp_type, sql_name, use)      \
  template <>                                          \
  struct SqlType<cpp_type> : RequiredSqlType {         \
    static constexpr std::string_view name = sql_name; \
  };
GEOCELL_SQL_TYPES(GEOCELL_SQL_TYPE)
#undef GEOCELL_SQL_TYPE
template <std::size_t N>
struct SqlType<std::array<double, N>> : SqlType<SomeDoubles> {};
template <std::size_t N>
struct SqlType<std::array<std::int64_t, N>> : SqlType<SomeBigints> {};
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

// --- Records: results of several named columns. ---

// A column is a member of the struct whose type is a result of the list, or std::optional of one.
template <class T, class Member>
struct Column {
  std::string_view name;
  Member T::*member;
  using Type = Member;
};
template <class T, class Member>
Column(std::string_view, Member T::*) -> Column<T, Member>;

// To specialize for a struct: name, array_name ("name[]"), columns (a std::tuple of Column).
template <class T>
struct Record {};
template <>
struct Record<CellRange> {
  static constexpr std::string_view name = "cell_range";
  static constexpr std::string_view array_name = "cell_range[]";
  static constexpr std::tuple columns{Column{"first", &CellRange::first}, Column{"last", &CellRange::last},
                                      Column{"interior", &CellRange::interior}};
};

template <class T>
concept IsRecord = requires {
  Record<T>::columns;
};
template <IsRecord T>
inline constexpr std::size_t kColumnCount =
    std::tuple_size_v<std::remove_cvref_t<decltype(Record<T>::columns)>>;

template <IsRecord T>
struct SqlType<T> : RequiredSqlType {
  static constexpr std::string_view name = Record<T>::name;
};
template <IsRecord T>
struct SqlType<std::vector<T>> : RequiredSqlType {
  static constexpr std::string_view name = Record<T>::array_name;
};

// X(struct): the records that a signature file may name.
#define GEOCELL_RECORDS(X) X(CellRange)

struct ColumnInfo {
  std::string_view name;
  std::string_view type;
};
struct RecordInfo {
  std::string_view name;
  std::vector<ColumnInfo> columns;
};
template <IsRecord T>
RecordInfo record_info() {
  RecordInfo info{Record<T>::name, {}};
  const auto add = [&]<class Member>(const Column<T, Member>& column) {
    info.columns.push_back({column.name, SqlType<Member>::name});
  };
  std::apply([&](const auto&... column) { (add(column), ...); }, Record<T>::columns);
  return info;
}

// What a result is a set of, when the function is declared as returning one; empty: it cannot be.
template <class T>
inline constexpr std::string_view kSetOf = "";
template <>
inline constexpr std::string_view kSetOf<CellRuns> = "bigint";
template <>
inline constexpr std::string_view kSetOf<CellStream> = "bigint";
template <IsRecord T>
inline constexpr std::string_view kSetOf<std::vector<T>> = Record<T>::name;

}  // namespace geocell
