// Writes zips by libarchive: the same entries give the same bytes, on every machine with the same zlib.
#pragma once

#include <string>
#include <vector>

#include "geocell/status.hpp"

namespace geocell::package {

struct ZipEntry {
  std::string name;
  std::string bytes;
  bool executable = false;  // mode 0755; else 0644
};

// Returns the bytes of a zip with these entries in the order of their names, compressed as well as zlib can.
// They belong to user 0 and carry no times, which would differ from build to build. Errors are libarchive's.
Result<std::string> zip_of(std::vector<ZipEntry> entries);

}  // namespace geocell::package
