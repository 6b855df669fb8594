// Both paths of fill_ids(), against a plain multiplication.
#include "core/src/cells/fill_ids.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace geocell {
namespace {

TEST(FillIds, EveryCountAndPlaceAndBothPaths) {
  constexpr std::int64_t kUntouched = -7;
  constexpr std::uint64_t kFirst = 0xfffffffffffff000;  // goes over the end of 64 bits
  for (const std::uint64_t stride : {1ULL, 4096ULL, 1ULL << 52}) {
    for (std::size_t place = 0; place < 4; ++place) {
      for (std::size_t count = 0; count < 70; ++count) {
        for (const auto fill : {&fill_ids, &fill_ids_portable}) {
          std::vector<std::int64_t> ids(80, kUntouched);
          fill(ids.data() + place, count, kFirst, stride);
          for (std::size_t i = 0; i < ids.size(); ++i) {
            const bool written = i >= place && i < place + count;
            const std::uint64_t expected = kFirst + (i - place) * stride;
            ASSERT_EQ(ids[i], written ? static_cast<std::int64_t>(expected) : kUntouched) << i;
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace geocell
