// The core's polyfill equals brute force over GEOS's predicates, in all three modes (DESIGN.md decision 6).
#include <gtest/gtest.h>

#include <iostream>

#include "data/topojson.hpp"
#include "tests/oracle/support/budget.hpp"
#include "tests/oracle/support/compare.hpp"
#include "tests/oracle/support/random_shapes.hpp"
#include "tests/support/source_dir.hpp"

namespace geocell::oracle {
namespace {

void print(const std::string& what, const Tally& tally) {
  std::cout << "[ compared ] " << what << ": " << tally.cases
            << " geometries x resolutions, each in 3 modes; " << tally.cells << " cells\n";
}

TEST(PolyfillGeos, HostileShapes) {
  Comparer comparer;
  for (const shapes::Shape& shape : shapes::valid_shapes()) {
    ASSERT_TRUE(comparer.geos().is_valid(comparer.geos().from_wkt(shape.wkt).get())) << shape.name << "\n"
                                                                                     << shape.wkt;
    EXPECT_EQ(comparer.compare(shape, {.geos = true, .plain_geos = true, .exact = true}), "");
  }
  EXPECT_EQ(comparer.geos_flaws(), std::vector<std::string>());
  print("hostile shapes, prepared GEOS", comparer.with_geos());
  print("hostile shapes, plain GEOS", comparer.with_plain_geos());
  EXPECT_GE(comparer.with_geos().cases, 500U);
}

TEST(PolyfillGeos, RandomShapes) {
  Comparer comparer;
  RandomShapes random(20240601);
  const std::uint64_t cases = scaled(6000);
  for (std::uint64_t i = 0; i < cases; ++i) {
    EXPECT_EQ(comparer.compare(random.next(), {.geos = true, .plain_geos = i % 4 == 0, .exact = true}), "");
  }
  EXPECT_EQ(comparer.geos_flaws(), std::vector<std::string>());
  print("random shapes, prepared GEOS", comparer.with_geos());
  print("random shapes, plain GEOS", comparer.with_plain_geos());
  print("random shapes, exact arithmetic (invalid ones too)", comparer.with_exact());
  EXPECT_GE(comparer.with_geos().cases, cases / 2);
}

// GEOS asked about the collection as one geometry says the same as the union over its members, which is our
// meaning of a collection; see geos_oracle.hpp for the modes where GEOS 3.11 cannot be asked so.
TEST(PolyfillGeos, CollectionsAsOneGeometry) {
  Comparer comparer;
  GeosOracle& geos = comparer.geos();
  int collections = 0;
  for (const shapes::Shape& shape : shapes::valid_shapes()) {
    if (!shape.wkt.starts_with("GEOMETRYCOLLECTION")) continue;
    const auto geometry = geos.from_wkt(shape.wkt);
    EXPECT_EQ(geos.intersects_as_one(geometry.get(), shape.resolution),
              geos.polyfill(geometry.get(), shape.resolution, GeosPath::plain)[1])
        << shape.name << "\n"
        << shape.wkt;
    ++collections;
  }
  EXPECT_GE(collections, 20);
}

// `one_in`: asks every n-th country alone.
void compare_countries(const std::string& scale, int resolution, std::uint64_t one_in, Oracles oracles) {
  Comparer comparer;
  std::uint64_t number = 0;
  const std::string file = test::source_dir() + "/data/natural-earth/countries-" + scale + ".json";
  for (const topojson::Country& country : topojson::read_countries_file(file)) {
    if (number++ % one_in != 0) continue;
    GeosOracle& geos = comparer.geos();
    auto geometry = geos.from_wkt(country.wkt());
    if (!geos.is_valid(geometry.get())) geometry = geos.make_valid(geometry.get());
    EXPECT_EQ(comparer.compare(country.name, geometry.get(), resolution, oracles), "");
  }
  EXPECT_EQ(comparer.geos_flaws(), std::vector<std::string>());
  EXPECT_EQ(comparer.with_geos().cases, (number + one_in - 1) / one_in);
  print("countries 1:" + scale + " at z" + std::to_string(resolution), comparer.with_geos());
}

constexpr Oracles kPreparedGeos{.plain_geos = false, .exact = false};
constexpr Oracles kAllOracles{.plain_geos = true, .exact = true};

TEST(PolyfillGeos, Countries110mAt6) {
  compare_countries("110m", 6, 1, kSanitized ? kPreparedGeos : kAllOracles);
}
TEST(PolyfillGeos, Countries110mAt7) { compare_countries("110m", 7, kSanitized ? 2 : 1, kPreparedGeos); }
TEST(PolyfillGeos, Countries110mAt8) { compare_countries("110m", 8, kSanitized ? 4 : 1, kPreparedGeos); }
TEST(PolyfillGeos, Countries50mAt8) { compare_countries("50m", 8, kSanitized ? 8 : 1, kPreparedGeos); }
TEST(PolyfillGeos, Countries50mAt10) { compare_countries("50m", 10, kSanitized ? 32 : 4, kPreparedGeos); }

}  // namespace
}  // namespace geocell::oracle
