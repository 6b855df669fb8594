// The bound of the tracer's rounding errors (docs/design/polyfill.md, "The error bound") against rational
// arithmetic: on random segments, on segments aimed at grid lines, and on what a search finds that makes the
// error as large as it can.
#include <gmpxx.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <iostream>
#include <limits>
#include <optional>
#include <random>
#include <sstream>
#include <utility>

#include "core/src/polyfill/levels.hpp"
#include "core/src/polyfill/trace.hpp"
#include "tests/oracle/support/budget.hpp"

namespace geocell::polyfill {
namespace {

constexpr double kU = 0x1p-53;  // the unit roundoff
constexpr double kInfinity = std::numeric_limits<double>::infinity();

mpq_class exact(double value) { return mpq_class(value); }

// What n roundings make of a quantity, relative to it. Source: N. J. Higham, "Accuracy and Stability of
// Numerical Algorithms" (2002), lemma 3.1.
mpq_class gamma(int n) { return n * exact(kU) / (1 - n * exact(kU)); }

// A segment and a latitude strictly between its ends, in a grid's columns.
struct Sample {
  Grid grid;
  LngLat a, b;
  double lat_deg;

  bool is_crossing() const { return a.lat_deg < lat_deg && lat_deg < b.lat_deg; }
};

struct Errors {
  mpq_class size;      // (|distance of a from line 0| + |extent|) / width
  mpq_class columns;   // the crossing
  mpq_class observed;  // |computed - exact|
  mpq_class derived;   // its bound
};

Errors errors_of(const Sample& sample, double rounded) {
  const auto& [grid, a, b, lat_deg] = sample;
  const mpq_class width = exact(grid.width_deg);
  const mpq_class distance = (exact(a.lng_deg) - exact(grid.west_deg)) / width;
  const mpq_class extent = (exact(b.lng_deg) - exact(a.lng_deg)) / width;
  const mpq_class part = (exact(lat_deg) - exact(a.lat_deg)) / (exact(b.lat_deg) - exact(a.lat_deg));
  Errors errors;
  errors.size = abs(distance) + abs(extent);
  errors.columns = distance + part * extent;
  errors.observed = abs(exact(rounded) - errors.columns);
  errors.derived = gamma(4) * abs(distance) + gamma(8) * abs(extent) + exact(kUnderflow);
  return errors;
}

int code_of_columns(const Grid& grid, const mpq_class& columns) {
  if (columns < 0) return -1;
  if (columns > grid.columns) return 2 * grid.columns + 1;
  const mpz_class whole = columns.get_num() / columns.get_den();
  return static_cast<int>(2 * whole.get_si()) + (columns == mpq_class(whole) ? 0 : 1);
}

// The derivation's three claims, and that the code is the exact one.
::testing::AssertionResult holds(const Sample& sample) {
  const Crossings crossings(sample.grid, sample.a, sample.b);
  const double rounded = crossings.rounded(sample.lat_deg);
  const auto describe = [&](const char* what) {
    std::ostringstream out;
    out << what << std::hexfloat << ": west " << sample.grid.west_deg << ", width " << sample.grid.width_deg
        << ", (" << sample.a.lng_deg << " " << sample.a.lat_deg << ") to (" << sample.b.lng_deg << " "
        << sample.b.lat_deg << ") at " << sample.lat_deg;
    return ::testing::AssertionFailure() << out.str();
  };
  if (crossings.error() != kInfinity) {
    const Errors errors = errors_of(sample, rounded);
    if (errors.observed > errors.derived) return describe("the error is larger than derived");
    mpq_class wanted = gamma(8) * errors.size;
    if (rounded >= 0.5 && rounded <= sample.grid.columns + 0.5) wanted += exact(kU) / 2;  // ColumnPosition
    if (exact(crossings.error()) < wanted) return describe("the bound in the code is smaller than derived");
  }
  if (crossings.at(sample.lat_deg) != code_of_columns(sample.grid, errors_of(sample, 0).columns)) {
    return describe("wrong code");
  }
  return ::testing::AssertionSuccess();
}

class Samples {
 public:
  explicit Samples(std::uint64_t seed) : engine_(seed) {}

  std::uint64_t below(std::uint64_t bound) { return engine_() % bound; }
  double between(double low, double high) {
    return low + (high - low) * std::ldexp(static_cast<double>(engine_() >> 11), -53);
  }
  // Either sign, a size between 2^low and 2^high, every binary order alike.
  double spread(int low, int high) {
    const double size =
        std::ldexp(between(1, 2), low + static_cast<int>(below(static_cast<std::uint64_t>(high - low))));
    return below(2) == 0 ? size : -size;
  }
  // Up to `count` doubles up or down.
  double nudged(double value, std::uint64_t count) {
    const double towards = below(2) == 0 ? -kInfinity : kInfinity;
    for (std::uint64_t n = below(count + 1); n > 0; --n) value = std::nextafter(value, towards);
    return value;
  }

  // A grid as the walker and the windows make them: of boxes or, in half columns, of centres.
  Grid grid() {
    const int level = static_cast<int>(below(quadbin::kMaxResolution + 1));
    const bool centers = below(2) == 0;
    const int columns = level < 6 ? 1 << level : 64;
    const double width_deg = column_width_deg(level);
    const auto places = (std::uint64_t{1} << level) - static_cast<std::uint64_t>(columns) + 1;
    const double world = static_cast<double>(below(5)) - 2;
    const double west_deg = 360 * world - 180 + static_cast<double>(below(places)) * width_deg;
    if (!centers) return {west_deg, width_deg, columns_per_deg(level), columns, columns, nullptr};
    return {west_deg, width_deg / 2, 2 * columns_per_deg(level), 2 * columns, columns, nullptr};
  }

  // A segment of any size through a point of the grid, or near one.
  Sample any() {
    Sample sample{grid(), {}, {}, 0};
    const Grid& grid = sample.grid;
    const double column = between(-1, grid.columns + 1);
    const double lng_deg =
        below(2) == 0 ? grid.west_deg + column * grid.width_deg
                      : grid.line_deg(static_cast<int>(below(static_cast<std::uint64_t>(grid.columns) + 1)));
    sample.lat_deg = between(-85, 85);
    const double dx = grid.width_deg * spread(-60, 12), dy = std::fabs(grid.width_deg * spread(-60, 12));
    const double before = below(4) == 0 ? std::fabs(spread(-40, 0)) : between(0, 1), after = between(0, 1);
    sample.a = {nudged(lng_deg - before * dx, 3), nudged(sample.lat_deg - before * dy, 3)};
    sample.b = {nudged(lng_deg + after * dx, 3), nudged(sample.lat_deg + after * dy, 3)};
    return sample;
  }

  // Where roundings are as large as they can be: the quantities are a hair above powers of two, and the
  // differences have more bits than a double, since one end is near zero.
  Sample rough() {
    Sample sample{grid(), {}, {}, 0};
    sample.grid.west_deg = 0;
    const auto hair_above = [&](double power) { return power * (1 + std::fabs(spread(-52, -6))); };
    const double dx =
        hair_above(std::exp2(std::round(std::log2(sample.grid.width_deg)) + static_cast<double>(below(8))));
    const double dy =
        hair_above(std::exp2(std::round(std::log2(sample.grid.width_deg)) + static_cast<double>(below(8))));
    sample.a = {dx * spread(-52, -4), dy * spread(-52, -4)};
    sample.b = {below(2) == 0 ? dx : -dx, dy};
    sample.lat_deg = dy * (1 - std::fabs(spread(-52, -4)));
    return sample;
  }

  // Some of the five numbers that the computation reads, changed a little or a lot.
  Sample changed(Sample sample) {
    for (double* value :
         {&sample.a.lng_deg, &sample.a.lat_deg, &sample.b.lng_deg, &sample.b.lat_deg, &sample.lat_deg}) {
      switch (below(6)) {
        case 0:
          *value = nudged(*value, 8);
          break;
        case 1:
          *value *= 1 + spread(-40, -3);
          break;
        default:
          break;
      }
    }
    return sample;
  }

 private:
  std::mt19937_64 engine_;
};

TEST(TraceBounds, RandomSegments) {
  Samples samples(1);
  for (std::uint64_t n = oracle::scaled(150'000); n > 0;) {
    const Sample sample = samples.any();
    if (!sample.is_crossing()) continue;
    --n;
    ASSERT_TRUE(holds(sample));
  }
}

// Hill climbing towards the largest error, measured by the size that the bound goes by.
TEST(TraceBounds, SegmentsThatMakeTheErrorLarge) {
  Samples samples(2);
  double worst = 0, nearest = 0;
  for (std::uint64_t climb = oracle::scaled(60); climb > 0; --climb) {
    std::optional<Sample> best;
    double best_error = -1;
    for (int step = 0; step < 1500; ++step) {
      const Sample sample = best && step > 100 ? samples.changed(*best)
                            : climb % 2 == 0   ? samples.any()
                                               : samples.rough();
      if (!sample.is_crossing()) continue;
      ASSERT_TRUE(holds(sample));
      const Crossings crossings(sample.grid, sample.a, sample.b);
      if (crossings.error() == kInfinity) continue;
      const Errors errors = errors_of(sample, crossings.rounded(sample.lat_deg));
      if (errors.size == 0) continue;
      const double error = mpq_class(errors.observed / errors.size).get_d() / kU;
      nearest = std::max(nearest, mpq_class(errors.observed / errors.derived).get_d());
      if (error > best_error) {
        best = sample;
        best_error = error;
      }
    }
    worst = std::max(worst, best_error);
  }
  std::cout << "[ compared ] largest error found: " << worst << " u of the size, " << nearest
            << " of the derived bound\n";
  EXPECT_LT(worst, 8.001);
  // The search is worth something: it comes within half of the bound.
  EXPECT_GT(worst, 4) << "the search has become blind";
}

// Ends whose differences are subnormal or whose slope overflows.
TEST(TraceBounds, EndsOfTheDoubleRange) {
  Samples samples(3);
  const Grid grid{0, 1, 1, 64, 64, nullptr};
  const double tiny = std::numeric_limits<double>::denorm_min();
  for (const double lng_deg : {0.0, tiny, -tiny, 1.0, 1 - kU, 3600.0, -3600.0}) {
    for (const double other_deg : {0.0, tiny, -tiny, 1.0, 1 + 2 * kU, 3600.0, -3600.0}) {
      for (const double height : {3 * tiny, 0x1p-1022, 0x1p-540, 0x1p-52, 90.0}) {
        const Sample sample{grid, {lng_deg, -height / 3}, {other_deg, height / 2}, 0};
        if (!sample.is_crossing()) continue;
        const Crossings crossings(grid, sample.a, sample.b);
        EXPECT_EQ(crossings.at(0), code_of_columns(grid, errors_of(sample, 0).columns))
            << lng_deg << " to " << other_deg << ", " << height << " high";
      }
    }
  }
}

// code_of(): three roundings of at most 128.5 columns, which its 1e-9 covers.
TEST(TraceBounds, CodesOfLongitudes) {
  Samples samples(4);
  for (std::uint64_t n = oracle::scaled(50'000); n > 0; --n) {
    const Grid grid = samples.grid();
    const double line_deg =
        grid.line_deg(static_cast<int>(samples.below(static_cast<std::uint64_t>(grid.columns) + 1)));
    const double lng_deg = samples.nudged(
        line_deg + grid.width_deg * samples.spread(-60, 2) * static_cast<double>(samples.below(2)), 3);
    const mpq_class columns = (exact(lng_deg) - exact(grid.west_deg)) / exact(grid.width_deg);
    ASSERT_EQ(code_of(grid, lng_deg), code_of_columns(grid, columns)) << std::hexfloat << lng_deg;
    if (abs(columns) > grid.columns + 1) continue;
    const double rounded = (lng_deg - grid.west_deg) * grid.per_deg;
    ASSERT_LE(abs(exact(rounded) - columns), gamma(3) * abs(columns) + exact(kUnderflow));
    ASSERT_LT(gamma(3) * abs(columns), exact(1e-9) / 10'000);
  }
}

}  // namespace
}  // namespace geocell::polyfill
