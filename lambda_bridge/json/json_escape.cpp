#include "lambda_bridge/json/json_escape.hpp"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace geocell::bridge {
namespace {

bool is_special(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'; }

// copy_chunk() copies kChunk characters and gives the number of those before the first special one,
// copy_small_chunk() does so with kSmallChunk;
// copy_chunks() copies kChunks of them and tells whether there are special ones at all.
constexpr std::size_t kChunks = 4;

#if defined(__SSE2__)

constexpr std::size_t kChunk = 16;
constexpr std::size_t kSmallChunk = 8;

// A mask of the special characters.
__m128i compare(__m128i chunk) {
  const __m128i controls = _mm_cmpeq_epi8(_mm_min_epu8(chunk, _mm_set1_epi8(0x1f)), chunk);
  const __m128i quotes = _mm_cmpeq_epi8(chunk, _mm_set1_epi8('"'));
  const __m128i backslashes = _mm_cmpeq_epi8(chunk, _mm_set1_epi8('\\'));
  return _mm_or_si128(controls, _mm_or_si128(quotes, backslashes));
}

__m128i copy_and_compare(const char* from, char* to) {
  const __m128i chunk = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(to), chunk);
  return compare(chunk);
}

std::size_t copy_small_chunk(const char* from, char* to) {
  const __m128i chunk = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(from));
  _mm_storel_epi64(reinterpret_cast<__m128i*>(to), chunk);
  const auto specials = static_cast<unsigned>(_mm_movemask_epi8(compare(chunk)));
  return static_cast<std::size_t>(std::countr_zero(specials | 1U << kSmallChunk));
}

std::size_t copy_chunk(const char* from, char* to) {
  const auto specials = static_cast<unsigned>(_mm_movemask_epi8(copy_and_compare(from, to)));
  return static_cast<std::size_t>(std::countr_zero(specials | 1U << kChunk));
}

bool copy_chunks(const char* from, char* to) {
  __m128i specials = _mm_setzero_si128();
  for (std::size_t i = 0; i < kChunks * kChunk; i += kChunk) {
    specials = _mm_or_si128(specials, copy_and_compare(from + i, to + i));
  }
  return _mm_movemask_epi8(specials) != 0;
}

#else

static_assert(std::endian::native == std::endian::little);
constexpr std::size_t kChunk = 8;
constexpr std::size_t kSmallChunk = kChunk;
constexpr std::uint64_t kOnes = 0x01010101'01010101;

// The top bit of every byte below `limit` <= 128, and perhaps of bytes after the first such one: "Bit
// Twiddling Hacks", S. E. Anderson, hasless().
std::uint64_t bytes_below(std::uint64_t bytes, std::uint64_t limit) {
  return (bytes - kOnes * limit) & ~bytes & kOnes * 0x80;
}

std::uint64_t copy_and_compare(const char* from, char* to) {
  std::uint64_t chunk;
  std::memcpy(&chunk, from, kChunk);
  std::memcpy(to, &chunk, kChunk);
  return bytes_below(chunk, 0x20) | bytes_below(chunk ^ kOnes * '"', 1) |
         bytes_below(chunk ^ kOnes * '\\', 1);
}

std::size_t copy_chunk(const char* from, char* to) {
  return static_cast<std::size_t>(std::countr_zero(copy_and_compare(from, to))) / 8;
}

std::size_t copy_small_chunk(const char* from, char* to) { return copy_chunk(from, to); }

bool copy_chunks(const char* from, char* to) {
  std::uint64_t specials = 0;
  for (std::size_t i = 0; i < kChunks * kChunk; i += kChunk) specials |= copy_and_compare(from + i, to + i);
  return specials != 0;
}

#endif

void append_special(TextBuffer& out, char special) {
  constexpr std::string_view kHex = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(special);
  char* to = out.room(6);
  *to++ = '\\';
  if (byte < 0x20) {
    for (const char c : {'u', '0', '0', kHex[byte >> 4], kHex[byte & 15]}) *to++ = c;
  } else {
    *to++ = special;
  }
  out.commit(to);
}

}  // namespace

void append_escaped(TextBuffer& out, std::string_view text) {
  const char* from = text.data();
  const char* const end = from + text.size();
  const auto room_for_rest = [&] { return out.room(static_cast<std::size_t>(end - from) + kChunk); };
  char* to = room_for_rest();
  bool calm = false;  // nothing special lately: go on in larger steps
  while (from != end) {
    const auto rest = static_cast<std::size_t>(end - from);
    if (calm && rest >= kChunks * kChunk && !copy_chunks(from, to)) {
      from += kChunks * kChunk;
      to += kChunks * kChunk;
      continue;
    }
    if (rest >= kSmallChunk) {
      const std::size_t size = rest >= kChunk ? kChunk : kSmallChunk;
      const std::size_t plain = rest >= kChunk ? copy_chunk(from, to) : copy_small_chunk(from, to);
      from += plain;
      to += plain;
      calm = plain == size;
      if (calm) continue;
    } else if (!is_special(*from)) {
      *to++ = *from++;
      continue;
    }
    out.commit(to);
    append_special(out, *from++);
    to = room_for_rest();
  }
  out.commit(to);
}

void append_json_string(TextBuffer& out, std::string_view text) {
  out += '"';
  append_escaped(out, text);
  out += '"';
}

void append_json_string(std::string& out, std::string_view text) {
  TextBuffer json;
  append_json_string(json, text);
  out += json.view();
}

}  // namespace geocell::bridge
