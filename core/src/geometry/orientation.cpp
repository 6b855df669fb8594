#include "core/src/geometry/orientation.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace geocell {
namespace {

__extension__ using Uint128 = unsigned __int128;

// A double as sign * mantissa * 2^(exponent - 1074), mantissa < 2^53, exponent >= 0.
struct SplitDouble {
  bool negative;
  std::uint64_t mantissa;
  unsigned exponent;
};

SplitDouble split(double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  const auto biased = static_cast<unsigned>((bits >> 52) & 0x7ff);
  const std::uint64_t fraction = bits & ((std::uint64_t{1} << 52) - 1);
  if (biased == 0) return {(bits >> 63) != 0, fraction, 0};
  return {(bits >> 63) != 0, fraction | (std::uint64_t{1} << 52), biased - 1};
}

// A sum of products of doubles without rounding: one wide fixed-point number (a Kulisch accumulator) for the
// positive terms and one for the negative ones. The lowest bit is 2^-2148, the square of the smallest double.
class ExactSum {
 public:
  void add_product(double x, double y, bool negate) {
    const SplitDouble a = split(x);
    const SplitDouble b = split(y);
    const bool negative = (a.negative != b.negative) != negate;
    add(negative ? negative_ : positive_, Uint128{a.mantissa} * b.mantissa, a.exponent + b.exponent);
  }

  int sign() const {
    for (std::size_t i = kWords; i-- > 0;) {
      if (positive_[i] != negative_[i]) return positive_[i] > negative_[i] ? 1 : -1;
    }
    return 0;
  }

 private:
  // Two exponents of at most 2045 each, 106 bits of product and a few carries.
  static constexpr std::size_t kWords = (2 * 2045 + 106) / 64 + 2;
  using Words = std::array<std::uint64_t, kWords>;

  static void add(Words& words, Uint128 product, unsigned offset) {
    const unsigned shift = offset % 64;
    std::size_t index = offset / 64;
    const auto low = static_cast<std::uint64_t>(product);
    const auto high = static_cast<std::uint64_t>(product >> 64);
    const std::array<std::uint64_t, 3> shifted = {
        low << shift,
        shift == 0 ? high : (high << shift) | (low >> (64 - shift)),
        shift == 0 ? 0 : high >> (64 - shift),
    };
    std::uint64_t carry = 0;
    for (std::size_t i = 0; i < shifted.size() || carry != 0; ++i, ++index) {
      const Uint128 sum = Uint128{words[index]} + (i < shifted.size() ? shifted[i] : 0) + carry;
      words[index] = static_cast<std::uint64_t>(sum);
      carry = static_cast<std::uint64_t>(sum >> 64);
    }
  }

  Words positive_{};
  Words negative_{};
};

}  // namespace

int exact_orientation(LngLat a, LngLat b, LngLat p) {
  // Multiplied out, so that no difference is rounded. The term a.x*a.y appears in both products and cancels.
  ExactSum sum;
  sum.add_product(b.lng_deg, p.lat_deg, false);
  sum.add_product(b.lng_deg, a.lat_deg, true);
  sum.add_product(a.lng_deg, p.lat_deg, true);
  sum.add_product(b.lat_deg, p.lng_deg, true);
  sum.add_product(b.lat_deg, a.lng_deg, false);
  sum.add_product(a.lat_deg, p.lng_deg, false);
  return sum.sign();
}

}  // namespace geocell
