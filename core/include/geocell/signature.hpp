// What a core function looks like from SQL: its C++ type, read as SQL types at compile time. The generator
// holds this against the YAML, and the engines use the same traits to move values in and out.
#pragma once

#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "geocell/call_context.hpp"
#include "geocell/cells.hpp"
#include "geocell/sql_types.hpp"
#include "geocell/status.hpp"
#include "geocell/values.hpp"

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
