#include "gateway/system/private_file.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>

#include "gateway/system/failure.hpp"

namespace geocell::gateway {
namespace {

// mkstemp makes the file with mode 0600.
std::filesystem::path make_file(const std::filesystem::path& stem, std::string_view text) {
  std::string name = stem.string() + "-XXXXXX";
  const int fd = ::mkstemp(name.data());
  if (fd < 0) throw Failure(name + ": cannot be written: " + std::strerror(errno));
  std::string_view rest = text;
  while (!rest.empty()) {
    const ssize_t n = ::write(fd, rest.data(), rest.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      const int error = errno;
      ::close(fd);
      ::unlink(name.c_str());
      throw Failure(name + ": cannot be written: " + std::strerror(error));
    }
    rest.remove_prefix(static_cast<std::size_t>(n));
  }
  ::close(fd);
  return name;
}

}  // namespace

PrivateFile::PrivateFile(std::string_view name, std::string_view text)
    : path_(make_file(std::filesystem::temp_directory_path() / name, text)) {}

PrivateFile::~PrivateFile() {
  std::error_code ignored;
  std::filesystem::remove(path_, ignored);
}

void write_private_file(const std::filesystem::path& path, std::string_view text) {
  const auto temporary = make_file(path, text);
  std::error_code error;
  std::filesystem::rename(temporary, path, error);
  if (error) {
    std::filesystem::remove(temporary, error);
    throw Failure(path.string() + ": cannot be written");
  }
}

void write_file(const std::filesystem::path& path, std::string_view text) {
  std::error_code ignored;
  if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path(), ignored);
  std::ofstream stream(path, std::ios::binary | std::ios::trunc);
  stream << text;
  stream.close();
  if (!stream) throw Failure(path.string() + ": cannot be written");
}

std::string read_file(const std::filesystem::path& path) {
  if (std::filesystem::is_directory(path)) throw Failure(path.string() + ": cannot be read: it is a folder");
  std::ifstream stream(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (!stream) throw Failure(path.string() + ": cannot be read");
  return text;
}

}  // namespace geocell::gateway
