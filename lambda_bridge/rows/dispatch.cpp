#include "lambda_bridge/rows/dispatch.hpp"

#include <algorithm>
#include <array>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "geocell/functions.hpp"

namespace geocell::bridge {
namespace {

// Reads one argument of a row and keeps what it owns until the call is done.
template <class T>
struct Slot {
  typename Argument<T>::Stored stored{};

  // False: the row's value is NULL, or `error` says what is wrong.
  bool read(std::span<const Element> arguments, std::size_t index, std::optional<Error>& error) {
    if (arguments[index].is_null()) return false;
    auto value = Argument<T>::read(arguments[index]);
    if (!value) {
      error = std::move(value.error());
      return false;
    }
    stored = std::move(*value);
    return true;
  }
  const typename Argument<T>::Stored& value() const { return stored; }
};

template <class T>
struct Slot<std::optional<T>> {
  Slot<T> slot;
  bool given = false;

  bool read(std::span<const Element> arguments, std::size_t index, std::optional<Error>& error) {
    given = index < arguments.size();
    return !given || slot.read(arguments, index, error);
  }
  std::optional<T> value() const { return given ? std::optional<T>(slot.value()) : std::nullopt; }
};

template <class T>
struct Slot<Nullable<T>> {
  Slot<T> slot;
  bool given = false;

  bool read(std::span<const Element> arguments, std::size_t index, std::optional<Error>& error) {
    given = slot.read(arguments, index, error);
    return !error;
  }
  Nullable<T> value() const { return {given ? std::optional<T>(slot.value()) : std::nullopt}; }
};

template <auto F, class... Args, std::size_t... I>
Result<void> call_typed([[maybe_unused]] const CallContext& context,
                        [[maybe_unused]] std::span<const Element> arguments, TextBuffer& out,
                        std::type_identity<std::tuple<Args...>>, std::index_sequence<I...>) {
  using S = Signature<decltype(F)>;
  [[maybe_unused]] std::tuple<Slot<Args>...> slots;
  std::optional<Error> error;
  if (!(std::get<I>(slots).read(arguments, I, error) && ...)) {
    if (error) return std::move(*error);
    out += "null";
    return {};
  }
  auto result = [&] {
    if constexpr (S::takes_context) {
      return F(context, std::get<I>(slots).value()...);
    } else {
      return F(std::get<I>(slots).value()...);
    }
  }();
  if constexpr (std::is_same_v<typename S::Value, CellStream>) {
    if (!result) return std::move(result.error());
    return append_value(out, *result, context);
  } else if constexpr (S::can_fail) {
    if (!result) return std::move(result.error());
    append_value(out, *result);
  } else {
    append_value(out, result);
  }
  return {};
}

template <auto F>
Result<void> call(const CallContext& context, std::span<const Element> arguments, TextBuffer& out) {
  using Arguments = typename Signature<decltype(F)>::Arguments;
  return call_typed<F>(context, arguments, out, std::type_identity<Arguments>{},
                       std::make_index_sequence<std::tuple_size_v<Arguments>>{});
}

template <auto F>
Function describe_function(std::string_view name) {
  const FunctionInfo info = function_info<F>(name);
  const auto is_optional = [](const ArgumentInfo& argument) { return argument.optional; };
  const auto optional = static_cast<std::size_t>(std::ranges::count_if(info.arguments, is_optional));
  const bool takes_geometry = std::ranges::any_of(
      info.arguments, [](const ArgumentInfo& argument) { return argument.type == "geometry"; });
  unsigned doubles = 0;
  for (std::size_t i = 0; i < info.arguments.size(); ++i) {
    if (info.arguments[i].type == "double precision") doubles |= 1U << i;
  }
  return {name,
          info.arguments.size() - optional,
          info.arguments.size(),
          doubles,
          takes_geometry && info.result_type.ends_with("[]"),
          &call<F>};
}

const std::unordered_map<std::string_view, Function>& table() {
  static const std::unordered_map<std::string_view, Function> functions = [] {
    std::unordered_map<std::string_view, Function> map;
#define GEOCELL_DISPATCH(sql_name, callable) map.emplace(#sql_name, describe_function<&callable>(#sql_name));
    GEOCELL_FUNCTIONS(GEOCELL_DISPATCH)
#undef GEOCELL_DISPATCH
    return map;
  }();
  return functions;
}

}  // namespace

const Function* find_function(std::string_view name) {
  const auto found = table().find(name);
  return found == table().end() ? nullptr : &found->second;
}

}  // namespace geocell::bridge
