// The symbols that the install scripts of both extensions name in their AS clauses:
//   geocell_<name>                                     functions without a geometry
//   geocell_<name>_text, _bytea, _geometry             functions with one: how it crosses
#include "extension/entry.hpp"
#include "geocell/functions.hpp"

#define GEOCELL_SYMBOL(symbol, callable, form)                                             \
  PG_FUNCTION_INFO_V1(symbol);                                                             \
  Datum symbol(PG_FUNCTION_ARGS) {                                                         \
    return geocell::pg::call<&geocell::callable, geocell::pg::GeometryForm::form>(fcinfo); \
  }
#define GEOCELL_SYMBOLS(sql_name, callable)                   \
  GEOCELL_SYMBOL(geocell_##sql_name, callable, none)          \
  GEOCELL_SYMBOL(geocell_##sql_name##_text, callable, text)   \
  GEOCELL_SYMBOL(geocell_##sql_name##_bytea, callable, bytea) \
  GEOCELL_SYMBOL(geocell_##sql_name##_geometry, callable, geometry)

// The library is compiled with hidden visibility, and PostgreSQL 15's PGDLLEXPORT is empty.
#pragma GCC visibility push(default)
extern "C" {
PG_MODULE_MAGIC;
GEOCELL_FUNCTIONS(GEOCELL_SYMBOLS)
}
#pragma GCC visibility pop
