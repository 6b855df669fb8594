#include "json_escape.hpp"

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

// copy_chunk() copies kChunk characters and gives the number of those before the first special one.
#if defined(__SSE2__)

constexpr std::size_t kChunk = 16;

std::size_t copy_chunk(const char* from, char* to) {
  const __m128i chunk = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(to), chunk);
  const __m128i controls = _mm_cmpeq_epi8(_mm_min_epu8(chunk, _mm_set1_epi8(0x1f)), chunk);
  const __m128i quotes = _mm_cmpeq_epi8(chunk, _mm_set1_epi8('"'));
  const __m128i backslashes = _mm_cmpeq_epi8(chunk, _mm_set1_epi8('\\'));
  const __m128i specials = _mm_or_si128(controls, _mm_or_si128(quotes, backslashes));
  return static_cast<std::size_t>(
      std::countr_zero(static_cast<unsigned>(_mm_movemask_epi8(specials)) | 1U << kChunk));
}

#else

static_assert(std::endian::native == std::endian::little);
constexpr std::size_t kChunk = 8;
constexpr std::uint64_t kOnes = 0x01010101'01010101;

// The top bit of every byte below `limit` <= 128, and perhaps of bytes after the first such one: "Bit
// Twiddling Hacks", S. E. Anderson, hasless().
std::uint64_t bytes_below(std::uint64_t bytes, std::uint64_t limit) {
  return (bytes - kOnes * limit) & ~bytes & kOnes * 0x80;
}

std::size_t copy_chunk(const char* from, char* to) {
  std::uint64_t chunk;
  std::memcpy(&chunk, from, kChunk);
  std::memcpy(to, &chunk, kChunk);
  const std::uint64_t specials =
      bytes_below(chunk, 0x20) | bytes_below(chunk ^ kOnes * '"', 1) | bytes_below(chunk ^ kOnes * '\\', 1);
  return static_cast<std::size_t>(std::countr_zero(specials)) / 8;
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
  while (from != end) {
    if (static_cast<std::size_t>(end - from) >= kChunk) {
      const std::size_t plain = copy_chunk(from, to);
      from += plain;
      to += plain;
      if (plain == kChunk) continue;
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
