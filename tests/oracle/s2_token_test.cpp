// Tokens, against s2geometry.
#include <gtest/gtest.h>
#include <s2/s2cell_id.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "geocell/s2.hpp"

namespace geocell {
namespace {

// The core reads eight digits at a time: every character at every place of tokens of every length.
TEST(S2Tokens, OfEveryCharacterAndLength) {
  constexpr std::string_view kHexDigits = "0123456789abcdefABCDEF";
  for (std::size_t size = 1; size <= 16; ++size) {
    for (std::size_t place = 0; place < size; ++place) {
      for (int byte = 0; byte < 256; ++byte) {
        std::string token(size, '4');
        token[0] = '1';
        token[place] = static_cast<char>(byte);
        const bool is_hex = kHexDigits.find(token[place]) != std::string_view::npos;
        const S2CellId expected = is_hex ? S2CellId::FromToken(token) : S2CellId::None();
        const auto cell = s2::from_token(token);
        ASSERT_EQ(cell.ok(), expected.is_valid()) << "byte " << byte << " at " << place << " of " << size;
        if (cell.ok()) {
          ASSERT_EQ(static_cast<std::uint64_t>(*cell), expected.id());
        }
      }
    }
  }
}

}  // namespace
}  // namespace geocell
