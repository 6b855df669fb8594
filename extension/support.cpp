// The planner support function of every set of cells: its number of rows, from the estimate that its row of
// the module's table names (geocell/function_info.hpp), where the arguments are known at planning.
#include <unordered_map>

#include "extension/datum.hpp"
#include "geocell/functions.hpp"

extern "C" {
#include "catalog/pg_type.h"
#include "nodes/nodeFuncs.h"
#include "nodes/supportnodes.h"
#include "optimizer/optimizer.h"
#include "utils/lsyscache.h"
}

namespace geocell::pg {
namespace {

constexpr double kNoEstimate = 0;

// The arguments of a call as the planner knows them; trivially destructible.
struct KnownCall {
  struct Argument {
    Oid type;
    Datum value;
    bool known;
  };
  Argument arguments[kMaxArguments];
  std::size_t count;

  bool knows(std::size_t i) const { return i < count && arguments[i].known; }
};

KnownCall read_call(SupportRequestRows* request) {
  KnownCall call = {};
  ListCell* cell;
  foreach (cell, castNode(FuncExpr, request->node)->args) {
    if (call.count == kMaxArguments) break;
    auto* node = static_cast<Node*>(lfirst(cell));
    KnownCall::Argument& argument = call.arguments[call.count++];
    argument.type = exprType(node);
    if (request->root != nullptr) node = estimate_expression_value(request->root, node);
    if (IsA(node, Const) && !castNode(Const, node)->constisnull) {
      argument.value = castNode(Const, node)->constvalue;
      argument.known = true;
    }
  }
  return call;
}

// One argument of an estimate. can_read(): what is known of the call suffices; read() in zone 1, get() in
// zone 2, as Argument does it in datum.hpp.
template <class T>
struct Known;

template <class T>
struct KnownPlain {
  using Raw = T;
  static bool can_read(const KnownCall& call, std::size_t i) { return call.knows(i); }
  static Result<T> get(Raw raw) { return raw; }
};
template <>
struct Known<std::int64_t> : KnownPlain<std::int64_t> {
  static Raw read(const KnownCall& call, std::size_t i) { return DatumGetInt64(call.arguments[i].value); }
};
template <>
struct Known<std::int32_t> : KnownPlain<std::int32_t> {
  static Raw read(const KnownCall& call, std::size_t i) { return DatumGetInt32(call.arguments[i].value); }
};
template <>
struct Known<std::string_view> : KnownPlain<std::string_view> {
  static Raw read(const KnownCall& call, std::size_t i) {
    const RawBytes raw = read_bytes(call.arguments[i].value);
    return {raw.data, raw.size};
  }
};

template <>
struct Known<Geometry> {
  struct Raw {
    RawBytes bytes;
    GeometryForm form;
  };
  // A geometry in another SRID is not transformed for a guess.
  static bool can_read(const KnownCall& call, std::size_t i) {
    if (!call.knows(i)) return false;
    return form_of(call, i) != GeometryForm::geometry ||
           is_lng_lat(as_bytes(read_bytes(call.arguments[i].value)));
  }
  static Raw read(const KnownCall& call, std::size_t i) {
    return {read_bytes(call.arguments[i].value), form_of(call, i)};
  }
  static Result<Geometry> get(const Raw& raw) { return read_geometry(raw.bytes, raw.form); }

 private:
  static GeometryForm form_of(const KnownCall& call, std::size_t i) {
    const Oid type = call.arguments[i].type;
    if (type == TEXTOID) return GeometryForm::text;
    return type == BYTEAOID ? GeometryForm::bytea : GeometryForm::geometry;
  }
};

template <>
struct Known<std::span<const std::int64_t>> {
  using Raw = std::span<const std::int64_t>;
  static bool can_read(const KnownCall& call, std::size_t i) {
    return call.knows(i) && !array_contains_nulls(DatumGetArrayTypeP(call.arguments[i].value));
  }
  static Raw read(const KnownCall& call, std::size_t i) {
    ArrayType* array = DatumGetArrayTypeP(call.arguments[i].value);
    return {reinterpret_cast<const std::int64_t*>(ARR_DATA_PTR(array)),
            static_cast<std::size_t>(ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array)))};
  }
  static Result<Raw> get(Raw raw) { return raw; }
};

// Empty when it is left out.
template <class T>
struct Known<std::optional<T>> {
  struct Raw {
    bool given;
    typename Known<T>::Raw raw;
  };
  static bool can_read(const KnownCall& call, std::size_t i) { return i >= call.count || call.knows(i); }
  static Raw read(const KnownCall& call, std::size_t i) {
    if (!call.knows(i)) return {};
    return {true, Known<T>::read(call, i)};
  }
  static Result<std::optional<T>> get(const Raw& raw) {
    if (!raw.given) return std::optional<T>();
    const Result<T> value = Known<T>::get(raw.raw);
    if (!value.ok()) return value.error();
    return std::optional<T>(*value);
  }
};

// Empty when it is left out or not known.
template <class T>
struct Known<Nullable<T>> : Known<std::optional<T>> {
  using Base = Known<std::optional<T>>;
  static bool can_read(const KnownCall&, std::size_t) { return true; }
  static Result<Nullable<T>> get(const typename Base::Raw& raw) {
    const Result<std::optional<T>> value = Base::get(raw);
    if (!value.ok()) return value.error();
    return Nullable<T>{*value};
  }
};

template <class... Args>
double apply(double (*estimate)(Args...), const KnownCall& call) {
  return [&]<std::size_t... I>(std::index_sequence<I...>) {
    if (!(Known<std::remove_cvref_t<Args>>::can_read(call, I) && ...)) return kNoEstimate;
    const std::tuple raws{Known<std::remove_cvref_t<Args>>::read(call, I)...};
    const auto outcome = run_core([estimate, &raws]() -> Result<double> {
      const std::tuple arguments{Known<std::remove_cvref_t<Args>>::get(std::get<I>(raws))...};
      if (!(std::get<I>(arguments).ok() && ...)) return kNoEstimate;
      return estimate(*std::get<I>(arguments)...);
    });
    return outcome.failed ? kNoEstimate : outcome.value;
  }
  (std::index_sequence_for<Args...>{});
}

// The estimates by SQL name, made once a process. Zone 2.
const std::unordered_map<std::string_view, RowEstimate>& estimates() {
  static const auto all = [] {
    std::unordered_map<std::string_view, RowEstimate> map;
    for (const FunctionInfo& info : functions()) map.emplace(info.name, info.facts.rows);
    return map;
  }();
  return all;
}

double estimate_rows(const char* function, const KnownCall& call) {
  const auto rows = run_core([function]() -> Result<RowEstimate> {
    const auto found = estimates().find(function);
    return found == estimates().end() ? RowEstimate{} : found->second;
  });
  if (rows.failed) return kNoEstimate;
  return std::visit(
      [&call]<class Estimate>(Estimate estimate) {
        if constexpr (std::is_same_v<Estimate, std::monostate>) {
          return kNoEstimate;
        } else {
          return apply(estimate, call);
        }
      },
      rows.value);
}

Datum cells_support(FunctionCallInfo fcinfo) {
  auto* node = reinterpret_cast<Node*>(PG_GETARG_POINTER(0));
  if (!IsA(node, SupportRequestRows)) PG_RETURN_POINTER(nullptr);
  auto* request = reinterpret_cast<SupportRequestRows*>(node);
  if (request->node == nullptr || !IsA(request->node, FuncExpr)) PG_RETURN_POINTER(nullptr);
  const char* function = get_func_name(request->funcid);
  const double rows = function == nullptr ? kNoEstimate : estimate_rows(function, read_call(request));
  if (rows < 1) PG_RETURN_POINTER(nullptr);
  request->rows = rows;
  PG_RETURN_POINTER(request);
}

}  // namespace
}  // namespace geocell::pg

#pragma GCC visibility push(default)
extern "C" {
PG_FUNCTION_INFO_V1(geocell_cells_support);
Datum geocell_cells_support(PG_FUNCTION_ARGS) { return geocell::pg::cells_support(fcinfo); }
}
#pragma GCC visibility pop
