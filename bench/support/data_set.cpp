#include "bench/support/data_set.hpp"

#include <cstdlib>
#include <fstream>
#include <stdexcept>

namespace geocell::bench {

std::vector<Geometry> read_geometries(const std::string& file, std::size_t every) {
  std::ifstream input(file, std::ios::binary);
  if (!input) throw std::runtime_error("cannot open " + file + "; bench/data.sh makes it");
  std::vector<Geometry> geometries;
  std::string line;
  for (std::size_t number = 0; std::getline(input, line); ++number) {
    if (number % every != 0) continue;
    auto geometry = read_geojson(line);
    if (!geometry) {
      throw std::runtime_error(file + ", line " + std::to_string(number + 1) + ": " +
                               geometry.error().message);
    }
    geometries.push_back(std::move(*geometry));
  }
  if (geometries.empty()) throw std::runtime_error(file + " is empty");
  return geometries;
}

std::string data_set_file(const std::string& name) {
  const char* folder = std::getenv("GEOCELL_BENCH_DATA");
  return std::string(folder != nullptr ? folder : "build/bench-data") + "/" + name + ".geojsonl";
}

}  // namespace geocell::bench
