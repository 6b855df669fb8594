#include "gateway/verbs/other_release.hpp"

#include "gateway/artifacts/release.hpp"
#include "gateway/system/failure.hpp"
#include "geocell/version.hpp"

namespace geocell::gateway {

std::optional<int> run_other_release(const std::string& version, const GlobalOptions& globals,
                                     const Console& console) {
  if (version.empty() || version == geocell::version()) return std::nullopt;
  const SourceOptions& source = globals.source;
  if (!source.package.empty() || !source.roots.empty() || !source.include_roots.empty()) {
    throw Failure(
        "--version means the release's own signatures and package; leave out --package, --functions-root, "
        "--include-root");
  }
  std::vector<std::string> arguments;
  for (auto word = globals.command_line.begin(); word != globals.command_line.end(); ++word) {
    if (*word == "--version" || *word == "--releases") {
      ++word;  // its value
    } else if (!word->starts_with("--version=") && !word->starts_with("--releases=")) {
      arguments.push_back(*word);
    }
  }
  return run_release(version, arguments, load_config(globals.settings, console), console);
}

}  // namespace geocell::gateway
