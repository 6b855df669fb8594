// A folder for the files of one run, deleted by the destructor.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

#include "gateway/system/failure.hpp"

namespace geocell::gateway {

struct ScratchFolder {
  std::filesystem::path path;
  ScratchFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "geocell-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw Failure(name + ": cannot be created");
    path = name;
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  ~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
};

}  // namespace geocell::gateway
