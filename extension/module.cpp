// What PostgreSQL looks for when it loads the library. The functions are in the units that CMake makes of the
// modules' tables (module_symbols.cpp.in), the planner's in support.cpp.
#include "extension/postgres.hpp"

// The library is compiled with hidden visibility, and PostgreSQL 15's PGDLLEXPORT is empty.
#pragma GCC visibility push(default)
extern "C" {
PG_MODULE_MAGIC;
}
#pragma GCC visibility pop
