#include "extension/lng_lat.hpp"

#include "extension/function_state.hpp"
#include "extension/guard.hpp"

extern "C" {
#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "nodes/value.h"
#include "parser/parse_func.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
}

namespace geocell::pg {

Datum transform_to_lng_lat(FunctionCallInfo fcinfo, int i, Datum geometry) {
  FunctionState& state = FunctionState::of(fcinfo->flinfo);
  if (state.st_transform == nullptr) {
    const Oid argument_type = getBaseType(get_fn_expr_argtype(fcinfo->flinfo, i));
    const Oid member_type = get_element_type(argument_type);
    const Oid type = OidIsValid(member_type) ? member_type : argument_type;
    HeapTuple tuple = SearchSysCache1(TYPEOID, ObjectIdGetDatum(type));
    if (!HeapTupleIsValid(tuple)) raise(ErrorCode::internal, "cannot tell the type of the geometry argument");
    char* schema = get_namespace_name(reinterpret_cast<Form_pg_type>(GETSTRUCT(tuple))->typnamespace);
    ReleaseSysCache(tuple);
    const Oid argument_types[] = {type, INT4OID};
    List* name = list_make2(makeString(schema), makeString(pstrdup("st_transform")));
    const Oid function = LookupFuncName(name, lengthof(argument_types), argument_types, false);
    const MemoryContext context = fcinfo->flinfo->fn_mcxt;
    auto* looked_up = static_cast<FmgrInfo*>(MemoryContextAllocZero(context, sizeof(FmgrInfo)));
    fmgr_info_cxt(function, looked_up, context);
    state.st_transform = looked_up;
  }
  return FunctionCall2(state.st_transform, geometry, Int32GetDatum(kLngLatSrid));
}

}  // namespace geocell::pg
