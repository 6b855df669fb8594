// What a core function looks like from SQL: its C++ type, read as SQL types at compile time. The generator
// holds this against the YAML, and the engines use the same traits to move values in and out.
#pragma once

#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

#include "geocell/cells.hpp"
#include "geocell/sql_types.hpp"
#include "geocell/status.hpp"

namespace geocell {

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
