// The value types of SQL for which C++ has no type of its own. signature.hpp maps each to its SQL type, and
// beside them the plain ones (std::int64_t, std::int32_t, double, bool, std::string, std::string_view).
#pragma once

#include <optional>
#include <string>

namespace geocell {

// One JSON document, as text, in the spelling of Python's json.dumps: {"z": 4, "x": 9}, [1, 2].
struct Json {
  std::string text;
};

// An argument that may be SQL NULL. Every other argument is never NULL: the engine answers NULL before the
// call.
template <class T>
struct Nullable {
  std::optional<T> value;
};

}  // namespace geocell
