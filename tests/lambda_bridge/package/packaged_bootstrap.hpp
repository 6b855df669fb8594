// The packaged bootstrap, unpacked into an otherwise empty root and started there as Lambda starts it.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "lambda_bridge/package/lambda_package.hpp"

namespace geocell::test {

// What this build made: the functions of SQL engines, and the worker of all other events.
package::Programs built_programs();
package::Programs built_worker();

// A folder that is removed with the object; open to every user, since programs are started as others in it.
class ScratchFolder {
 public:
  ScratchFolder();
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// Unpacks a zip with the modes it says. Throws what is wrong.
void unpack(const std::filesystem::path& zip, const std::filesystem::path& folder);

// How to enter the root.
enum class Jail {
  chroot,          // needs root; goes on as user 65534
  user_namespace,  // needs none; as root, becomes user 65534 first
};
inline constexpr const char* to_string(Jail jail) {
  return jail == Jail::chroot ? "chroot" : "user_namespace";
}

class PackagedBootstrap {
 public:
  // Starts ROOT/var/task/bootstrap (or another command) inside ROOT, with Lambda's environment and further
  // NAME=VALUEs. Its output goes to `log`.
  PackagedBootstrap(const std::filesystem::path& root, const std::string& runtime_api, Jail jail,
                    const std::filesystem::path& log,
                    std::vector<std::string> command = {"/var/task/bootstrap"},
                    const std::vector<std::string>& further_environment = {});
  ~PackagedBootstrap();  // ends it, if it still runs
  PackagedBootstrap(const PackagedBootstrap&) = delete;
  PackagedBootstrap& operator=(const PackagedBootstrap&) = delete;

  // Exit status of a process that ends by itself; 128 + the signal's number where one ended it.
  int wait();
  std::size_t resident_bytes() const;       // now
  std::size_t peak_resident_bytes() const;  // ever

 private:
  pid_t pid_ = -1;
};

}  // namespace geocell::test
