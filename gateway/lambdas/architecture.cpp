#include "gateway/lambdas/architecture.hpp"

#include <elf.h>
#include <sys/utsname.h>

#include <cstring>

#include "gateway/system/archive.hpp"
#include "gateway/system/failure.hpp"
#include "gateway/system/product_file.hpp"

namespace geocell::gateway {
namespace {

LambdaPackage found_package(const std::string& architecture) {
  const std::string name = package_name(architecture);
  return {find_product_file("share/geocell/" + name, "dist/" + name), architecture};
}

}  // namespace

std::string package_name(const std::string& architecture) {
  return "geocell-lambda-" + architecture + ".zip";
}

std::string this_architecture() {
  utsname name{};
  ::uname(&name);
  return std::strcmp(name.machine, "aarch64") == 0 ? kArm : name.machine;
}

std::string architecture_of(const std::filesystem::path& zip) {
  if (!std::filesystem::is_regular_file(zip)) return {};
  const std::string program = read_zip_entry(zip, "bootstrap").value_or("");
  Elf64_Ehdr header;
  if (program.size() < sizeof header) return {};
  std::memcpy(&header, program.data(), sizeof header);
  if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0) return {};
  return header.e_machine == EM_X86_64 ? kX86 : header.e_machine == EM_AARCH64 ? kArm : "";
}

LambdaPackage choose_package(const Config& config, const std::filesystem::path& given) {
  const std::string wanted = config.get("GEOCELL_LAMBDA_ARCHITECTURE");
  if (given.empty()) {
    if (!wanted.empty()) return found_package(wanted);
    const LambdaPackage arm = found_package(kArm);
    const LambdaPackage x86 = found_package(kX86);
    return x86.zip.empty() && !arm.zip.empty() ? arm : x86;
  }
  const std::string actual = architecture_of(given);
  if (!wanted.empty() && !actual.empty() && wanted != actual) {
    throw Failure("The package " + given.string() + " is for " + actual +
                  ", but GEOCELL_LAMBDA_ARCHITECTURE is " + wanted + " (" +
                  config.setting("GEOCELL_LAMBDA_ARCHITECTURE").origin + "); give the package for " + wanted +
                  ", or leave the setting out: it follows the package");
  }
  return {given, !actual.empty() ? actual : !wanted.empty() ? wanted : kX86};
}

}  // namespace geocell::gateway
