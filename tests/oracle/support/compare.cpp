#include "tests/oracle/support/compare.hpp"

#include <algorithm>
#include <span>
#include <stdexcept>

#include "geocell/polyfill.hpp"
#include "geocell/quadbin.hpp"

namespace geocell::oracle {

namespace {

constexpr const char* kModeNames[] = {"center", "intersects", "contains"};

std::string only_in(const std::vector<std::int64_t>& some, const std::vector<std::int64_t>& others) {
  std::vector<std::int64_t> extra;
  std::ranges::set_difference(some, others, std::back_inserter(extra));
  std::string text = std::to_string(extra.size());
  for (std::size_t i = 0; i < extra.size() && i < 3; ++i) {
    const quadbin::Tile tile = quadbin::decode_unchecked(extra[i]);
    text += " " + std::to_string(extra[i]) + "=" + std::to_string(tile.z) + "/" + std::to_string(tile.x) +
            "/" + std::to_string(tile.y);
  }
  return text;
}

Geometry read(std::string_view wkb) {
  auto geometry = read_wkb(std::as_bytes(std::span(wkb)));
  if (!geometry) throw std::runtime_error("read_wkb: " + geometry.error().message);
  return std::move(*geometry);
}

}  // namespace

Answers core_polyfill(const Geometry& geometry, int resolution) {
  Answers answers;
  for (const PolyfillMode mode : {PolyfillMode::center, PolyfillMode::intersects, PolyfillMode::contains}) {
    auto cells = quadbin::polyfill_cells(CallContext{}, geometry, resolution, mode);
    if (!cells) throw std::runtime_error("polyfill_cells: " + cells.error().message);
    std::vector<std::int64_t>& ids = answers[static_cast<std::size_t>(mode)];
    ids.resize(cells->count());
    cells->fill(ids);
    if (ids != sorted_set(ids)) throw std::runtime_error("polyfill_cells: not ascending, or with duplicates");
  }
  return answers;
}

std::string difference(const Answers& left, const std::string& left_name, const Answers& right,
                       const std::string& right_name) {
  std::string text;
  for (std::size_t mode = 0; mode < left.size(); ++mode) {
    if (left[mode] == right[mode]) continue;
    text += std::string("  ") + kModeNames[mode] + ": only " + left_name + ": " +
            only_in(left[mode], right[mode]) + "; only " + right_name + ": " +
            only_in(right[mode], left[mode]) + "\n";
  }
  return text;
}

std::string Comparer::compare(const std::string& name, const GEOSGeometry* geos_geometry, int resolution,
                              Oracles oracles) {
  std::string differences, geos_differences;
  const auto tell = [&](const std::string& story) {
    return name + " at resolution " + std::to_string(resolution) + "\n" + story + "  " +
           geos_.to_wkt(geos_geometry) + "\n";
  };
  try {
    const Geometry geometry = read(geos_.to_wkb(geos_geometry));
    const Answers core = core_polyfill(geometry, resolution);
    const auto differ = [&](const Answers& answers, const char* oracle, Tally& tally) {
      ++tally.cases;
      for (const auto& ids : answers) tally.cells += ids.size();
      return difference(core, "core", answers, oracle);
    };
    const auto ask_geos = [&](GeosPath path, const char* oracle, Tally& tally) {
      try {
        geos_differences += differ(geos_.polyfill(geos_geometry, resolution, path), oracle, tally);
      } catch (const std::exception& error) {
        geos_differences += std::string("  ") + oracle + ": " + error.what() + "\n";
      }
    };
    const bool valid = (oracles.geos || oracles.plain_geos) && geos_.is_valid(geos_geometry);
    if (valid && oracles.geos) ask_geos(GeosPath::prepared, "GEOS", with_geos_);
    if (valid && oracles.plain_geos) ask_geos(GeosPath::plain, "plain GEOS", with_plain_geos_);
    if (oracles.exact) differences = differ(exact_polyfill(geometry, resolution), "exact", with_exact_);
  } catch (const std::exception& error) {
    differences += std::string("  ") + error.what() + "\n";
  }
  if (oracles.exact && differences.empty()) {
    if (!geos_differences.empty()) geos_flaws_.push_back(tell(geos_differences));
    return {};
  }
  differences += geos_differences;
  return differences.empty() ? std::string() : tell(differences);
}

std::string Comparer::compare(const shapes::Shape& shape, Oracles oracles) {
  return compare(shape.name, geos_.from_wkt(shape.wkt).get(), shape.resolution, oracles);
}

}  // namespace geocell::oracle
