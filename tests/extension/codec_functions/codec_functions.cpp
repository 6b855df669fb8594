// Functions of the types that the next modules need, through the extension's own codecs. Not installed:
// codec_test.cpp declares them.
#include <numeric>

#include "extension/entry.hpp"

namespace geocell {
namespace {

struct Summary {
  std::int64_t count;
  double west_deg;
  std::optional<std::string> first;
};

}  // namespace

template <>
struct Record<Summary> {
  // Unused here: the generator spells types by them.
  [[maybe_unused]] static constexpr std::string_view name = "summary";
  [[maybe_unused]] static constexpr std::string_view array_name = "summary[]";
  static constexpr std::tuple columns{Column{"count", &Summary::count},
                                      Column{"west_deg", &Summary::west_deg},
                                      Column{"first", &Summary::first}};
};

namespace {

double sum(std::span<const double> values) { return std::accumulate(values.begin(), values.end(), 0.0); }

std::vector<Geometry> reversed(const std::vector<Geometry>& geometries) {
  return {geometries.rbegin(), geometries.rend()};
}

// Of a set of points; an error for anything else.
Result<std::optional<Summary>> summary(const std::vector<Geometry>& geometries) {
  if (geometries.empty()) return std::optional<Summary>();
  Summary summary{static_cast<std::int64_t>(geometries.size()), 180, {}};
  for (const Geometry& geometry : geometries) {
    if (const auto checked = require_lng_lat(geometry); !checked) return checked.error();
    if (geometry.empty()) continue;
    if (!summary.first) summary.first = write_wkt(geometry);
    summary.west_deg = std::min(summary.west_deg, geometry.points.front().lng_deg);
  }
  return std::optional(summary);
}

}  // namespace
}  // namespace geocell

#define GEOCELL_CODEC_FUNCTION(symbol, callable, form)                                     \
  PG_FUNCTION_INFO_V1(symbol);                                                             \
  Datum symbol(PG_FUNCTION_ARGS) {                                                         \
    using Entry = geocell::pg::Entry<&geocell::callable, geocell::pg::GeometryForm::form>; \
    return Entry::call<false>(fcinfo, {});                                                 \
  }

#pragma GCC visibility push(default)
extern "C" {
PG_MODULE_MAGIC;
GEOCELL_CODEC_FUNCTION(codec_sum, sum, none)
GEOCELL_CODEC_FUNCTION(codec_reversed_text, reversed, text)
GEOCELL_CODEC_FUNCTION(codec_reversed_bytea, reversed, bytea)
GEOCELL_CODEC_FUNCTION(codec_reversed_geometry, reversed, geometry)
GEOCELL_CODEC_FUNCTION(codec_summary_text, summary, text)
GEOCELL_CODEC_FUNCTION(codec_summary_geometry, summary, geometry)
}
#pragma GCC visibility pop
