// One SQL call of a core function: the three zones of guard.hpp put together. Everything is derived from the
// C++ signature; the same code serves all arities (trailing std::optional) and, for cells, array and set.
#pragma once

#include "datum.hpp"
#include "geocell/signature.hpp"
#include "geocell/workspace.hpp"

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

// A C++ object that PostgreSQL's memory context owns through a callback, which runs however the work ends:
// read to the end, LIMIT, error, cancel. Made empty, so that nothing can fail once there is something to own.
template <class T>
struct Owned {
  MemoryContextCallback callback;
  T* object;

  static Owned* create(MemoryContext context) {
    auto* owned = static_cast<Owned*>(MemoryContextAllocZero(context, sizeof(Owned)));
    owned->callback.func = [](void* self) { delete static_cast<Owned*>(self)->object; };
    owned->callback.arg = owned;
    MemoryContextRegisterResetCallback(context, &owned->callback);
    return owned;
  }
};

// A set between its rows: what makes it, and some rows ahead.
struct CellSet {
  explicit CellSet(CellStream cells) : stream(std::move(cells)) {}
  explicit CellSet(CellRuns cells) : stream(std::move(cells)) {}
  CellStream stream;
  std::size_t next = 0;
  std::size_t end = 0;
  std::array<std::int64_t, 512> ids;
};
struct RangeSet {
  explicit RangeSet(std::vector<CellRange> all) : ranges(std::move(all)) {}
  std::vector<CellRange> ranges;
  std::size_t next = 0;
};
template <class Value>
using SetOf = std::conditional_t<std::is_same_v<Value, std::vector<CellRange>>, RangeSet, CellSet>;

// What calls of one function in one query leave for each other. nullptr where there is nobody to keep it.
inline Workspace* kept_workspace(FmgrInfo* function) {
  if (function == nullptr || function->fn_mcxt == nullptr) return nullptr;
  if (function->fn_extra == nullptr) function->fn_extra = Owned<Workspace>::create(function->fn_mcxt);
  auto* owned = static_cast<Owned<Workspace>*>(function->fn_extra);
  if (owned->object == nullptr) {
    owned->object = call_core([]() -> Result<Workspace*> { return new Workspace; });
  }
  return owned->object;
}

}  // namespace detail

// Results that exist as sets alone.
template <class Value>
inline constexpr bool kIsOnlySet =
    std::is_same_v<Value, CellStream> || std::is_same_v<Value, std::vector<CellRange>>;

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

  using Set = detail::SetOf<Value>;

  static Datum next_row(FunctionCallInfo fcinfo) {
    if (SRF_IS_FIRSTCALL()) {
      FuncCallContext* call = SRF_FIRSTCALL_INIT();
      if constexpr (std::is_same_v<Set, detail::RangeSet>) {
        const MemoryContext before = MemoryContextSwitchTo(call->multi_call_memory_ctx);
        TupleDesc row;
        if (get_call_result_type(fcinfo, nullptr, &row) != TYPEFUNC_COMPOSITE || row->natts != 3) {
          raise(ErrorCode::internal, "the install script declares another row type");
        }
        call->tuple_desc = BlessTupleDesc(row);
        MemoryContextSwitchTo(before);
      }
      auto* state = detail::Owned<Set>::create(call->multi_call_memory_ctx);
      call->user_fctx = state;
      if (!Call::any_null(fcinfo, Indexes{})) {
        const auto raws = Call::read(fcinfo, Indexes{});
        const CallContext context = call_context(std::numeric_limits<std::uint64_t>::max());
        state->object = call_core([&context, &raws]() -> Result<Set*> {
          Result<Value> rows = Call::call(context, raws, Indexes{});
          if (!rows.ok()) return std::move(rows.error());
          return new Set(std::move(*rows));
        });
        Call::release(raws, Indexes{});
      }
    }
    FuncCallContext* call = SRF_PERCALL_SETUP();
    Set* set = static_cast<detail::Owned<Set>*>(call->user_fctx)->object;
    if (set == nullptr) SRF_RETURN_DONE(call);
    if constexpr (std::is_same_v<Set, detail::RangeSet>) {
      if (set->next == set->ranges.size()) SRF_RETURN_DONE(call);
      const CellRange range = set->ranges[set->next++];
      Datum values[] = {Int64GetDatum(range.first), Int64GetDatum(range.last), BoolGetDatum(range.interior)};
      bool nulls[] = {false, false, false};
      SRF_RETURN_NEXT(call, HeapTupleGetDatum(heap_form_tuple(call->tuple_desc, values, nulls)));
    } else {
      if (set->next == set->end) {
        const CallContext context = call_context(std::numeric_limits<std::uint64_t>::max());
        set->next = 0;
        set->end = call_core([&context, set] { return set->stream.read(context, set->ids); });
        if (set->end == 0) SRF_RETURN_DONE(call);
      }
      SRF_RETURN_NEXT(call, Int64GetDatum(set->ids[set->next++]));
    }
  }

 public:
  static constexpr bool kGeometry =
      detail::kAnyGeometry<typename S::Arguments> || detail::kIsGeometry<PlainValue>;

  static Datum call(FunctionCallInfo fcinfo) {
    if constexpr (!kSetOf<Value>.empty()) {
      if (fcinfo->flinfo->fn_retset) return next_row(fcinfo);
    }
    if constexpr (kIsOnlySet<Value>) {
      raise(ErrorCode::internal, "the install script declares another result");
    } else {
      return one_value(fcinfo);
    }
  }

 private:
  static Datum one_value(FunctionCallInfo fcinfo) {
    if (Call::any_null(fcinfo, Indexes{})) PG_RETURN_NULL();
    const auto raws = Call::read(fcinfo, Indexes{});
    CallContext context = call_context(kMaxArrayCells);
    if constexpr (S::takes_context) context.workspace = detail::kept_workspace(fcinfo->flinfo);
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
