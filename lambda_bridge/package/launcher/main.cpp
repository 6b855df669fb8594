// What Lambda starts: `bootstrap` in the zip. Fully static, so that it starts whatever C library the machine
// has; it replaces itself by the real program, run by the loader and with the libraries that lie beside it.
//
//   bootstrap            this
//   bin/bootstrap        the real program
//   lib/ld-linux-*.so.*  its loader
//   lib/*.so.*           its libraries, the C library among them
#include <sys/auxv.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

namespace {

// The names the psABIs give the loader.
#if defined(__x86_64__)
constexpr const char* kLoader = "/lib/ld-linux-x86-64.so.2";
#elif defined(__aarch64__)
constexpr const char* kLoader = "/lib/ld-linux-aarch64.so.1";
#else
#error "Lambda runs on x86-64 and arm64"
#endif

}  // namespace

int main(int argc, char** argv) {
  // The path that execve was given: needs no /proc.
  const char* started_as = reinterpret_cast<const char*>(getauxval(AT_EXECFN));
  char* resolved = realpath(started_as != nullptr ? started_as : argv[0], nullptr);
  if (resolved == nullptr) {
    std::fprintf(stderr, "bootstrap: cannot find its own folder from \"%s\": %s\n",
                 started_as != nullptr ? started_as : "", std::strerror(errno));
    return 1;
  }
  const std::string path = resolved;
  const std::string folder = path.substr(0, path.rfind('/'));
  std::string loader = folder + kLoader;
  std::string libraries = folder + "/lib";
  std::string program = folder + "/bin/bootstrap";

  // The host's libraries belong to another C library: neither its cache nor a layer's
  // preload may bring them in.
  unsetenv("LD_PRELOAD");
  unsetenv("LD_AUDIT");
  std::string library_path = "--library-path";
  std::string inhibit_cache = "--inhibit-cache";
  std::vector<char*> arguments = {loader.data(), inhibit_cache.data(), library_path.data(), libraries.data(),
                                  program.data()};
  for (int i = 1; i < argc; ++i) arguments.push_back(argv[i]);
  arguments.push_back(nullptr);
  execve(loader.c_str(), arguments.data(), environ);
  std::fprintf(stderr, "bootstrap: cannot start \"%s\": %s; the package has to be unpacked whole\n",
               loader.c_str(), std::strerror(errno));
  return 1;
}
