#include "tests/lambda_bridge/package/packaged_bootstrap.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <memory>
#include <stdexcept>

namespace geocell::test {
namespace {

constexpr uid_t kNobody = 65534;

[[noreturn]] void fail_in_child(const char* what) {
  const char* why = std::strerror(errno);
  for (const char* part : {"cannot enter the root: ", what, ": ", why, "\n"}) {
    if (::write(STDERR_FILENO, part, std::strlen(part)) < 0) break;
  }
  ::_exit(126);
}

// Between fork and exec: system calls only.
void enter(const char* root, Jail jail) {
  const bool is_root = ::geteuid() == 0;
  if (jail == Jail::user_namespace) {
    if (is_root &&
        (::setresgid(kNobody, kNobody, kNobody) != 0 || ::setresuid(kNobody, kNobody, kNobody) != 0))
      fail_in_child("setresuid");
    if (::unshare(CLONE_NEWUSER) != 0) fail_in_child("unshare");
  }
  if (::chroot(root) != 0) fail_in_child("chroot");
  if (::chdir("/var/task") != 0) fail_in_child("chdir");
  if (jail == Jail::chroot &&
      (::setresgid(kNobody, kNobody, kNobody) != 0 || ::setresuid(kNobody, kNobody, kNobody) != 0))
    fail_in_child("setresuid");
}

std::size_t status_kilobytes(pid_t pid, std::string_view field) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(field)) return std::stoul(line.substr(field.size()));
  }
  throw std::runtime_error("no " + std::string(field) + " of process " + std::to_string(pid));
}

// As execve takes them.
std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (std::string& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

}  // namespace

ScratchFolder::ScratchFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "geocell-package-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make " + name);
  path_ = name;
  ::chmod(name.c_str(), 0755);
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void unpack(const std::filesystem::path& zip, const std::filesystem::path& folder) {
  const std::unique_ptr<archive, int (*)(archive*)> reader(archive_read_new(), &archive_read_free);
  archive_read_support_format_zip(reader.get());
  if (archive_read_open_filename(reader.get(), zip.c_str(), 65536) != ARCHIVE_OK) {
    throw std::runtime_error(archive_error_string(reader.get()));
  }
  archive_entry* entry = nullptr;
  while (archive_read_next_header(reader.get(), &entry) == ARCHIVE_OK) {
    const std::filesystem::path path = folder / archive_entry_pathname(entry);
    std::filesystem::create_directories(path.parent_path());
    const int file = ::open(path.c_str(), O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0600);
    const int status = archive_read_data_into_fd(reader.get(), file);
    ::fchmod(file, archive_entry_perm(entry));
    ::close(file);
    if (file < 0 || status != ARCHIVE_OK) throw std::runtime_error("cannot unpack to " + path.string());
  }
}

PackagedBootstrap::PackagedBootstrap(const std::filesystem::path& root, const std::string& runtime_api,
                                     Jail jail, const std::filesystem::path& log,
                                     std::vector<std::string> command,
                                     const std::vector<std::string>& further_environment) {
  // As Lambda sets them (AWS, "Lambda environment variables"); the library path must not matter.
  std::vector<std::string> settings = {
      "AWS_LAMBDA_RUNTIME_API=" + runtime_api, "_HANDLER=bootstrap", "LAMBDA_TASK_ROOT=/var/task",
      "PATH=/usr/local/bin:/usr/bin:/bin",
      "LD_LIBRARY_PATH=/lib64:/usr/lib64:/var/runtime:/var/task/lib:/opt/lib"};
  settings.insert(settings.end(), further_environment.begin(), further_environment.end());
  const std::vector<char*> environment = pointers(settings);
  const std::vector<char*> arguments = pointers(command);
  const std::string root_text = root.string();
  const int output = ::open(log.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0644);
  if (output < 0) throw std::runtime_error("cannot write " + log.string());
  pid_ = ::fork();
  if (pid_ == 0) {
    ::dup2(output, STDOUT_FILENO);
    ::dup2(output, STDERR_FILENO);
    enter(root_text.c_str(), jail);
    ::execve(arguments.front(), arguments.data(), environment.data());
    fail_in_child("execve");
  }
  ::close(output);
  if (pid_ < 0) throw std::runtime_error("cannot fork");
}

PackagedBootstrap::~PackagedBootstrap() {
  if (pid_ < 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

int PackagedBootstrap::wait() {
  int status = 0;
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

std::size_t PackagedBootstrap::resident_bytes() const { return status_kilobytes(pid_, "VmRSS:") * 1024; }
std::size_t PackagedBootstrap::peak_resident_bytes() const { return status_kilobytes(pid_, "VmHWM:") * 1024; }

}  // namespace geocell::test
