// The geometries that the benchmarks and every peer read: one text, made once by bench_data
// (bench/README.md says from what).
#pragma once

#include <string>
#include <vector>

#include "geocell/geometry.hpp"

namespace geocell::bench {

// Every `every`-th geometry of a file of GeoJSON geometries, one a line, from the first on. Throws
// std::runtime_error that names the file when it cannot be read, and the line when that is no geometry.
std::vector<Geometry> read_geometries(const std::string& file, std::size_t every = 1);

// The path of a data set: in the folder that GEOCELL_BENCH_DATA names, or build/bench-data.
std::string data_set_file(const std::string& name);

}  // namespace geocell::bench
