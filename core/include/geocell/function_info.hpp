// What an engine has to know of a function besides how to call it: its SQL types, read off its C++ type, and
// the facts that its row in core/src/functions/<module>.def states. A row that leaves out a fact that its
// function needs does not compile.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <variant>
#include <vector>

#include "geocell/signature.hpp"

namespace geocell {

// No function takes more arguments: readers of rows keep memory for so many.
inline constexpr std::size_t kMaxArguments = 8;

// Guesses, for a query planner, how many rows a set has: never an error, >= 1 and finite; 0: no guess. Takes the
// function's own arguments, the first of them or all. An argument that may be left out is either
//   std::optional: empty when it is left out; if it is given but not known at planning, there is no estimate;
//   Nullable:      empty when it is left out and when it is not known.
using RowEstimate = std::variant<std::monostate,  // none
                                 double (*)(std::int64_t, std::int32_t),
                                 double (*)(std::int64_t, std::optional<std::int32_t>),
                                 double (*)(std::span<const std::int64_t>, std::int32_t),
                                 double (*)(const Geometry&, std::int32_t, Nullable<std::string_view>)>;

// The functions that return the same cells when a result is too large for one value, in words. Empty: none.
struct SmallerForms {
  std::string_view as_rows;    // one cell a row: for engines whose functions can return sets
  std::string_view as_values;  // smaller values: for the others
};

struct FunctionFacts {
  bool is_set = false;  // SQL declares it as returning a set
  RowEstimate rows = {};
  SmallerForms smaller_forms = {};
};

// What the rows of the tables say.
namespace facts {

// The function returns a set, whose rows `estimate` guesses.
template <class Estimate>
struct Rows {
  Estimate estimate;
};
template <class Estimate>
constexpr Rows<Estimate> rows(Estimate estimate) {
  return {estimate};
}
// It returns a set, and the planner has nothing better than the number in its YAML.
inline constexpr Rows<std::monostate> rows_unknown{};
// It returns one value, however long.
struct OneRow {};
inline constexpr OneRow one_row{};

constexpr SmallerForms smaller_forms(std::string_view as_rows, std::string_view as_values) {
  return {as_rows, as_values};
}
inline constexpr SmallerForms no_smaller_form{};

}  // namespace facts

namespace detail {

// Results that grow with the number of cells.
template <class T>
inline constexpr bool kHasManyCells = !kSetOf<T>.empty();
template <>
inline constexpr bool kHasManyCells<std::vector<std::int64_t>> = true;
template <>
inline constexpr bool kHasManyCells<std::vector<Json>> = true;

template <class T>
inline constexpr bool kSaysRows = false;
template <class Estimate>
inline constexpr bool kSaysRows<facts::Rows<Estimate>> = true;
template <>
inline constexpr bool kSaysRows<facts::OneRow> = true;

template <class T>
struct PlainArgument {
  using type = T;
};
template <class T>
struct PlainArgument<std::optional<T>> : PlainArgument<T> {};
template <class T>
struct PlainArgument<Nullable<T>> : PlainArgument<T> {};

template <class Estimate, class Function>
inline constexpr bool kFits = false;
template <class... E, class... F>
requires(sizeof...(E) <= sizeof...(F)) inline constexpr bool kFits<std::tuple<E...>, std::tuple<F...>> = [
]<std::size_t... I>(std::index_sequence<I...>) {
  using Given = std::tuple<typename PlainArgument<E>::type...>;
  using Wanted = std::tuple<typename PlainArgument<F>::type...>;
  return (std::is_same_v<std::tuple_element_t<I, Given>, std::tuple_element_t<I, Wanted>> && ...);
}
(std::index_sequence_for<E...>{});

template <auto F>
constexpr void take(FunctionFacts&, facts::OneRow) {}
template <auto F, class Estimate>
constexpr void take(FunctionFacts& all, facts::Rows<Estimate> fact) {
  using Value = typename Signature<decltype(F)>::Value;
  static_assert(!kSetOf<Value>.empty(), "a row says facts::rows, but its function's result cannot be a set");
  if constexpr (!std::is_same_v<Estimate, std::monostate>) {
    static_assert(kFits<typename Signature<Estimate>::Arguments, typename Signature<decltype(F)>::Arguments>,
                  "a row estimate has to take its function's own arguments, the first of them or all");
  }
  all.is_set = true;
  all.rows = fact.estimate;
}
template <auto F>
constexpr void take(FunctionFacts& all, SmallerForms fact) {
  all.smaller_forms = fact;
}

}  // namespace detail

// The facts of function F, as its row states them.
template <auto F, class... Facts>
constexpr FunctionFacts facts_of(Facts... stated) {
  using S = Signature<decltype(F)>;
  constexpr int kSayRows = (0 + ... + (detail::kSaysRows<Facts> ? 1 : 0));
  constexpr int kSaySmallerForms = (0 + ... + (std::is_same_v<Facts, SmallerForms> ? 1 : 0));
  static_assert(std::tuple_size_v<typename S::Arguments> <= kMaxArguments,
                "a function takes more arguments than geocell::kMaxArguments: raise it");
  static_assert(
      kSayRows == 1 || (kSayRows == 0 && !detail::kHasManyCells<typename S::Value>),
      "a function that returns many cells has to say in its row how many rows a planner should expect: "
      "add facts::rows(&estimate), facts::rows_unknown, or, if SQL has it return an array, "
      "facts::one_row");
  static_assert(
      kSaySmallerForms == 1 || (kSaySmallerForms == 0 && !detail::kHasManyCells<typename S::Value>),
      "a function that returns many cells has to say in its row what to call when its result is too "
      "large: add facts::smaller_forms(as_rows, as_values) or facts::no_smaller_form");
  FunctionFacts all;
  (detail::take<F>(all, stated), ...);
  return all;
}

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
  FunctionFacts facts = {};
};

template <auto F, class... Facts>
FunctionInfo function_info(std::string_view name, Facts... stated) {
  using S = Signature<decltype(F)>;
  FunctionInfo info{name,
                    {},
                    SqlType<typename S::Value>::name,
                    SqlType<typename S::Value>::nullable,
                    kSetOf<typename S::Value>,
                    facts_of<F>(stated...)};
  [&]<class... Args>(std::type_identity<std::tuple<Args...>>) {
    (info.arguments.push_back({SqlType<Args>::name, SqlType<Args>::nullable, SqlType<Args>::optional}), ...);
  }(std::type_identity<typename S::Arguments>{});
  return info;
}

}  // namespace geocell
