// Polyfill on real polygons. Times are per pass over the whole data set; `time/cell` that of one id (compact
// cell, range). Run from the root of the checkout, after bench/data.sh.
#include <benchmark/benchmark.h>

#include <map>

#include "bench/support/data_set.hpp"
#include "bench/support/polyfill_forms.hpp"

namespace geocell::bench {
namespace {

const std::vector<Geometry>& geometries(const std::string& name) {
  static std::map<std::string, std::vector<Geometry>> loaded;
  auto found = loaded.find(name);
  if (found == loaded.end()) found = loaded.emplace(name, read_geometries(data_set_file(name))).first;
  return found->second;
}

// `form` gives the number of ids (or compact cells, or ranges) of one geometry.
template <class Form>
void run(benchmark::State& state, const std::string& set, Form form) {
  const std::vector<Geometry>& input = geometries(set);
  std::uint64_t cells = 0;
  for (auto _ : state) {
    cells = 0;
    for (const Geometry& geometry : input) cells += form(geometry);
    benchmark::DoNotOptimize(cells);
  }
  const double passes = static_cast<double>(state.iterations());
  state.counters["cells"] = static_cast<double>(cells);
  state.counters["time/cell"] = benchmark::Counter(static_cast<double>(cells) * passes,
                                                   benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  state.counters["polygons/s"] =
      benchmark::Counter(static_cast<double>(input.size()) * passes, benchmark::Counter::kIsRate);
}

using Form = std::uint64_t (*)(PolyfillForms&, const Geometry&, int, PolyfillMode);

std::uint64_t array(PolyfillForms& forms, const Geometry& geometry, int resolution, PolyfillMode mode) {
  return forms.array(geometry, resolution, mode).size();
}
std::uint64_t stream(PolyfillForms& forms, const Geometry& geometry, int resolution, PolyfillMode mode) {
  return forms.stream(geometry, resolution, mode);
}
std::uint64_t count(PolyfillForms& forms, const Geometry& geometry, int resolution, PolyfillMode mode) {
  return forms.count(geometry, resolution, mode);
}
std::uint64_t compact(PolyfillForms& forms, const Geometry& geometry, int resolution, PolyfillMode mode) {
  return forms.compact(geometry, resolution, mode);
}
std::uint64_t ranges(PolyfillForms& forms, const Geometry& geometry, int resolution, PolyfillMode mode) {
  return forms.ranges(geometry, resolution, mode);
}

// What the array form is held against for polygons of many vertices.
void read_wkb_of(benchmark::State& state, const std::string& set) {
  std::vector<std::string> wkbs;
  std::size_t bytes = 0;
  for (const Geometry& geometry : geometries(set)) {
    wkbs.push_back(write_wkb(geometry));
    bytes += wkbs.back().size();
  }
  for (auto _ : state) {
    for (const std::string& wkb : wkbs) benchmark::DoNotOptimize(read_wkb(std::as_bytes(std::span(wkb))));
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes) * static_cast<std::int64_t>(state.iterations()));
}

struct Case {
  const char* set;
  int resolution;
  PolyfillMode mode;
};

constexpr Case kCases[] = {
    {"counties", 14, PolyfillMode::intersects},
    {"counties", 12, PolyfillMode::center},
    {"counties", 12, PolyfillMode::intersects},
    {"counties", 12, PolyfillMode::contains},
    {"countries-50m", 10, PolyfillMode::intersects},
    {"countries-10m", 10, PolyfillMode::intersects},
    {"brazil", 14, PolyfillMode::center},
    {"afroeurasia", 12, PolyfillMode::intersects},
    {"island-100k", 12, PolyfillMode::intersects},
};

void register_all() {
  const std::pair<const char*, Form> forms[] = {
      {"array", array}, {"stream", stream}, {"count", count}, {"compact", compact}, {"ranges", ranges}};
  for (const auto& [form_name, form] : forms) {
    for (const Case& c : kCases) {
      const std::string name = std::string(form_name) + "/" + c.set + "/z" + std::to_string(c.resolution) +
                               "/" + std::string(PolyfillForms::name(c.mode));
      benchmark::RegisterBenchmark(name.c_str(), [form = form, c](benchmark::State& state) {
        PolyfillForms kept;
        run(state, c.set,
            [&](const Geometry& geometry) { return form(kept, geometry, c.resolution, c.mode); });
      })->Unit(benchmark::kMillisecond);
    }
  }
  for (const char* set : {"afroeurasia", "island-100k"}) {
    benchmark::RegisterBenchmark((std::string("read_wkb/") + set).c_str(), [set](benchmark::State& state) {
      read_wkb_of(state, set);
    })->Unit(benchmark::kMillisecond);
  }
}

}  // namespace
}  // namespace geocell::bench

int main(int argc, char** argv) {
  geocell::bench::register_all();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
