#include "tests/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  geocell::tests::check(geocell::read_postgis(std::as_bytes(std::span(data, size))));
  return 0;
}
