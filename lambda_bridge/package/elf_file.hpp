// What a packager has to know of an ELF file: for which machine it is, and what it needs to start.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "geocell/status.hpp"

namespace geocell::package {

struct ElfFile {
  std::string machine;                // as `uname -m` says it: "x86_64", "aarch64"
  std::optional<std::string> loader;  // PT_INTERP; none for a static program or a library
  std::vector<std::string> needed;    // DT_NEEDED, in the file's order
};

// Errors name the file: not there, not ELF, or for a machine that Lambda does not have.
Result<ElfFile> read_elf_file(const std::filesystem::path& path);

}  // namespace geocell::package
