// One SQL call of a core function: the three zones of guard.hpp put together. Everything is derived from the
// C++ signature; the same code serves all arities (trailing std::optional) and, for cells, array and set.
#pragma once

#include "extension/datum.hpp"
#include "extension/function_state.hpp"
#include "geocell/function_info.hpp"

namespace geocell::pg {

namespace detail {

template <class T>
inline constexpr bool kIsGeometry = std::is_same_v<T, Geometry> || std::is_same_v<T, std::vector<Geometry>>;
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

// A set between its rows: what makes it, and some rows ahead.
struct CellSet {
  explicit CellSet(CellStream cells) : stream(std::move(cells)) {}
  explicit CellSet(CellRuns cells) : stream(std::move(cells)) {}
  CellStream stream;
  std::array<std::int64_t, 512> ids;
};
struct RangeSet {
  explicit RangeSet(std::vector<CellRange> all) : ranges(std::move(all)) {}
  std::vector<CellRange> ranges;
  const CellRange* next = ranges.data();
  const CellRange* end = next + ranges.size();
};
template <class Value>
using SetOf = std::conditional_t<std::is_same_v<Value, std::vector<CellRange>>, RangeSet, CellSet>;

// Zone 1. nullptr when no FmgrInfo can own it.
inline Workspace* kept_workspace(FmgrInfo* function) {
  if (function == nullptr || function->fn_mcxt == nullptr) return nullptr;
  FunctionState& state = FunctionState::of(function);
  if (state.workspace == nullptr) {
    state.workspace = call_core([]() -> Result<Workspace*> { return new Workspace; });
  }
  return state.workspace;
}

[[noreturn, gnu::noinline, gnu::cold]] inline void raise_other_result() {
  raise(ErrorCode::internal, "the install script declares another result");
}

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
    static Result<Value> call(const CallContext& context, [[maybe_unused]] const Raws& raws,
                              std::index_sequence<I...>) {
      [[maybe_unused]] std::optional<Error> error;
      [[maybe_unused]] const std::tuple<Args...> args{Argument<Args, Form>::get(std::get<I>(raws), error)...};
      if (error) return *std::move(error);
      return S::call(F, context, std::get<I>(args)...);
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

  // The next row of a set, one a call (PostgreSQL's value-per-call mode). The executor spends some 20 ns on
  // each, so the path of a cell that was read ahead matters: it calls nothing and touches no stack.
  static Datum next_row(FunctionCallInfo fcinfo) {
    if constexpr (std::is_same_v<Set, detail::CellSet>) {
      auto* state = static_cast<FunctionState*>(fcinfo->flinfo->fn_extra);
      if (state != nullptr && state->next_cell != state->end_of_cells) [[likely]] {
        reinterpret_cast<ReturnSetInfo*>(fcinfo->resultinfo)->isDone = ExprMultipleResult;
        return Int64GetDatum(*state->next_cell++);
      }
    }
    return read_row(fcinfo);
  }

  [[gnu::noinline]] static Datum read_row(FunctionCallInfo fcinfo) {
    auto* state = static_cast<FunctionState*>(fcinfo->flinfo->fn_extra);
    if (state == nullptr || state->set == nullptr) state = begin_set(fcinfo);
    auto* result = reinterpret_cast<ReturnSetInfo*>(fcinfo->resultinfo);
    result->isDone = ExprMultipleResult;
    if (auto* set = static_cast<Set*>(state->set); set == nullptr) {
      // an argument is NULL: no rows
    } else if constexpr (std::is_same_v<Set, detail::RangeSet>) {
      if (set->next != set->end) {
        const CellRange& range = *set->next++;
        Datum values[] = {Int64GetDatum(range.first), Int64GetDatum(range.last),
                          BoolGetDatum(range.interior)};
        bool nulls[] = {false, false, false};
        return HeapTupleGetDatum(heap_form_tuple(state->row_type, values, nulls));
      }
    } else {
      const CallContext context = call_context(std::numeric_limits<std::uint64_t>::max());
      const std::size_t count = call_core([&context, set] { return set->stream.read(context, set->ids); });
      if (count != 0) {
        state->next_cell = set->ids.data();
        state->end_of_cells = state->next_cell + count;
        return Int64GetDatum(*state->next_cell++);
      }
    }
    state->end_set();
    result->isDone = ExprEndResult;
    PG_RETURN_NULL();
  }

  // The state, with a set where the arguments are not NULL.
  static FunctionState* begin_set(FunctionCallInfo fcinfo) {
    auto* result = reinterpret_cast<ReturnSetInfo*>(fcinfo->resultinfo);
    if (result == nullptr || !IsA(result, ReturnSetInfo) || (result->allowedModes & SFRM_ValuePerCall) == 0) {
      raise(ErrorCode::unsupported, "set-valued function called in context that cannot accept a set");
    }
    FunctionState& state = FunctionState::of(fcinfo->flinfo);
    if constexpr (std::is_same_v<Set, detail::RangeSet>) {
      if (state.row_type == nullptr) keep_row_type(fcinfo, state);
    }
    if (Call::any_null(fcinfo, Indexes{})) return &state;
    state.watch(result->econtext);
    state.delete_set = [](void* set) { delete static_cast<Set*>(set); };
    const auto raws = Call::read(fcinfo, Indexes{});
    CallContext context = call_context(std::numeric_limits<std::uint64_t>::max());
    if constexpr (S::takes_context) context.workspace = detail::kept_workspace(fcinfo->flinfo);
    state.set = call_core([&context, &raws]() -> Result<Set*> {
      Result<Value> rows = Call::call(context, raws, Indexes{});
      if (!rows.ok()) return std::move(rows.error());
      return new Set(std::move(*rows));
    });
    Call::release(raws, Indexes{});
    return &state;
  }

  static void keep_row_type(FunctionCallInfo fcinfo, FunctionState& state) {
    const MemoryContext before = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);
    TupleDesc row;
    if (get_call_result_type(fcinfo, nullptr, &row) != TYPEFUNC_COMPOSITE || row->natts != 3) {
      raise(ErrorCode::internal, "the install script declares another row type");
    }
    state.row_type = BlessTupleDesc(row);
    MemoryContextSwitchTo(before);
  }

 public:
  static constexpr bool kGeometry =
      detail::kAnyGeometry<typename S::Arguments> || detail::kIsGeometry<PlainValue>;

  static_assert(
      kGeometry == (Form != GeometryForm::none),
      "a function that takes or returns a geometry, and no other, is a GEOCELL_GEOMETRY_FUNCTION in its "
      "module's table");

  // The C function behind a symbol. Its row says whether SQL has it return a set.
  template <bool IsSet>
  static Datum call(FunctionCallInfo fcinfo, [[maybe_unused]] const SmallerForms& smaller_forms) {
    if constexpr (!kSetOf<Value>.empty()) {
      if (fcinfo->flinfo->fn_retset != IsSet) [[unlikely]]
        detail::raise_other_result();
    }
    if constexpr (IsSet) {
      return next_row(fcinfo);
    } else {
      return one_value(fcinfo, smaller_forms);
    }
  }

 private:
  static Datum one_value(FunctionCallInfo fcinfo, const SmallerForms& smaller_forms) {
    if (Call::any_null(fcinfo, Indexes{})) PG_RETURN_NULL();
    const auto raws = Call::read(fcinfo, Indexes{});
    CallContext context = call_context(kMaxArrayCells);
    context.smaller_form = smaller_forms.as_rows;
    if constexpr (S::takes_context) context.workspace = detail::kept_workspace(fcinfo->flinfo);
    const auto result = call_core([&context, &raws]() -> Result<detail::NullableDatumValue> {
      const Result<Value> value = Call::call(context, raws, Indexes{});
      if (!value.ok()) return value.error();
      return write(*value);
    });
    Call::release(raws, Indexes{});
    if (result.is_null) PG_RETURN_NULL();
    if constexpr (requires { Writer<PlainValue, Form>::finish(fcinfo, result.value); }) {
      return Writer<PlainValue, Form>::finish(fcinfo, result.value);
    } else {
      return result.value;
    }
  }
};

}  // namespace geocell::pg
