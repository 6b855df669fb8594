// Every setting of the gateway: its value and where the value came from.
//
// First the command line, then the process's environment, then the .env files (the later file beats the
// earlier: the repository's .env, then gateway/.env), then the default.
// The names are those of CARTO's gateway.
#pragma once

#include <filesystem>
#include <initializer_list>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace geocell::gateway {

struct Variable {
  std::string_view name;
  std::string_view default_value;
  bool secret;
  std::string_view meaning;
};
std::span<const Variable> variables();

struct Setting {
  std::string value;
  std::string origin;  // "command line", "environment", ".env:12", "default", …
};

class Config {
 public:
  // `env_files`: given ones must exist; when there is none, .env and gateway/.env under the current folder
  // are read when they exist. `overrides`: values from the command line. Throws Failure on a file or value
  // that is wrong.
  static Config load(const std::vector<std::filesystem::path>& env_files,
                     const std::map<std::string, std::string>& overrides);

  const std::string& get(std::string_view name) const;
  bool has(std::string_view name) const { return !get(name).empty(); }
  bool flag(std::string_view name) const;                           // 1/0, true/false, yes/no, on/off
  long number(std::string_view name, long least, long most) const;  // Failure outside
  std::vector<std::string> list(std::string_view name) const;       // comma-separated, trimmed
  const Setting& setting(std::string_view name) const;
  const std::vector<std::string>& warnings() const { return warnings_; }

  // Derived values.
  const std::string& schema() const { return schema_; }  // checked
  const std::string& schema_origin() const { return schema_origin_; }
  const std::string& prefix() const { return prefix_; }                  // of Lambdas, checked
  const std::string& sandbox() const { return get("GEOCELL_SANDBOX"); }  // "" is production

  // `text` with every secret of this configuration replaced by ****.
  std::string redact(std::string text) const;
  // A value fit for the screen.
  std::string shown(std::string_view name) const;

 private:
  void derive();
  void one_of(std::string_view name, std::initializer_list<std::string_view> values) const;

  std::map<std::string, Setting, std::less<>> settings_;
  std::vector<std::string> warnings_;
  std::string schema_;
  std::string schema_origin_;
  std::string prefix_;
};

}  // namespace geocell::gateway
