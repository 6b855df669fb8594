// The zip that Lambda runs: a program (bootstrap or worker) with every library it needs, the C library and
// its loader among them, so that it starts in an empty root and does not depend on the runtime's versions of
// anything.
//
//   bootstrap            the static launcher, mode 0755
//   bin/bootstrap        the program, whatever its name was
//   lib/…                its loader and libraries
//
// The same input files give the same bytes: entries are sorted, carry no times, and belong to user 0.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "geocell/status.hpp"

namespace geocell::package {

struct Programs {
  std::filesystem::path bootstrap;  // what the launcher starts, linked dynamically; stripped, for a small zip
  std::filesystem::path launcher;   // the static launcher (launcher/), for the same machine
  std::filesystem::path sysroot{};  // where a foreign machine's libraries are unpacked; empty: this machine's
};

struct Entry {
  std::string name;
  std::uint64_t bytes = 0;  // unpacked
};

struct Package {
  std::filesystem::path path;
  std::string machine;        // "x86_64" or "aarch64"
  std::string sha256;         // of the zip, as sha256sum prints it
  std::string sha256_base64;  // the same as Lambda prints it: CodeSha256
  std::uint64_t bytes = 0;
  std::uint64_t unpacked_bytes = 0;
  std::vector<Entry> entries;  // in the zip's order
};

// Writes the zip to `out`, replacing what was there only when all went well; makes the folder of `out`.
// Libraries are taken from Debian's folders for the program's machine (lib and usr/lib of its multiarch
// triplet), below the sysroot. Errors name the file: one that is missing, of the wrong kind or for another
// machine; a library that was not found and what needs it; or what could not be written. Also when the
// zip is over Lambda's limits: 50 MB to upload, 250 MB unpacked (AWS, "Lambda quotas").
Result<Package> build_package(const Programs& programs, const std::filesystem::path& out);

}  // namespace geocell::package
