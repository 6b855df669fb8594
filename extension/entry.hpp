// One SQL call of a core function: the three zones of guard.hpp put together. Everything is derived from the
// C++ signature; the same code serves all arities (trailing std::optional) and, for cells, array and set.
#pragma once

#include "datum.hpp"
#include "geocell/signature.hpp"

namespace geocell::pg {

namespace detail {

template <class T>
inline constexpr bool kIsGeometry = std::is_same_v<T, Geometry>;
template <class Tuple>
inline constexpr bool kAnyGeometry = false;
template <class... Args>
inline constexpr bool kAnyGeometry<std::tuple<Args...>> = (kIsGeometry<Args> || ...);

template <class T>
struct WithoutOptional {
  using type = T;
};
template <class T>
struct WithoutOptional<std::optional<T>> {
  using type = T;
};

// SQL NULL for Writer's Datum.
struct NullableDatumValue {
  Datum value;
  bool is_null;
};

// The state of a set between its rows. It lives in PostgreSQL's memory and owns the C++ object through a
// callback, which runs however the set ends: read to the end, LIMIT, error, cancel.
struct SetState {
  struct Walk {
    explicit Walk(CellRuns all) : cells(std::move(all)), cursor(cells) {}
    const CellRuns cells;
    CellRuns::Cursor cursor;
  };
  MemoryContextCallback callback;
  Walk* walk;

  static SetState* create(MemoryContext context) {
    auto* state = static_cast<SetState*>(MemoryContextAllocZero(context, sizeof(SetState)));
    state->callback.func = [](void* self) { delete static_cast<SetState*>(self)->walk; };
    state->callback.arg = state;
    MemoryContextRegisterResetCallback(context, &state->callback);
    return state;
  }
};

}  // namespace detail

template <auto F, GeometryForm Form>
class Entry {
  using S = Signature<decltype(F)>;
  using Value = typename S::Value;
  using PlainValue = typename detail::WithoutOptional<Value>::type;

  template <class Tuple>
  struct For;
  template <class... Args>
  struct For<std::tuple<Args...>> {
    using Raws = std::tuple<typename Argument<Args, Form>::Raw...>;
    static_assert((std::is_trivially_destructible_v<typename Argument<Args, Form>::Raw> && ...));
    using Indexes = std::index_sequence_for<Args...>;

    template <std::size_t... I>
    static bool any_null(FunctionCallInfo fcinfo, std::index_sequence<I...>) {
      return ((!kTakesNull<Args> && static_cast<int>(I) < PG_NARGS() && PG_ARGISNULL(I)) || ...);
    }
    template <std::size_t... I>
    static Raws read([[maybe_unused]] FunctionCallInfo fcinfo, std::index_sequence<I...>) {
      return Raws{Argument<Args, Form>::read(fcinfo, static_cast<int>(I))...};
    }
    template <std::size_t... I>
    static Result<Value> call([[maybe_unused]] const CallContext& context, [[maybe_unused]] const Raws& raws,
                              std::index_sequence<I...>) {
      std::optional<Error> error;
      const std::tuple<Args...> args{Argument<Args, Form>::get(std::get<I>(raws), error)...};
      if (error) return *std::move(error);
      if constexpr (S::takes_context) {
        return F(context, std::get<I>(args)...);
      } else {
        return F(std::get<I>(args)...);
      }
    }
    template <std::size_t... I>
    static void release([[maybe_unused]] const Raws& raws, std::index_sequence<I...>) {
      (Argument<Args, Form>::release(std::get<I>(raws)), ...);
    }
  };
  using Call = For<typename S::Arguments>;
  using Indexes = typename Call::Indexes;

  static Result<detail::NullableDatumValue> write(const PlainValue& value) {
    Result<Datum> datum = Writer<PlainValue, Form>::write(value);
    if (!datum.ok()) return std::move(datum.error());
    return detail::NullableDatumValue{*datum, false};
  }
  static Result<detail::NullableDatumValue> write(const std::optional<PlainValue>& value) {
    if (!value) return detail::NullableDatumValue{0, true};
    return write(*value);
  }

  static Datum next_cell(FunctionCallInfo fcinfo) {
    if (SRF_IS_FIRSTCALL()) {
      FuncCallContext* set = SRF_FIRSTCALL_INIT();
      auto* state = detail::SetState::create(set->multi_call_memory_ctx);
      set->user_fctx = state;
      if (!Call::any_null(fcinfo, Indexes{})) {
        const auto raws = Call::read(fcinfo, Indexes{});
        const CallContext context = call_context(std::numeric_limits<std::uint64_t>::max());
        state->walk = call_core([&context, &raws]() -> Result<detail::SetState::Walk*> {
          Result<Value> cells = Call::call(context, raws, Indexes{});
          if (!cells.ok()) return std::move(cells.error());
          return new detail::SetState::Walk(std::move(*cells));
        });
        Call::release(raws, Indexes{});
      }
    }
    FuncCallContext* set = SRF_PERCALL_SETUP();
    auto* walk = static_cast<detail::SetState*>(set->user_fctx)->walk;
    if (walk != nullptr) {
      if (const std::optional<std::int64_t> cell = walk->cursor.next()) {
        SRF_RETURN_NEXT(set, Int64GetDatum(*cell));
      }
    }
    SRF_RETURN_DONE(set);
  }

 public:
  static constexpr bool kGeometry =
      detail::kAnyGeometry<typename S::Arguments> || detail::kIsGeometry<PlainValue>;

  static Datum call(FunctionCallInfo fcinfo) {
    if constexpr (std::is_same_v<Value, CellRuns>) {
      if (fcinfo->flinfo->fn_retset) return next_cell(fcinfo);
    }
    if (Call::any_null(fcinfo, Indexes{})) PG_RETURN_NULL();
    const auto raws = Call::read(fcinfo, Indexes{});
    const CallContext context = call_context(kMaxArrayCells);
    const auto result = call_core([&context, &raws]() -> Result<detail::NullableDatumValue> {
      const Result<Value> value = Call::call(context, raws, Indexes{});
      if (!value.ok()) return value.error();
      return write(*value);
    });
    Call::release(raws, Indexes{});
    if (result.is_null) PG_RETURN_NULL();
    return result.value;
  }
};

// The C function behind a symbol. Every function gets every symbol, since a macro cannot tell which make
// sense; the install scripts use those that do.
template <auto F, GeometryForm Form>
Datum call(FunctionCallInfo fcinfo) {
  if constexpr (Entry<F, Form>::kGeometry == (Form != GeometryForm::none)) {
    return Entry<F, Form>::call(fcinfo);
  } else {
    raise(ErrorCode::internal, "this function has no such form");
  }
}

}  // namespace geocell::pg
