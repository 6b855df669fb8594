// What the machine's memory allows.
#include <algorithm>
#include <cstring>
#include <ctime>
#include <memory>

#include "bench/compare/peer.hpp"

namespace geocell::bench {

namespace {

using Values = std::vector<std::int64_t>;

std::shared_ptr<Values> room_for(const std::vector<std::size_t>& counts) {
  return std::make_shared<Values>(counts.empty() ? 0 : *std::ranges::max_element(counts), 1);
}

// Tells the compiler that somebody reads the memory.
void use(const void* memory) { asm volatile("" : : "r"(memory) : "memory"); }

}  // namespace

Fill store_loop(const std::vector<std::size_t>& counts) {
  return [counts, out = room_for(counts)](std::size_t index) -> std::span<const std::int64_t> {
    constexpr std::int64_t kStride = 4096;
    std::int64_t* const values = out->data();
    const std::size_t count = counts[index];
    for (std::size_t i = 0; i < count; ++i) values[i] = static_cast<std::int64_t>(i) * kStride;
    use(values);
    return {values, count};
  };
}

Fill memory_copy(const std::vector<std::size_t>& counts) {
  return [counts, from = room_for(counts),
          out = room_for(counts)](std::size_t index) -> std::span<const std::int64_t> {
    std::memcpy(out->data(), from->data(), counts[index] * sizeof(std::int64_t));
    use(out->data());
    return {out->data(), counts[index]};
  };
}

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

}  // namespace geocell::bench
