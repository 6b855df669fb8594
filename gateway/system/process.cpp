#include "gateway/system/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "gateway/system/failure.hpp"

namespace geocell::gateway {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { close(); }
  void close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }
  void take(int fd) {
    close();
    fd_ = fd;
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

struct Pipe {
  Descriptor read;
  Descriptor write;
  Pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
      throw Failure(std::string("cannot make a pipe: ") + std::strerror(errno));
    read.take(ends[0]);
    write.take(ends[1]);
  }
};

std::vector<std::string> merged(const std::map<std::string, std::string>& changes) {
  std::vector<std::string> result;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text(*entry);
    if (!changes.contains(text.substr(0, text.find('=')))) result.push_back(text);
  }
  for (const auto& [name, value] : changes) {
    if (!value.empty()) result.push_back(name + "=" + value);
  }
  return result;
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> result;
  result.reserve(strings.size() + 1);
  for (auto& text : strings) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

// Reads what is available. False at the end of the stream.
bool drain(const Descriptor& from, std::string& to) {
  std::array<char, 65536> buffer{};
  const ssize_t n = ::read(from.get(), buffer.data(), buffer.size());
  if (n > 0) to.append(buffer.data(), static_cast<std::size_t>(n));
  return n > 0 || (n < 0 && (errno == EINTR || errno == EAGAIN));
}

int wait_for(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

int run_in_foreground(const std::vector<std::string>& arguments) {
  std::vector<std::string> copies = arguments;
  pid_t child = 0;
  const int failed =
      ::posix_spawn(&child, arguments.front().c_str(), nullptr, nullptr, pointers(copies).data(), environ);
  if (failed != 0) throw Failure(arguments.front() + ": cannot be started: " + std::strerror(failed));
  return wait_for(child);
}

ProcessResult run_process(const std::vector<std::string>& arguments, const std::string& input,
                          const std::map<std::string, std::string>& environment,
                          std::chrono::seconds timeout) {
  Pipe in;
  Pipe out;
  Pipe err;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in.read.get(), 0);
  posix_spawn_file_actions_adddup2(&actions, out.write.get(), 1);
  posix_spawn_file_actions_adddup2(&actions, err.write.get(), 2);
  std::vector<std::string> argument_copies = arguments;
  std::vector<std::string> variables = merged(environment);
  pid_t child = 0;
  const int failed = ::posix_spawnp(&child, arguments.front().c_str(), &actions, nullptr,
                                    pointers(argument_copies).data(), pointers(variables).data());
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) return {127, "", arguments.front() + ": " + std::strerror(failed), false};
  in.read.close();
  out.write.close();
  err.write.close();

  ProcessResult result;
  std::size_t written = 0;
  if (input.empty()) in.write.close();
  ::fcntl(in.write.get(), F_SETFL, O_NONBLOCK);
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  while (out.read.get() >= 0 || err.read.get() >= 0) {
    std::array<pollfd, 3> set{pollfd{out.read.get(), POLLIN, 0}, pollfd{err.read.get(), POLLIN, 0},
                              pollfd{in.write.get(), POLLOUT, 0}};
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now())
            .count();
    if (left <= 0) {
      ::kill(child, SIGKILL);
      result.timed_out = true;
      break;
    }
    if (::poll(set.data(), set.size(), static_cast<int>(left)) < 0 && errno != EINTR) break;
    if (set[0].revents != 0 && !drain(out.read, result.out)) out.read.close();
    if (set[1].revents != 0 && !drain(err.read, result.err)) err.read.close();
    if (set[2].revents != 0) {
      const ssize_t n = ::write(in.write.get(), input.data() + written, input.size() - written);
      if (n > 0) written += static_cast<std::size_t>(n);
      const bool broken = n < 0 && errno != EINTR && errno != EAGAIN;
      if (broken || written == input.size()) in.write.close();
    }
  }
  result.exit_status = wait_for(child);
  return result;
}

}  // namespace geocell::gateway
