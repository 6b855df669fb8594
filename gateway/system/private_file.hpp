// Files that only their owner may read.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace geocell::gateway {

// A file in the temporary folder, mode 0600, deleted by the destructor.
class PrivateFile {
 public:
  PrivateFile(std::string_view name, std::string_view text);
  PrivateFile(const PrivateFile&) = delete;
  PrivateFile& operator=(const PrivateFile&) = delete;
  ~PrivateFile();
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// Writes `text` to `path` with mode 0600 from the first byte, whole or not at all. Throws Failure.
void write_private_file(const std::filesystem::path& path, std::string_view text);

// Throws Failure.
void write_file(const std::filesystem::path& path, std::string_view text);
std::string read_file(const std::filesystem::path& path);

}  // namespace geocell::gateway
