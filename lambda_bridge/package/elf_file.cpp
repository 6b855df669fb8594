#include "lambda_bridge/package/elf_file.hpp"

#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

namespace geocell::package {
namespace {

struct Descriptor {
  int fd = -1;
  ~Descriptor() {
    if (fd >= 0) ::close(fd);
  }
};

struct EndElf {
  void operator()(Elf* elf) const { elf_end(elf); }
};

Error bad_file(const std::filesystem::path& path, const std::string& what) {
  return {ErrorCode::invalid_binary, "Cannot package " + path.string() + ": " + what};
}

std::optional<std::string> loader_of(Elf* elf) {
  std::size_t headers = 0;
  std::size_t file_size = 0;
  const char* bytes = elf_rawfile(elf, &file_size);
  if (elf_getphdrnum(elf, &headers) != 0 || bytes == nullptr) return std::nullopt;
  for (std::size_t i = 0; i < headers; ++i) {
    GElf_Phdr header;
    if (gelf_getphdr(elf, static_cast<int>(i), &header) == nullptr || header.p_type != PT_INTERP) continue;
    if (header.p_offset > file_size || header.p_filesz > file_size - header.p_offset) return std::nullopt;
    const char* text = bytes + header.p_offset;
    return std::string(text, strnlen(text, header.p_filesz));
  }
  return std::nullopt;
}

std::vector<std::string> needed_by(Elf* elf) {
  std::vector<std::string> names;
  for (Elf_Scn* section = nullptr; (section = elf_nextscn(elf, section)) != nullptr;) {
    GElf_Shdr header;
    if (gelf_getshdr(section, &header) == nullptr || header.sh_type != SHT_DYNAMIC) continue;
    Elf_Data* data = elf_getdata(section, nullptr);
    if (data == nullptr || header.sh_entsize == 0) continue;
    const auto entries = static_cast<int>(header.sh_size / header.sh_entsize);
    for (int i = 0; i < entries; ++i) {
      GElf_Dyn entry;
      if (gelf_getdyn(data, i, &entry) == nullptr || entry.d_tag != DT_NEEDED) continue;
      if (const char* name = elf_strptr(elf, header.sh_link, entry.d_un.d_val)) names.emplace_back(name);
    }
  }
  return names;
}

}  // namespace

Result<ElfFile> read_elf_file(const std::filesystem::path& path) {
  const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (file.fd < 0) return bad_file(path, std::strerror(errno));
  elf_version(EV_CURRENT);
  const std::unique_ptr<Elf, EndElf> elf(elf_begin(file.fd, ELF_C_READ, nullptr));
  GElf_Ehdr header;
  if (elf == nullptr || elf_kind(elf.get()) != ELF_K_ELF || gelf_getehdr(elf.get(), &header) == nullptr) {
    return bad_file(path, "it is not an ELF file");
  }
  ElfFile result;
  if (header.e_machine == EM_X86_64) {
    result.machine = "x86_64";
  } else if (header.e_machine == EM_AARCH64) {
    result.machine = "aarch64";
  } else {
    return bad_file(path, "it is for ELF machine " + std::to_string(header.e_machine) +
                              "; Lambda runs x86-64 (62) and aarch64 (183)");
  }
  result.loader = loader_of(elf.get());
  result.needed = needed_by(elf.get());
  return result;
}

}  // namespace geocell::package
