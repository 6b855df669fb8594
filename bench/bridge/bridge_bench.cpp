// How fast the bridge answers: request bytes in, response bytes out, in this process.
//
//   bridge_bench [--seconds=SECONDS] [--only=FUNCTION] [--requests=FOLDER]
//
// --only leaves out every other batch, and the package: what a profiler wants.
// Each batch beside three limits measured in the same run, in turns with it: simdjson's on-demand parse of
// the request, the core function alone on the parsed values, and the characters of its results. Then bytes
// per second beside two JSON parsers, and what the packaged bootstrap takes to start and in memory.
// With --requests, every request is also written to FOLDER/<function>.json, the answer to
// FOLDER/<function>.answer.json, and the rows per second to FOLDER/rows_per_second.json, for the comparison
// with other programs.
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "bench/bridge/bridge_cases.hpp"
#include "lambda_bridge/engines/redshift/redshift_codec.hpp"
#include "tests/emulators/runtime_api/fake_runtime_api.hpp"
#include "tests/lambda_bridge/package/packaged_bootstrap.hpp"

namespace geocell::bench {
namespace {

namespace fs = std::filesystem;

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

// The fastest of all calls: what disturbs a measurement only ever adds to it.
class Fastest {
 public:
  template <class F>
  void measure(const F& work) {
    const double start = cpu_seconds();
    work();
    best_s_ = std::min(best_s_, cpu_seconds() - start);
  }
  double s() const { return best_s_; }

 private:
  double best_s_ = std::numeric_limits<double>::infinity();
};

bridge::RedshiftOptions options() {
  bridge::RedshiftOptions options;
  options.batch.limits.max_value_bytes = 16'000'000;  // a county of Alaska has more cells than 64 KB hold
  return options;
}

struct Measured {
  Fastest answer, parse, core, print, nlohmann;
};

Measured measure(const BridgeCase& c, double seconds) {
  Measured m;
  bridge::RedshiftCodec codec;
  bridge::Summary summary;
  std::string request = c.request;
  const double end = cpu_seconds() + seconds;
  do {
    m.answer.measure([&] { keep(codec.answer(request, options(), summary).size()); });
    m.parse.measure(c.parse);
    m.core.measure(c.core);
    m.print.measure(c.print);
  } while (cpu_seconds() < end);
  for (int i = 0; i < 3; ++i) m.nlohmann.measure([&] { keep(nlohmann::json::parse(c.request).size()); });
  if (!summary.error.empty()) {
    std::fprintf(stderr, "bridge_bench: %s: %s\n", c.function.c_str(), summary.error.c_str());
    std::exit(1);
  }
  return m;
}

void write_file(const fs::path& path, std::string_view text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  if (!file.good()) {
    std::fprintf(stderr, "bridge_bench: cannot write %s\n", path.c_str());
    std::exit(1);
  }
}

void bench_batches(double seconds, std::string_view only, const fs::path& requests) {
  std::vector<BridgeCase> cases = bridge_cases();
  if (!only.empty()) std::erase_if(cases, [&](const BridgeCase& c) { return c.function != only; });
  std::vector<Measured> measured;
  nlohmann::json rates;
  for (const BridgeCase& c : cases) {
    measured.push_back(measure(c, seconds));
    rates[c.function] = static_cast<double>(c.rows) / measured.back().answer.s();
    if (requests.empty()) continue;
    bridge::RedshiftCodec codec;
    bridge::Summary summary;
    std::string request = c.request;
    write_file(requests / (c.function + ".json"), c.request);
    write_file(requests / (c.function + ".answer.json"), codec.answer(request, options(), summary));
  }
  if (!requests.empty()) write_file(requests / "rows_per_second.json", rates.dump());

  std::printf("\n%-20s %7s %11s %8s | %8s %8s %8s %8s | %s\n", "batch (CPU time)", "rows", "rows/s", "ns/row",
              "parse", "core", "print", "sum", "ratio");
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const Measured& m = measured[i];
    const double ns = 1e9 / static_cast<double>(cases[i].rows);
    const double sum_s = m.parse.s() + m.core.s() + m.print.s();
    std::printf("%-20s %7zu %11.0f %8.1f | %8.1f %8.1f %8.1f %8.1f | %.2f\n", cases[i].function.c_str(),
                cases[i].rows, static_cast<double>(cases[i].rows) / m.answer.s(), m.answer.s() * ns,
                m.parse.s() * ns, m.core.s() * ns, m.print.s() * ns, sum_s * ns, m.answer.s() / sum_s);
  }
  std::printf("\n%-20s %9s %14s %20s %19s\n", "request", "MB", "answer MB/s", "simdjson parse MB/s",
              "nlohmann parse MB/s");
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const double mb = static_cast<double>(cases[i].request.size()) / 1e6;
    std::printf("%-20s %9.2f %14.0f %20.0f %19.0f\n", cases[i].function.c_str(), mb,
                mb / measured[i].answer.s(), mb / measured[i].parse.s(), mb / measured[i].nlohmann.s());
  }
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

// The zip, unpacked into an empty root and started there.
void bench_package() {
  constexpr int kStarts = 21;
  const test::ScratchFolder folder;
  const auto package = package::build_package(test::built_programs(), folder.path() / "package.zip");
  if (!package) {
    std::fprintf(stderr, "bridge_bench: %s\n", package.error().message.c_str());
    std::exit(1);
  }
  const fs::path root = folder.path() / "root";
  test::unpack(package->path, root / "var" / "task");
  const test::Jail jail = ::geteuid() == 0 ? test::Jail::chroot : test::Jail::user_namespace;
  std::vector<double> ms;
  for (int i = 0; i < kStarts; ++i) {
    test::FakeRuntimeApi api;
    const auto start = std::chrono::steady_clock::now();
    const test::PackagedBootstrap bootstrap(root, api.address(), jail, folder.path() / "log");
    if (!api.wait_for_next(1)) std::exit(1);
    ms.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
  }
  std::printf(
      "\npackage: %.1f MB zipped, %.1f MB unpacked; start to the first next: median %.1f ms, worst of %d: "
      "%.1f ms\n",
      static_cast<double>(package->bytes) / 1e6, static_cast<double>(package->unpacked_bytes) / 1e6,
      median(ms), kStarts, std::ranges::max(ms));

  test::FakeRuntimeApi api;
  const test::PackagedBootstrap bootstrap(root, api.address(), jail, folder.path() / "log");
  std::size_t scalar_peak = 0;
  for (const BridgeCase& c : bridge_cases()) {
    const bool is_scalar = c.function != "quadbin_kring" && c.function != "quadbin_polyfill";
    api.invoke(c.request);
    if (is_scalar) scalar_peak = bootstrap.peak_resident_bytes();
  }
  std::printf("memory: peak %.1f MB after the scalar batches, %.1f MB after all\n",
              static_cast<double>(scalar_peak) / 1e6,
              static_cast<double>(bootstrap.peak_resident_bytes()) / 1e6);
}

}  // namespace
}  // namespace geocell::bench

int main(int argc, char** argv) {
  double seconds = 1;
  std::string requests, only;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    constexpr std::string_view kSeconds = "--seconds=";
    constexpr std::string_view kOnly = "--only=";
    constexpr std::string_view kRequests = "--requests=";
    if (argument.starts_with(kSeconds)) {
      seconds = std::strtod(argv[i] + kSeconds.size(), nullptr);
    } else if (argument.starts_with(kOnly)) {
      only = argument.substr(kOnly.size());
    } else if (argument.starts_with(kRequests)) {
      requests = argument.substr(kRequests.size());
      std::filesystem::create_directories(requests);
    } else {
      std::fprintf(stderr, "usage: bridge_bench [--seconds=SECONDS] [--only=FUNCTION] [--requests=FOLDER]\n");
      return 2;
    }
  }
  geocell::bench::bench_batches(seconds, only, requests);
  if (only.empty()) geocell::bench::bench_package();
  return 0;
}
