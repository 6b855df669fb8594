// Decimal digits of 64-bit integers. Ids have 19 of them and make up most of what the bridge sends; eight or
// sixteen digits at a time in one register take a fraction of the time of std::to_chars.
#pragma once

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace geocell::bridge {

inline constexpr int kMaxDecimalBytes = 20;  // "-9223372036854775808"

namespace detail {

static_assert(std::endian::native == std::endian::little);

// The eight digits of a number, the first in the lowest byte, each 0..9. Halves the number into two parts of
// four digits, those into two of two, those into two of one, each step on all parts at once; the multipliers
// are 2^k/100 and 2^k/10 rounded up, exact for parts below 10,000 and 100.
inline std::uint64_t eight_digits(std::uint64_t below_10_to_8) {
  const std::uint64_t fours = below_10_to_8 / 10000 | below_10_to_8 % 10000 << 32;
  const std::uint64_t upper_twos = (fours * 10486 >> 20) & 0x0000007f'0000007f;
  const std::uint64_t twos = upper_twos | (fours - 100 * upper_twos) << 16;
  const std::uint64_t upper_ones = (twos * 103 >> 10) & 0x000f000f'000f000f;
  return upper_ones | (twos - 10 * upper_ones) << 8;
}

inline char* write_eight(char* out, std::uint64_t digits) {
  digits |= 0x30303030'30303030;
  std::memcpy(out, &digits, 8);
  return out + 8;
}

// Without leading zeros; "0" for zero. Writes eight bytes and counts those that are meant.
inline char* write_up_to_eight(char* out, std::uint64_t below_10_to_8) {
  const std::uint64_t digits = eight_digits(below_10_to_8);
  const int zeros = std::countr_zero(digits | std::uint64_t{1} << 56) / 8;
  write_eight(out, digits >> 8 * zeros);
  return out + 8 - zeros;
}

// The sixteen digits of a number below 10^16, leading zeros and all.
inline char* write_sixteen(char* out, std::uint64_t below_10_to_16) {
  constexpr std::uint64_t k10To8 = 100'000'000;
#if defined(__SSE2__)
  // The steps of eight_digits() on both halves at once, with multipliers for 32-bit and 16-bit lanes: 2^45 /
  // 10,000, 2^19 / 100 and 2^16 / 10, rounded up.
  const __m128i eights = _mm_set_epi64x(static_cast<long long>(below_10_to_16 % k10To8),
                                        static_cast<long long>(below_10_to_16 / k10To8));
  const __m128i upper_fours = _mm_srli_epi64(_mm_mul_epu32(eights, _mm_set1_epi64x(0xd1b71759)), 45);
  const __m128i lower_fours = _mm_sub_epi64(eights, _mm_mul_epu32(upper_fours, _mm_set1_epi64x(10'000)));
  const __m128i fours = _mm_or_si128(upper_fours, _mm_slli_epi64(lower_fours, 32));
  const __m128i upper_twos = _mm_srli_epi16(_mm_mulhi_epu16(fours, _mm_set1_epi16(5243)), 3);
  const __m128i lower_twos = _mm_sub_epi16(fours, _mm_mullo_epi16(upper_twos, _mm_set1_epi16(100)));
  const __m128i twos = _mm_or_si128(upper_twos, _mm_slli_epi32(lower_twos, 16));
  const __m128i upper_ones = _mm_mulhi_epu16(twos, _mm_set1_epi16(6554));
  const __m128i lower_ones = _mm_sub_epi16(twos, _mm_mullo_epi16(upper_ones, _mm_set1_epi16(10)));
  const __m128i ones = _mm_or_si128(upper_ones, _mm_slli_epi16(lower_ones, 8));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(out), _mm_or_si128(ones, _mm_set1_epi8('0')));
  return out + 16;
#else
  out = write_eight(out, eight_digits(below_10_to_16 / k10To8));
  return write_eight(out, eight_digits(below_10_to_16 % k10To8));
#endif
}

}  // namespace detail

// Writes the number and gives the end. REQUIRES: room for kMaxDecimalBytes + 8 at `out` (more is overwritten
// than the number takes).
inline char* write_decimal(char* out, std::int64_t value) {
  constexpr std::uint64_t k10To8 = 100'000'000;
  constexpr std::uint64_t k10To16 = k10To8 * k10To8;
  // Without a branch: half of all S2 ids are negative, and no processor can guess which.
  const std::uint64_t sign = value < 0 ? ~std::uint64_t{0} : 0;
  const std::uint64_t magnitude = (static_cast<std::uint64_t>(value) ^ sign) - sign;
  *out = '-';
  out += sign & 1;
  if (magnitude < k10To8) return detail::write_up_to_eight(out, magnitude);
  if (magnitude < k10To16) {
    out = detail::write_up_to_eight(out, magnitude / k10To8);
    return detail::write_eight(out, detail::eight_digits(magnitude % k10To8));
  }
  out = detail::write_up_to_eight(out, magnitude / k10To16);
  return detail::write_sixteen(out, magnitude % k10To16);
}

// The same for numbers one after the other that mostly share all digits but the last sixteen, as the ids of
// neighbouring cells do: those are not made again.
class DecimalSeries {
 public:
  char* write(char* out, std::int64_t value) {
    const std::uint64_t below = static_cast<std::uint64_t>(value) - base_;
    if (below >= count_) [[unlikely]]
      return write_other(out, value);
    std::memcpy(out, head_, sizeof head_);
    return detail::write_sixteen(out + head_bytes_, below);
  }

 private:
  static constexpr std::uint64_t k10To16 = 10'000'000'000'000'000;
  static constexpr std::uint64_t kPositive = std::uint64_t{1} << 63;

  char* write_other(char* out, std::int64_t value) {
    if (value >= static_cast<std::int64_t>(k10To16)) {
      const std::uint64_t head = static_cast<std::uint64_t>(value) / k10To16;  // three digits at most
      base_ = head * k10To16;
      count_ = std::min(k10To16, kPositive - base_);
      head_bytes_ = detail::write_up_to_eight(head_, head) - head_;
    }
    return write_decimal(out, value);
  }

  // The head is that of the numbers from base_ on, so many, all positive.
  std::uint64_t base_ = 0;
  std::uint64_t count_ = 0;
  std::ptrdiff_t head_bytes_ = 0;
  char head_[8] = {};
};

}  // namespace geocell::bridge
