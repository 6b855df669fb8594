#include "gateway/system/archive.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <array>
#include <memory>
#include <set>

#include "gateway/system/failure.hpp"
#include "gateway/system/private_file.hpp"
#include "lambda_bridge/package/zip_writer.hpp"

namespace geocell::gateway {
namespace {

struct ReadDeleter {
  void operator()(archive* file) const { archive_read_free(file); }
};
struct WriteDeleter {
  void operator()(archive* file) const { archive_write_free(file); }
};
struct EntryDeleter {
  void operator()(archive_entry* entry) const { archive_entry_free(entry); }
};
using EntryPointer = std::unique_ptr<archive_entry, EntryDeleter>;

void check(archive* file, int status) {
  if (status != ARCHIVE_OK)
    throw Failure(std::string("cannot write an archive: ") + archive_error_string(file));
}

la_ssize_t append(archive*, void* to, const void* bytes, std::size_t count) {
  static_cast<std::string*>(to)->append(static_cast<const char*>(bytes), count);
  return static_cast<la_ssize_t>(count);
}

void write_entry(archive* file, const std::string& name, const std::string& bytes, unsigned type,
                 unsigned mode) {
  const EntryPointer entry(archive_entry_new());
  archive_entry_set_pathname(entry.get(), name.c_str());
  archive_entry_set_filetype(entry.get(), type);
  archive_entry_set_perm(entry.get(), mode);
  archive_entry_set_mtime(entry.get(), 0, 0);
  archive_entry_set_uid(entry.get(), 0);
  archive_entry_set_gid(entry.get(), 0);
  archive_entry_set_size(entry.get(), static_cast<la_int64_t>(bytes.size()));
  check(file, archive_write_header(file, entry.get()));
  if (!bytes.empty() && archive_write_data(file, bytes.data(), bytes.size()) < 0) check(file, ARCHIVE_FATAL);
}

// Calls visit(name, executable, bytes) for every file, where bytes() reads it, until it says false.
template <class Visit>
void visit_zip(const std::filesystem::path& path, const Visit& visit) {
  const std::unique_ptr<archive, ReadDeleter> file(archive_read_new());
  archive_read_support_format_zip_seekable(file.get());
  if (archive_read_open_filename(file.get(), path.c_str(), 65536) != ARCHIVE_OK) {
    throw Failure(path.string() + ": is not a zip that can be read");
  }
  archive_entry* entry = nullptr;
  int status = ARCHIVE_OK;
  while ((status = archive_read_next_header(file.get(), &entry)) == ARCHIVE_OK) {
    if (archive_entry_filetype(entry) != AE_IFREG) continue;
    const std::string name = archive_entry_pathname(entry);
    const auto bytes = [&] {
      std::string result;
      std::array<char, 65536> buffer{};
      la_ssize_t count = 0;
      while ((count = archive_read_data(file.get(), buffer.data(), buffer.size())) > 0) {
        result.append(buffer.data(), static_cast<std::size_t>(count));
      }
      if (count < 0) throw Failure(path.string() + ": " + name + " cannot be read from it");
      return result;
    };
    if (!visit(name, (archive_entry_perm(entry) & 0100U) != 0, bytes)) return;
  }
  if (status != ARCHIVE_EOF) throw Failure(path.string() + ": is not a zip that can be read");
}

}  // namespace

std::vector<ArchiveEntry> read_zip(const std::filesystem::path& path) {
  std::vector<ArchiveEntry> entries;
  visit_zip(path, [&](const std::string& name, bool executable, const auto& bytes) {
    entries.push_back({name, bytes(), executable});
    return true;
  });
  return entries;
}

std::optional<std::string> read_zip_entry(const std::filesystem::path& path, std::string_view wanted) {
  std::optional<std::string> found;
  visit_zip(path, [&](const std::string& name, bool, const auto& bytes) {
    if (name == wanted) found = bytes();
    return !found;
  });
  return found;
}

void write_entries(const std::vector<ArchiveEntry>& entries, const std::filesystem::path& folder) {
  for (const auto& entry : entries) {
    write_file(folder / entry.name, entry.bytes);
    if (entry.executable) std::filesystem::permissions(folder / entry.name, std::filesystem::perms{0755});
  }
}

std::vector<ArchiveEntry> read_entries(const std::filesystem::path& folder) {
  std::vector<ArchiveEntry> entries;
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
    if (!file.is_regular_file()) continue;
    const bool executable =
        (file.status().permissions() & std::filesystem::perms::owner_exec) != std::filesystem::perms::none;
    entries.push_back(
        {file.path().lexically_relative(folder).generic_string(), read_file(file.path()), executable});
  }
  return entries;
}

std::string zip_of(std::vector<ArchiveEntry> entries) {
  std::vector<package::ZipEntry> files;
  for (auto& entry : entries) files.push_back({entry.name, std::move(entry.bytes), entry.executable});
  auto zip = package::zip_of(std::move(files));
  if (!zip) throw Failure(zip.error().message);
  return std::move(*zip);
}

std::string tar_of(std::vector<ArchiveEntry> entries) {
  const std::unique_ptr<archive, WriteDeleter> file(archive_write_new());
  std::ranges::sort(entries, {}, &ArchiveEntry::name);
  std::string out;
  check(file.get(), archive_write_set_format_ustar(file.get()));
  check(file.get(), archive_write_set_bytes_in_last_block(file.get(), 1));
  check(file.get(), archive_write_open(file.get(), &out, nullptr, append, nullptr));
  std::set<std::string> folders;
  for (const auto& entry : entries) {
    for (auto slash = entry.name.find('/'); slash != std::string::npos;
         slash = entry.name.find('/', slash + 1)) {
      const std::string folder = entry.name.substr(0, slash + 1);
      if (folders.insert(folder).second) write_entry(file.get(), folder, "", AE_IFDIR, 0755);
    }
    write_entry(file.get(), entry.name, entry.bytes, AE_IFREG, entry.executable ? 0755 : 0644);
  }
  check(file.get(), archive_write_close(file.get()));
  return out;
}

}  // namespace geocell::gateway
