// The grid's lines in degrees, the cell of a point, and the box and area of a cell.
#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

#include "core/src/quadbin/checks.hpp"
#include "geocell/quadbin.hpp"

namespace geocell::quadbin {
namespace {

constexpr double kPi = std::numbers::pi;
constexpr double kClipLatDeg = 89;  // CARTO clips here before it projects

// WGS84: semi-axes in metres and the first eccentricity squared. Source: NGA.STND.0036, "World Geodetic
// System 1984".
constexpr double kFlattening = 1 / 298.257223563;
constexpr double kSemiMinorM = 6378137.0 * (1 - kFlattening);
constexpr double kEccentricity2 = kFlattening * (2 - kFlattening);

// 2^exponent, without a call of std::ldexp. REQUIRES: -1022 <= exponent <= 1023
double power_of_two(int exponent) {
  constexpr int kBias = 1023, kMantissaBits = 52;
  return std::bit_cast<double>(static_cast<std::uint64_t>(exponent + kBias) << kMantissaBits);
}

// The column x with column_lng_deg(x) <= lng < column_lng_deg(x + 1).
std::uint32_t column_of(double lng_deg, std::int32_t z) {
  if (!(lng_deg >= -180 && lng_deg < 180)) {
    lng_deg = std::remainder(lng_deg, 360.0);  // exact, in [-180, 180]
    if (lng_deg == 180) lng_deg = -180;
  }
  const std::uint32_t last = (std::uint32_t{1} << z) - 1;
  const auto x = std::min(static_cast<std::uint32_t>((lng_deg / 360 + 0.5) * power_of_two(z)), last);
  // A longitude just west of a line may have been rounded onto it. The lines themselves are exact.
  return lng_deg < column_lng_deg(z, x) ? x - 1 : x;
}

// The row y with row_lat_deg(y) >= lat > row_lat_deg(y + 1), clamped to the grid.
std::uint32_t row_of(double lat_deg, std::int32_t z) {
  // sin and log are off by less than this fraction of a row, even at resolution 26 and the grid's edges. Only
  // this close to a line must the latitude be compared with the line itself.
  constexpr double kUnsure = 1e-5;
  lat_deg = std::clamp(lat_deg, -kClipLatDeg, kClipLatDeg);
  const double sin_lat = std::sin(lat_deg * kPi / 180);
  const double rows = power_of_two(z);
  const double fraction = mercator_row(sin_lat, rows);
  const double clamped = std::clamp(fraction, 0.0, rows - 1);
  const auto y = static_cast<std::uint32_t>(clamped);
  const double within = fraction - y;
  if (within < kUnsure && y > 0 && lat_deg > row_lat_deg(z, y)) return y - 1;
  if (within > 1 - kUnsure && y + 1 < rows && lat_deg <= row_lat_deg(z, y + 1)) return y + 1;
  return y;
}

}  // namespace

double column_lng_deg(int resolution, std::uint32_t x) {
  return 180.0 * (x * power_of_two(1 - resolution) - 1.0);
}

double row_lat_deg(int resolution, std::uint32_t y) {
  // CARTO's formula, operation by operation: its published values hold bit for bit.
  const double exp_psi = std::exp(-(y * power_of_two(1 - resolution) - 1.0) * kPi);
  return 360.0 * (std::atan(exp_psi) / kPi - 0.25);
}

Result<std::int64_t> from_lng_lat(double lng_deg, double lat_deg, std::int32_t resolution) {
  if (!is_resolution(resolution)) return invalid_resolution(resolution, 0, kMaxResolution);
  if (!std::isfinite(lng_deg)) return not_finite("longitude", lng_deg);
  if (!std::isfinite(lat_deg)) return not_finite("latitude", lat_deg);
  return encode_unchecked({resolution, column_of(lng_deg, resolution), row_of(lat_deg, resolution)});
}

Result<std::array<double, 4>> bbox(std::int64_t cell) {
  if (!is_valid_id(cell)) return invalid_cell(cell);
  const auto [z, x, y] = decode_unchecked(cell);
  return std::array{column_lng_deg(z, x), row_lat_deg(z, y + 1), column_lng_deg(z, x + 1), row_lat_deg(z, y)};
}

Result<double> area_m2(std::int64_t cell) {
  if (!is_valid_id(cell)) return invalid_cell(cell);
  const auto [z, x, y] = decode_unchecked(cell);
  // The zone of an ellipsoid between two parallels, per radian of longitude, is b²/2 [f(sin north) - f(sin
  // south)], f(s) = s / (1 - e² s²) + atanh(e s) / e. Source: Snyder, "Map Projections: A Working Manual"
  // (1987), eq. 3-12. With the Mercator ordinate psi, sin(lat) = tanh(psi). All differences are written so
  // that nothing cancels.
  const double step = std::ldexp(2 * kPi, -z);
  const double psi_north = kPi * (1 - std::ldexp(y, 1 - z));
  const double psi_south = kPi * (1 - std::ldexp(y + 1, 1 - z));
  const double e = std::sqrt(kEccentricity2);
  const double north = std::tanh(psi_north);
  const double south = std::tanh(psi_south);
  const double ds = std::sinh(step) / (std::cosh(psi_north) * std::cosh(psi_south));
  const double product = kEccentricity2 * north * south;
  const double denominator = (1 - kEccentricity2 * north * north) * (1 - kEccentricity2 * south * south);
  const double zone = ds * (1 + product) / denominator + std::atanh(e * ds / (1 - product)) / e;
  return kSemiMinorM * kSemiMinorM / 2 * zone * step;
}

}  // namespace geocell::quadbin
