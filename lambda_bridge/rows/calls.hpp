// A core function called with a row of JSON values: everything is derived from its C++ signature. Included by
// the generated unit of each module (module_calls.cpp.in) alone.
#pragma once

#include <algorithm>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "geocell/function_info.hpp"
#include "lambda_bridge/rows/dispatch.hpp"

namespace geocell::bridge {

// What reading an argument comes to.
enum class Reading : std::uint8_t {
  value,    // the slot has it
  null,     // it is NULL, and so is the function's result
  invalid,  // the slot does not hold it; `error` says why
};

// Reads one argument of a row and keeps what it owns until the call is done.
template <class T>
struct Slot {
  typename Argument<T>::Stored stored{};

  // Sets `error` if it returns Reading::invalid, and only then.
  Reading read(std::span<const Element> arguments, std::size_t index, Error& error) {
    if (arguments[index].is_null()) return Reading::null;
    auto value = Argument<T>::read(arguments[index]);
    if (!value) {
      error = std::move(value.error());
      return Reading::invalid;
    }
    stored = std::move(*value);
    return Reading::value;
  }
  const typename Argument<T>::Stored& value() const { return stored; }
};

template <class T>
struct Slot<std::optional<T>> {
  Slot<T> slot;
  bool given = false;

  Reading read(std::span<const Element> arguments, std::size_t index, Error& error) {
    given = index < arguments.size();
    return given ? slot.read(arguments, index, error) : Reading::value;
  }
  std::optional<T> value() const { return given ? std::optional<T>(slot.value()) : std::nullopt; }
};

template <class T>
struct Slot<Nullable<T>> {
  Slot<T> slot;
  bool given = false;

  Reading read(std::span<const Element> arguments, std::size_t index, Error& error) {
    const Reading reading = slot.read(arguments, index, error);
    given = reading == Reading::value;
    return reading == Reading::null ? Reading::value : reading;
  }
  Nullable<T> value() const { return {given ? std::optional<T>(slot.value()) : std::nullopt}; }
};

// Out of line, so that the code of each function is that of its good rows.
[[gnu::noinline, gnu::cold]] inline Result<void> failed(Error& error) { return std::move(error); }

template <auto F, class... Args, std::size_t... I>
Result<void> call_typed(const CallContext& context, [[maybe_unused]] std::span<const Element> arguments,
                        TextBuffer& out, std::type_identity<std::tuple<Args...>>, std::index_sequence<I...>) {
  using S = Signature<decltype(F)>;
  [[maybe_unused]] std::tuple<Slot<Args>...> slots;
  Reading reading = Reading::value;
  [[maybe_unused]] Error error;
  (void)((reading = std::get<I>(slots).read(arguments, I, error), reading == Reading::value) && ...);
  if (reading != Reading::value) [[unlikely]] {
    if (reading == Reading::invalid) return failed(error);
    out += "null";
    return {};
  }
  auto result = S::call(F, context, std::get<I>(slots).value()...);
  if (!result) [[unlikely]]
    return failed(result.error());
  if constexpr (std::is_same_v<typename S::Value, CellStream>) {
    return append_value(out, *result, context);
  } else {
    append_value(out, *result);
    return {};
  }
}

template <auto F>
Result<void> call(const CallContext& context, std::span<const Element> arguments, TextBuffer& out) {
  using Arguments = typename Signature<decltype(F)>::Arguments;
  return call_typed<F>(context, arguments, out, std::type_identity<Arguments>{},
                       std::make_index_sequence<std::tuple_size_v<Arguments>>{});
}

// A call walks a geometry, and its result is long: comparing a row with those before it costs next to
// nothing.
template <class S>
inline constexpr bool kRepeatsPay = []<class... Args>(std::type_identity<std::tuple<Args...>>) {
  return (std::is_same_v<Args, Geometry> || ...) && SqlType<typename S::Value>::name.ends_with("[]");
}(std::type_identity<typename S::Arguments>{});

template <class Arguments>
inline constexpr std::size_t kMinArguments = 0;
template <class... Args>
inline constexpr std::size_t kMinArguments<std::tuple<Args...>> = (std::size_t{0} + ... +
                                                                   (SqlType<Args>::optional ? 0 : 1));

// Bit i: argument i is a double.
template <class Arguments>
inline constexpr unsigned kDoubles = 0;
template <class... Args>
inline constexpr unsigned kDoubles<std::tuple<Args...>> = [] {
  unsigned doubles = 0, bit = 1;
  ((doubles |= SqlType<Args>::name == "double precision" ? bit : 0, bit <<= 1), ...);
  return doubles;
}();

template <auto F, class... Facts>
constexpr Function function(std::string_view name, Facts... facts) {
  using S = Signature<decltype(F)>;
  using Arguments = typename S::Arguments;
  return {name,
          kMinArguments<Arguments>,
          std::tuple_size_v<Arguments>,
          kDoubles<Arguments>,
          kRepeatsPay<S>,
          facts_of<F>(facts...).smaller_forms.as_values,
          &call<F>};
}

}  // namespace geocell::bridge
