// Sanitizers make the oracles many times slower: under them random and real cases are fewer,
// hostile ones are not.
#pragma once

#include <cstdint>

namespace geocell::oracle {

#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

constexpr std::uint64_t scaled(std::uint64_t cases) { return kSanitized ? cases / 3 : cases; }

}  // namespace geocell::oracle
