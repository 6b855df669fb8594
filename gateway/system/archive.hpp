// Zip and tar files by libarchive: the same entries always make the same bytes.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace geocell::gateway {

struct ArchiveEntry {
  std::string name;
  std::string bytes;
  bool executable = false;
};

// Throws Failure. Entries come in the file's order; folders are left out.
std::vector<ArchiveEntry> read_zip(const std::filesystem::path& path);
// The bytes of one entry, without reading the others; nothing when there is no such entry. Throws Failure.
std::optional<std::string> read_zip_entry(const std::filesystem::path& path, std::string_view name);

// The same entries as files under a folder, and back. Throws Failure.
void write_entries(const std::vector<ArchiveEntry>& entries, const std::filesystem::path& folder);
std::vector<ArchiveEntry> read_entries(const std::filesystem::path& folder);

// Sorted by name, without times, owned by user 0, modes 0755 and 0644.
std::string zip_of(std::vector<ArchiveEntry> entries);
std::string tar_of(std::vector<ArchiveEntry> entries);

}  // namespace geocell::gateway
