// What the gateway's tests run as `aws`: hands its arguments, environment and standard streams to the AWS CLI
// that fast_aws.py keeps started, and exits as that does. The socket lies beside this program, under its name
// and ".socket".
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <string>

namespace {

bool send_all(int to, const std::string& bytes) {
  for (std::size_t sent = 0; sent < bytes.size();) {
    const ssize_t n = ::send(to, bytes.data() + sent, bytes.size() - sent, 0);
    if (n <= 0) return false;
    sent += static_cast<std::size_t>(n);
  }
  return true;
}

// The length, most significant byte first, and with it the three standard streams.
bool send_header(int to, std::size_t length) {
  std::array<unsigned char, 4> header{};
  for (std::size_t i = 0; i < 4; ++i) header.at(i) = static_cast<unsigned char>(length >> (24 - 8 * i));
  const std::array<int, 3> streams = {0, 1, 2};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof streams)> control{};
  iovec part{header.data(), header.size()};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  cmsghdr* rights = CMSG_FIRSTHDR(&message);
  rights->cmsg_level = SOL_SOCKET;
  rights->cmsg_type = SCM_RIGHTS;
  rights->cmsg_len = CMSG_LEN(sizeof streams);
  std::memcpy(CMSG_DATA(rights), streams.data(), sizeof streams);
  return ::sendmsg(to, &message, 0) == static_cast<ssize_t>(header.size());
}

}  // namespace

int main(int argc, char** argv) {
  const std::string path = std::string(argv[0]) + ".socket";
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return 255;
  std::memcpy(static_cast<char*>(address.sun_path), path.c_str(), path.size() + 1);
  const int server = ::socket(AF_UNIX, SOCK_STREAM, 0);
  if (::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return 255;  // NOLINT

  std::array<char, 4096> folder{};
  if (::getcwd(folder.data(), folder.size()) == nullptr) return 255;
  std::string message = folder.data();
  for (int i = 1; i < argc; ++i) message += std::string(1, '\0') + argv[i];
  message += std::string(2, '\0');
  for (char** variable = environ; *variable != nullptr; ++variable) {
    message += *variable + std::string(variable[1] == nullptr ? 0 : 1, '\0');
  }
  if (!send_header(server, message.size()) || !send_all(server, message)) return 255;
  unsigned char status = 255;
  return ::recv(server, &status, 1, 0) == 1 ? status : 255;
}
