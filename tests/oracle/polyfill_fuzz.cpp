// Compares the core's polyfill with GEOS and with exact arithmetic on random geometries
// for as long as it is told:
//   polyfill_fuzz [seconds = 60] [seed = 1]
// Prints each difference with its WKT, and at the end what was compared.
// Exit status 1 when anything differed.
#include <chrono>
#include <cstdlib>
#include <iostream>

#include "tests/oracle/support/compare.hpp"
#include "tests/oracle/support/random_shapes.hpp"

int main(int argc, char** argv) {
  using namespace geocell::oracle;
  using Clock = std::chrono::steady_clock;
  const double seconds = argc > 1 ? std::strtod(argv[1], nullptr) : 60;
  const std::uint64_t seed = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1;
  const auto end =
      Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
  Comparer comparer;
  RandomShapes random(seed);
  std::uint64_t differences = 0;
  for (std::uint64_t i = 0; Clock::now() < end; ++i) {
    const auto shape = i % 3 == 2 ? random.next_tangled() : random.next();
    const std::string story = comparer.compare(shape, {.plain_geos = i % 8 == 0});
    if (story.empty()) continue;
    ++differences;
    std::cout << "case " << i << ": " << story;
  }
  const auto print = [](const char* oracle, const Tally& tally) {
    std::cout << oracle << ": " << tally.cases << " cases, " << tally.cells << " cells\n";
  };
  std::cout << "seed " << seed << ", each case in 3 modes\n";
  print("exact arithmetic", comparer.with_exact());
  print("GEOS, prepared", comparer.with_geos());
  print("GEOS, plain", comparer.with_plain_geos());
  for (const std::string& flaw : comparer.geos_flaws())
    std::cout << "GEOS against exact arithmetic and the core: " << flaw;
  std::cout << comparer.geos_flaws().size() << " flaws of GEOS, " << differences << " differences\n";
  return differences == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
