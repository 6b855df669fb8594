// Writing runs of ids: where a polyfill of an area spends most of its time.
#pragma once

#include <cstddef>
#include <cstdint>

namespace geocell {

// Writes first + i * stride for i = 0..count - 1.
void fill_ids(std::int64_t* out, std::size_t count, std::uint64_t first, std::uint64_t stride);
// The same without AVX2, even if the processor has it; for the tests.
void fill_ids_portable(std::int64_t* out, std::size_t count, std::uint64_t first, std::uint64_t stride);

}  // namespace geocell
