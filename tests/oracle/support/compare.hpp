// Runs the core and the oracles on one shape, and says where they differ.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/oracle/support/geos_oracle.hpp"
#include "tests/support/shapes.hpp"

namespace geocell::oracle {

// Which oracles to ask. GEOS has no answer for invalid geometries, and is then left out.
struct Oracles {
  bool geos = true;         // its prepared predicates
  bool plain_geos = false;  // its plain ones
  bool exact = true;
};

struct Tally {
  std::uint64_t cases = 0;  // geometry x resolution, each in three modes
  std::uint64_t cells = 0;  // cells in the three answers together
};

// The core's answers in the three modes; throws std::runtime_error when it fails
// or its array is not ascending.
Answers core_polyfill(const Geometry& geometry, int resolution);

// Empty when equal; else the first cells that only one of the two has, per mode, as ids and z/x/y.
std::string difference(const Answers& left, const std::string& left_name, const Answers& right,
                       const std::string& right_name);

class Comparer {
 public:
  // Empty when the core agrees with every oracle asked; else the differences and the WKT. Where GEOS alone
  // stands against the core and exact arithmetic, that is a flaw of GEOS and not a difference:
  // it goes to geos_flaws().
  std::string compare(const shapes::Shape& shape, Oracles oracles);
  std::string compare(const std::string& name, const GEOSGeometry* geometry, int resolution, Oracles oracles);

  GeosOracle& geos() { return geos_; }
  // Plain GEOS rounds the points where a geometry's edges nearly touch, and then answers for the rounded
  // geometry, or finds it inconsistent ("side location conflict"): a few in 100,000 random cases, none known
  // of prepared GEOS.
  const std::vector<std::string>& geos_flaws() const { return geos_flaws_; }
  const Tally& with_geos() const { return with_geos_; }
  const Tally& with_plain_geos() const { return with_plain_geos_; }
  const Tally& with_exact() const { return with_exact_; }

 private:
  GeosOracle geos_;
  std::vector<std::string> geos_flaws_;
  Tally with_geos_, with_plain_geos_, with_exact_;
};

}  // namespace geocell::oracle
