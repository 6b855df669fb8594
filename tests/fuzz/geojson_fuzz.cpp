#include "tests/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  geocell::tests::check(geocell::read_geojson({reinterpret_cast<const char*>(data), size}));
  return 0;
}
