// The planner support function of every set of cells: its number of rows,
// where the arguments are known at planning.
#include "datum.hpp"
#include "geocell/estimate.hpp"

extern "C" {
#include "catalog/pg_type.h"
#include "nodes/nodeFuncs.h"
#include "nodes/supportnodes.h"
#include "optimizer/optimizer.h"
#include "utils/lsyscache.h"
}

namespace geocell::pg {
namespace {

constexpr int kMaxArguments = 3;

// The arguments of a call as the planner knows them; trivially destructible.
struct KnownCall {
  struct Argument {
    Oid type;
    Datum value;
    bool known;
  };
  Argument arguments[kMaxArguments];
  int count;

  bool knows(int i) const { return i < count && arguments[i].known; }
  std::int64_t bigint(int i) const { return DatumGetInt64(arguments[i].value); }
  std::int32_t integer(int i) const { return DatumGetInt32(arguments[i].value); }
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

using EstimateCells = double (*)(std::int64_t, std::int32_t);
using EstimatePolyfill = double (*)(const Geometry&, std::int32_t, PolyfillMode);

double of_cell(const KnownCall& call, EstimateCells estimate) {
  return estimate(call.bigint(0), call.integer(1));
}

double of_polyfill(const KnownCall& call, EstimatePolyfill estimate) {
  const Oid type = call.arguments[0].type;
  GeometryForm form = GeometryForm::geometry;
  if (type == TEXTOID) form = GeometryForm::text;
  if (type == BYTEAOID) form = GeometryForm::bytea;
  const RawBytes bytes = read_bytes(call.arguments[0].value);
  if (form == GeometryForm::geometry && !is_lng_lat(as_bytes(bytes))) return 0;
  const bool has_mode = call.knows(2);
  const RawBytes mode_text = has_mode ? read_bytes(call.arguments[2].value) : RawBytes{};
  const std::int32_t resolution = call.integer(1);
  const auto outcome = run_core([&]() -> Result<double> {
    const Result<Geometry> geometry = read_geometry(bytes, form);
    if (!geometry.ok()) return geometry.error();
    Result<PolyfillMode> mode = PolyfillMode::center;
    if (has_mode) mode = parse_polyfill_mode({mode_text.data, mode_text.size});
    if (!mode.ok()) return mode.error();
    return estimate(*geometry, resolution, *mode);
  });
  return outcome.failed ? 0 : outcome.value;
}

double of_array(const KnownCall& call) {
  ArrayType* array = DatumGetArrayTypeP(call.arguments[0].value);
  if (array_contains_nulls(array)) return 0;
  const auto count = static_cast<std::size_t>(ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array)));
  return quadbin::estimate_uncompact({reinterpret_cast<const std::int64_t*>(ARR_DATA_PTR(array)), count},
                                     call.integer(1));
}

// 0: no estimate.
double estimate_rows(std::string_view function, const KnownCall& call) {
  if (!call.knows(0)) return 0;
  if (function == "s2_tochildren_cells" && call.count == 1) return 4;
  if (!call.knows(1)) return 0;
  if (function == "quadbin_tochildren_cells") return of_cell(call, &quadbin::estimate_children);
  if (function == "quadbin_kring_cells") return of_cell(call, &quadbin::estimate_k_ring);
  if (function == "quadbin_uncompact_cells") return of_array(call);
  if (function == "quadbin_polyfill_cells") return of_polyfill(call, &quadbin::estimate_polyfill);
  if (function == "s2_tochildren_cells") return of_cell(call, &s2::estimate_children);
  if (function == "s2_polyfill_cells") return of_polyfill(call, &s2::estimate_polyfill);
  return 0;
}

Datum cells_support(FunctionCallInfo fcinfo) {
  auto* node = reinterpret_cast<Node*>(PG_GETARG_POINTER(0));
  if (!IsA(node, SupportRequestRows)) PG_RETURN_POINTER(nullptr);
  auto* request = reinterpret_cast<SupportRequestRows*>(node);
  if (request->node == nullptr || !IsA(request->node, FuncExpr)) PG_RETURN_POINTER(nullptr);
  const char* function = get_func_name(request->funcid);
  const double rows = function == nullptr ? 0 : estimate_rows(function, read_call(request));
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
