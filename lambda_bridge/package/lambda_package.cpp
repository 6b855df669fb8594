#include "lambda_bridge/package/lambda_package.hpp"

#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <system_error>
#include <vector>

#include "lambda_bridge/package/elf_file.hpp"
#include "lambda_bridge/package/sha256.hpp"
#include "lambda_bridge/package/zip_writer.hpp"

namespace geocell::package {
namespace {

namespace fs = std::filesystem;

// AWS, "Lambda quotas".
constexpr std::uint64_t kMaxUploadBytes = 50'000'000;
constexpr std::uint64_t kMaxUnpackedBytes = 250'000'000;

Error failed(std::string what) { return {ErrorCode::invalid_parameter, std::move(what)}; }

// Where Debian keeps a machine's libraries.
std::vector<fs::path> library_folders(const fs::path& sysroot, const std::string& machine) {
  const fs::path root = sysroot.empty() ? fs::path("/") : sysroot;
  const std::string triplet = machine + "-linux-gnu";
  return {root / "lib" / triplet, root / "usr/lib" / triplet};
}

// Names in the zip → the files to read.
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

std::optional<std::string> read_bytes(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file.good() && !file.eof()) return std::nullopt;
  return bytes;
}

// Makes the folder of `out`, and leaves what was there when writing fails.
std::optional<Error> replace_file(const fs::path& out, const std::string& bytes) {
  std::error_code error;
  if (out.has_parent_path()) fs::create_directories(out.parent_path(), error);
  if (error) return failed("Cannot make folder " + out.parent_path().string() + ": " + error.message());
  const fs::path draft = out.string() + ".draft";
  std::ofstream file(draft, std::ios::binary);
  file << bytes;
  file.close();
  if (!file) {
    fs::remove(draft, error);
    return failed("Cannot write " + draft.string());
  }
  fs::rename(draft, out, error);
  if (error) return failed("Cannot write " + out.string() + ": " + error.message());
  return std::nullopt;
}

Result<Package> write_package(const Files& files, const fs::path& out, std::string machine) {
  Package package{out, std::move(machine), {}, {}, 0, 0, {}};
  std::vector<ZipEntry> entries;
  for (const auto& [name, source] : files) {
    auto bytes = read_bytes(source);
    if (!bytes) return failed("Cannot read " + source.string());
    package.entries.push_back({name, bytes->size()});
    package.unpacked_bytes += bytes->size();
    // The loader is started by its path, so it is a program too.
    const bool is_program = !name.starts_with("lib/") || name.starts_with("lib/ld-");
    entries.push_back({name, std::move(*bytes), is_program});
  }
  const auto zip = zip_of(std::move(entries));
  if (!zip) return zip.error();
  package.bytes = zip->size();
  package.sha256 = sha256_hex(*zip);
  package.sha256_base64 = sha256_base64(*zip);
  if (package.bytes > kMaxUploadBytes || package.unpacked_bytes > kMaxUnpackedBytes) {
    return failed("The package takes " + std::to_string(package.bytes) + " bytes zipped and " +
                  std::to_string(package.unpacked_bytes) + " bytes unpacked; Lambda takes at most " +
                  std::to_string(kMaxUploadBytes) + " and " + std::to_string(kMaxUnpackedBytes));
  }
  if (auto error = replace_file(out, *zip)) return std::move(*error);
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
  return write_package(files, out, bootstrap->machine);
}

}  // namespace geocell::package
