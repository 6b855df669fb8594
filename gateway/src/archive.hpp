// Zip and tar files by libarchive: the same entries give the same bytes.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace geocell::gateway {

struct ArchiveEntry {
  std::string name;
  std::string bytes;
  bool executable = false;
};

// Throws Failure. Entries come in the file's order; folders are left out.
std::vector<ArchiveEntry> read_zip(const std::filesystem::path& path);

// Sorted by name, without times, owned by user 0, modes 0755 and 0644.
std::string zip_of(std::vector<ArchiveEntry> entries);
std::string tar_of(std::vector<ArchiveEntry> entries);

}  // namespace geocell::gateway
