#include "core/src/cells/fill_ids.hpp"

namespace geocell {
namespace {

// The one loop, which each path compiles for its own registers.
[[gnu::always_inline]] inline void fill(std::int64_t* out, std::size_t count, std::uint64_t first,
                                        std::uint64_t stride) {
  for (std::size_t i = 0; i < count; ++i, first += stride) out[i] = static_cast<std::int64_t>(first);
}

using Fill = void (*)(std::int64_t*, std::size_t, std::uint64_t, std::uint64_t);

#if defined(__x86_64__)
// Registers of four ids instead of two.
[[gnu::target("avx2")]] void fill_ids_avx2(std::int64_t* out, std::size_t count, std::uint64_t first,
                                           std::uint64_t stride) {
  fill(out, count, first, stride);
}

Fill best_fill() { return __builtin_cpu_supports("avx2") ? &fill_ids_avx2 : &fill_ids_portable; }
#else
Fill best_fill() { return &fill_ids_portable; }
#endif

}  // namespace

void fill_ids_portable(std::int64_t* out, std::size_t count, std::uint64_t first, std::uint64_t stride) {
  fill(out, count, first, stride);
}

void fill_ids(std::int64_t* out, std::size_t count, std::uint64_t first, std::uint64_t stride) {
  static const Fill best = best_fill();
  best(out, count, first, stride);
}

}  // namespace geocell
