#include "lambda_bridge/package/lambda_package.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <openssl/evp.h>

#include <array>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <system_error>

#include "lambda_bridge/package/elf_file.hpp"

namespace geocell::package {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMaxUploadBytes = 50'000'000;
constexpr std::uint64_t kMaxUnpackedBytes = 250'000'000;
constexpr unsigned kProgramMode = 0755;
constexpr unsigned kLibraryMode = 0644;

Error failed(std::string what) { return {ErrorCode::invalid_parameter, std::move(what)}; }

// Where Debian keeps a machine's libraries.
std::vector<fs::path> library_folders(const fs::path& sysroot, const std::string& machine) {
  const fs::path root = sysroot.empty() ? fs::path("/") : sysroot;
  const std::string triplet = machine + "-linux-gnu";
  return {root / "lib" / triplet, root / "usr/lib" / triplet};
}

// Where files go in the zip → where they come from. A map, so that the zip is sorted.
using Files = std::map<std::string, fs::path>;

class Collector {
 public:
  Collector(const fs::path& sysroot, std::string machine, Files& files)
      : machine_(std::move(machine)), folders_(library_folders(sysroot, machine_)), files_(files) {}

  // The libraries that `elf`, read from `path`, needs, and what those need.
  std::optional<Error> add_libraries_of(const fs::path& path, const ElfFile& elf) {
    if (elf.machine != machine_) {
      return failed("Cannot package " + path.string() + ": it is for " + elf.machine +
                    ", but the bootstrap is for " + machine_);
    }
    for (const std::string& name : elf.needed) {
      if (auto error = add_library(name, path)) return error;
    }
    return std::nullopt;
  }

  std::optional<Error> add_library(const std::string& name, const fs::path& needed_by) {
    const auto [place, is_new] = files_.try_emplace("lib/" + name);
    if (!is_new) return std::nullopt;
    std::string searched;
    for (const fs::path& folder : folders_) {
      std::error_code none;
      if (fs::exists(folder / name, none)) {
        place->second = folder / name;
        const auto elf = read_elf_file(place->second);
        return elf ? add_libraries_of(place->second, *elf) : elf.error();
      }
      searched += (searched.empty() ? "" : ", ") + folder.string();
    }
    return failed("Cannot package " + needed_by.string() + ": it needs " + name + ", which is in none of " +
                  searched);
  }

 private:
  std::string machine_;
  std::vector<fs::path> folders_;
  Files& files_;
};

struct CloseArchive {
  void operator()(archive* a) const { archive_write_free(a); }
};
struct FreeEntry {
  void operator()(archive_entry* e) const { archive_entry_free(e); }
};

class ZipWriter {
 public:
  explicit ZipWriter(const fs::path& path) : zip_(archive_write_new()), path_(path) {
    check(archive_write_set_format_zip(zip_.get()));
    check(archive_write_set_options(zip_.get(), "zip:compression=deflate,zip:compression-level=9"));
    check(archive_write_set_bytes_in_last_block(zip_.get(), 1));
    check(archive_write_open_filename(zip_.get(), path.c_str()));
  }

  void add(const std::string& name, const std::string& bytes, unsigned mode) {
    if (error_) return;
    const std::unique_ptr<archive_entry, FreeEntry> entry(archive_entry_new());
    // No times: they would differ from build to build.
    archive_entry_set_pathname(entry.get(), name.c_str());
    archive_entry_set_filetype(entry.get(), AE_IFREG);
    archive_entry_set_perm(entry.get(), static_cast<__LA_MODE_T>(mode));
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(bytes.size()));
    check(archive_write_header(zip_.get(), entry.get()));
    if (error_) return;
    if (archive_write_data(zip_.get(), bytes.data(), bytes.size()) != static_cast<la_ssize_t>(bytes.size())) {
      check(ARCHIVE_FATAL);
    }
  }

  std::optional<Error> finish() {
    check(archive_write_close(zip_.get()));
    return error_;
  }

 private:
  void check(int status) {
    if (status == ARCHIVE_OK || error_) return;
    const char* why = archive_error_string(zip_.get());
    error_ = failed("Cannot write " + path_.string() + ": " + (why != nullptr ? why : "unknown reason"));
  }

  std::unique_ptr<archive, CloseArchive> zip_;
  fs::path path_;
  std::optional<Error> error_;
};

std::optional<std::string> read_bytes(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file.good() && !file.eof()) return std::nullopt;
  return bytes;
}

void add_digest(const std::string& bytes, Package& package) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr);
  static constexpr std::string_view kHex = "0123456789abcdef";
  for (unsigned i = 0; i < length; ++i) {
    package.sha256 += kHex[digest[i] >> 4];
    package.sha256 += kHex[digest[i] & 15];
  }
  std::array<unsigned char, EVP_MAX_MD_SIZE * 2> base64{};
  const int size = EVP_EncodeBlock(base64.data(), digest.data(), static_cast<int>(length));
  package.sha256_base64.assign(base64.begin(), base64.begin() + size);
}

Result<Package> write_zip(const Files& files, const fs::path& out, std::string machine) {
  std::error_code error;
  if (out.has_parent_path()) fs::create_directories(out.parent_path(), error);
  if (error) return failed("Cannot make folder " + out.parent_path().string() + ": " + error.message());

  Package package{out, std::move(machine), {}, {}, 0, 0, {}};
  const fs::path draft = out.string() + ".draft";
  ZipWriter zip(draft);
  for (const auto& [name, source] : files) {
    const auto bytes = read_bytes(source);
    if (!bytes) return failed("Cannot read " + source.string());
    // The loader is started by its path, so it is a program too.
    const bool is_program = !name.starts_with("lib/") || name.starts_with("lib/ld-");
    zip.add(name, *bytes, is_program ? kProgramMode : kLibraryMode);
    package.entries.push_back({name, bytes->size()});
    package.unpacked_bytes += bytes->size();
  }
  if (auto write_error = zip.finish()) return std::move(*write_error);

  const auto written = read_bytes(draft);
  if (!written) return failed("Cannot read " + draft.string());
  package.bytes = written->size();
  add_digest(*written, package);
  if (package.bytes > kMaxUploadBytes || package.unpacked_bytes > kMaxUnpackedBytes) {
    return failed("The package takes " + std::to_string(package.bytes) + " bytes zipped and " +
                  std::to_string(package.unpacked_bytes) +
                  " bytes unpacked; Lambda takes at most 50000000 and 250000000");
  }
  fs::rename(draft, out, error);
  if (error) return failed("Cannot write " + out.string() + ": " + error.message());
  return package;
}

}  // namespace

Result<Package> build_package(const Programs& programs, const std::filesystem::path& out) {
  const auto bootstrap = read_elf_file(programs.bootstrap);
  if (!bootstrap) return bootstrap.error();
  const auto launcher = read_elf_file(programs.launcher);
  if (!launcher) return launcher.error();
  if (!bootstrap->loader) {
    return failed("Cannot package " + programs.bootstrap.string() +
                  ": it names no loader; it should be a dynamically linked program");
  }
  if (launcher->loader || !launcher->needed.empty()) {
    return failed(
        "Cannot package " + programs.launcher.string() +
        ": the launcher should be static, or it depends on the C library of the machine it runs on");
  }
  if (launcher->machine != bootstrap->machine) {
    return failed("Cannot package " + programs.launcher.string() + ": it is for " + launcher->machine +
                  ", but the bootstrap is for " + bootstrap->machine);
  }
  Files files = {{"bootstrap", programs.launcher}, {"bin/bootstrap", programs.bootstrap}};
  Collector collector(programs.sysroot, bootstrap->machine, files);
  const std::string loader = fs::path(*bootstrap->loader).filename();
  if (auto error = collector.add_library(loader, programs.bootstrap)) return std::move(*error);
  if (auto error = collector.add_libraries_of(programs.bootstrap, *bootstrap)) return std::move(*error);
  return write_zip(files, out, bootstrap->machine);
}

}  // namespace geocell::package
