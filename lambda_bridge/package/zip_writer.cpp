#include "lambda_bridge/package/zip_writer.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <memory>
#include <optional>

namespace geocell::package {
namespace {

struct FreeArchive {
  void operator()(archive* zip) const { archive_write_free(zip); }
};
struct FreeEntry {
  void operator()(archive_entry* entry) const { archive_entry_free(entry); }
};

la_ssize_t append(archive*, void* to, const void* bytes, std::size_t count) {
  static_cast<std::string*>(to)->append(static_cast<const char*>(bytes), count);
  return static_cast<la_ssize_t>(count);
}

class ZipWriter {
 public:
  ZipWriter() : zip_(archive_write_new()) {
    check(archive_write_set_format_zip(zip_.get()));
    check(archive_write_set_options(zip_.get(), "zip:compression=deflate,zip:compression-level=9"));
    check(archive_write_set_bytes_in_last_block(zip_.get(), 1));
    check(archive_write_open(zip_.get(), &bytes_, nullptr, append, nullptr));
  }
  // libarchive keeps the address of bytes_.
  ZipWriter(const ZipWriter&) = delete;
  ZipWriter& operator=(const ZipWriter&) = delete;

  void add(const ZipEntry& file) {
    if (error_) return;
    const std::unique_ptr<archive_entry, FreeEntry> entry(archive_entry_new());
    archive_entry_set_pathname(entry.get(), file.name.c_str());
    archive_entry_set_filetype(entry.get(), AE_IFREG);
    archive_entry_set_perm(entry.get(), file.executable ? 0755 : 0644);
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(file.bytes.size()));
    check(archive_write_header(zip_.get(), entry.get()));
    if (error_ || file.bytes.empty()) return;
    const la_ssize_t written = archive_write_data(zip_.get(), file.bytes.data(), file.bytes.size());
    if (written != static_cast<la_ssize_t>(file.bytes.size())) check(ARCHIVE_FATAL);
  }

  Result<std::string> finish() {
    check(archive_write_close(zip_.get()));
    if (error_) return std::move(*error_);
    return std::move(bytes_);
  }

 private:
  void check(int status) {
    if (status == ARCHIVE_OK || error_) return;
    const char* why = archive_error_string(zip_.get());
    error_ = Error{ErrorCode::internal,
                   std::string("Cannot write a zip: ") + (why != nullptr ? why : "unknown reason")};
  }

  std::string bytes_;
  std::unique_ptr<archive, FreeArchive> zip_;
  std::optional<Error> error_;
};

}  // namespace

Result<std::string> zip_of(std::vector<ZipEntry> entries) {
  std::ranges::sort(entries, {}, &ZipEntry::name);
  ZipWriter zip;
  for (const ZipEntry& entry : entries) zip.add(entry);
  return zip.finish();
}

}  // namespace geocell::package
