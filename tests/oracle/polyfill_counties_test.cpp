// Every county of the United States at resolution 12, in the three modes: no cell differs from GEOS's
// prepared predicates. The same counties as the file has them, invalid ones included, are answered as by
// exact arithmetic.
#include <gtest/gtest.h>

#include <iostream>

#include "data/topojson.hpp"
#include "tests/oracle/support/budget.hpp"
#include "tests/oracle/support/compare.hpp"
#include "tests/support/source_dir.hpp"

namespace geocell::oracle {
namespace {

constexpr int kResolution = 12;
constexpr std::size_t kCounties = 3231;  // data/us-atlas/README.md

std::vector<topojson::Country> counties() {
  return topojson::read_countries_file(test::source_dir() + "/data/us-atlas/counties-10m.json", "counties");
}

TEST(PolyfillCounties, EqualsGeosOnAll) {
  constexpr Oracles kPreparedGeos{.geos = true, .plain_geos = false, .exact = false};
  const std::uint64_t one_in = kSanitized ? 8 : 1;
  Comparer comparer;
  GeosOracle& geos = comparer.geos();
  std::uint64_t number = 0, asked = 0, repaired = 0;
  for (const topojson::Country& county : counties()) {
    if (number++ % one_in != 0) continue;
    auto geometry = geos.from_wkt(county.wkt());
    if (!geos.is_valid(geometry.get())) {
      geometry = geos.make_valid(geometry.get());
      ++repaired;
    }
    EXPECT_EQ(comparer.compare(county.name, geometry.get(), kResolution, kPreparedGeos), "");
    ++asked;
  }
  EXPECT_EQ(number, kCounties);
  EXPECT_EQ(comparer.with_geos().cases, asked);
  EXPECT_EQ(comparer.geos_flaws(), std::vector<std::string>());
  std::cout << "[ compared ] " << asked << " counties (" << repaired << " made valid first) at resolution "
            << kResolution << ", each in 3 modes; " << comparer.with_geos().cells << " cells\n";
}

TEST(PolyfillCounties, InvalidOnesAsTheyCome) {
  constexpr Oracles kExact{.geos = false, .plain_geos = false, .exact = true};
  Comparer comparer;
  GeosOracle& geos = comparer.geos();
  std::uint64_t answered = 0, invalid = 0;
  for (const topojson::Country& county : counties()) {
    const auto geometry = geos.from_wkt(county.wkt());
    if (geos.is_valid(geometry.get())) continue;
    ++invalid;
    EXPECT_EQ(comparer.compare(county.name, geometry.get(), kResolution, kExact), "");
    ++answered;
  }
  EXPECT_GT(invalid, 0U);
  EXPECT_EQ(comparer.with_exact().cases, answered);
  std::cout << "[ compared ] " << answered << " invalid counties at resolution " << kResolution
            << ", each in 3 modes; " << comparer.with_exact().cells << " cells\n";
}

}  // namespace
}  // namespace geocell::oracle
