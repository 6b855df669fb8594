// The golden vectors: tests/golden/<module>/<function>.json, shared by the core,
// the extension and the bridge.
//
//   {"function": "quadbin_toparent", "source": "where the expected values come from",
//    "cases": [{"args": [5207251884775047167, 3], "result": 5202783469519765503},
//              {"args": [5207251884775047167, 27], "error": "Invalid resolution \"27\"; should be …"},
//              {"args": [null, 3], "result": null}]}
//
// A geometry is WKT, hex EWKB or GeoJSON text as an argument, and WKT (SRID 4326) as a result. NaN and
// infinities as arguments are the strings "NaN", "Infinity", "-Infinity". "ulps": n in a case allows double
// results to be n ulps off (where libm may differ); without it doubles are equal bit for bit.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace geocell::test {

struct GoldenCase {
  std::string function;
  nlohmann::json args;                   // an array
  std::optional<nlohmann::json> result;  // JSON null: SQL NULL; exactly one of result and error is set
  std::optional<std::string> error;
  int ulps = 0;
  std::string where;  // "quadbin/quadbin_toparent.json case 3", for messages
};

// All cases of all files, in a fixed order. A malformed file throws: it must fail the test run.
std::vector<GoldenCase> load_golden_cases();

}  // namespace geocell::test
