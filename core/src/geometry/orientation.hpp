// On which side of a segment a point lies: the one predicate that polyfill rests on, exact for all doubles.
#pragma once

#include <cmath>

#include "geocell/geometry.hpp"

namespace geocell {

// |computed - exact| <= this factor times (|left product| + |right product|), for
// (b.x-a.x)*(p.y-a.y) - (b.y-a.y)*(p.x-a.x) with every operation rounded once.
// Source: J. R. Shewchuk, "Adaptive Precision Floating-Point Arithmetic and Fast Robust Geometric Predicates"
// (1997), ccwerrboundA = (3 + 16 eps) eps with eps = 2^-53.
inline constexpr double kOrientationErrorFactor = (3.0 + 16.0 * 0x1p-53) * 0x1p-53;
// Below this the products may have lost bits to underflow, and the bound does not hold.
inline constexpr double kOrientationUnderflow = 0x1p-900;

// Sign (-1, 0, 1) of the same expression in exact arithmetic: +1 if p is left of a→b. Slow (a few hundred
// ns): called only when the filter is inconclusive. REQUIRES: finite coordinates.
int exact_orientation(LngLat a, LngLat b, LngLat p);

// The same sign from the two rounded products; exactly, if these are inconclusive.
// `left` = (b.x-a.x)*(p.y-a.y), `right` = (b.y-a.y)*(p.x-a.x)
inline int orientation_sign(double left, double right, LngLat a, LngLat b, LngLat p) {
  const double det = left - right;
  const double magnitude = std::fabs(left) + std::fabs(right);
  const double bound = kOrientationErrorFactor * magnitude;
  if (magnitude > kOrientationUnderflow) [[likely]] {
    if (det > bound) return 1;
    if (det < -bound) return -1;
  }
  return exact_orientation(a, b, p);
}

// Sign (-1, 0, 1): +1 if p is left of a→b, 0 if it is on the line through them.
inline int orientation(LngLat a, LngLat b, LngLat p) {
  return orientation_sign((b.lng_deg - a.lng_deg) * (p.lat_deg - a.lat_deg),
                          (b.lat_deg - a.lat_deg) * (p.lng_deg - a.lng_deg), a, b, p);
}

}  // namespace geocell
