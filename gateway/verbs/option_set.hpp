// Declares the options of a verb. CLI11 parses them; its header, which takes long to compile, is included by
// command_line.cpp alone.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace geocell::gateway {

// `flags` are "-c,--component", or the name of a positional argument without dashes. Targets keep their value
// when the option is not given; they have to live until the command line has been parsed.
class OptionSet {
 public:
  explicit OptionSet(CLI::App& app) : app_(app) {}

  void flag(const std::string& flags, bool& target, const std::string& help);
  void text(const std::string& flags, std::string& target, const std::string& help);
  void required_text(const std::string& flags, std::string& target, const std::string& help);
  void texts(const std::string& flags, std::vector<std::string>& target, const std::string& help);
  void path(const std::string& flags, std::filesystem::path& target, const std::string& help);
  void paths(const std::string& flags, std::vector<std::filesystem::path>& target, const std::string& help);
  void number(const std::string& flags, int& target, int least, int most, const std::string& help);
  // Comma-separated.
  void list(const std::string& flags, std::vector<std::string>& target, const std::string& help);
  // One of `words`; any number of them, comma-separated. `take` gets each.
  void choice(const std::string& flags, const std::vector<std::string>& words, const std::string& help,
              const std::function<void(const std::string&)>& take);
  void choices(const std::string& flags, const std::vector<std::string>& words, const std::string& help,
               bool is_required, const std::function<void(const std::string&)>& take);

  // Options of a group of their own in --help.
  void text_in(const std::string& group, const std::string& flags, const std::string& help,
               const std::function<void(const std::string&)>& take);
  // flags and !--no-flags.
  void switch_in(const std::string& group, const std::string& flags, const std::string& help,
                 const std::function<void(bool)>& take);
  // Not in --help; giving it is an error with this text.
  void refused(const std::string& flags, const std::string& reason);

 private:
  using Take = std::function<void(const std::vector<std::string>&)>;
  CLI::Option& add(const std::string& flags, const std::string& help, const Take& take);

  CLI::App& app_;
};

}  // namespace geocell::gateway
