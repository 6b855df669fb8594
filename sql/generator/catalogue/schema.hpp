// The closed schema of a signature file, as code: what is not named here is an error, and every error names
// its place and what is allowed.
#pragma once

#include <yaml-cpp/yaml.h>

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "geocell/sql_types.hpp"
#include "sql/generator/catalogue/catalogue.hpp"

namespace geocell::sql {

// Lengths and ranges of the engines, in one place.
inline constexpr std::size_t kMaxIdentifierLength = 63;  // PostgreSQL: NAMEDATALEN - 1
inline constexpr std::size_t kMaxLambdaNameLength = 64;  // AWS Lambda: FunctionName
inline constexpr std::int64_t kMinMemoryMb = 128, kMaxMemoryMb = 10240;
inline constexpr std::int64_t kMinTimeoutS = 1, kMaxTimeoutS = 900;
inline constexpr std::int64_t kMinBatchRows = 1, kMaxBatchRows = 2147483647;
inline constexpr std::int64_t kMinBatchSizeKb = 1, kMaxBatchSizeKb = 5120;

// The SQL types that a parameter or a result may have: those of geocell/sql_types.hpp, each once, in its
// order.
std::vector<std::string_view> sql_types();

// A record of geocell/sql_types.hpp, such as cell_range: its columns; null: there is no such record.
const RecordInfo* find_record(std::string_view name);

// Identifiers that need no quotes except for keywords: [a-z_][a-z0-9_]*, at most 63 bytes.
bool is_identifier(std::string_view text);

// Reads values of one file and collects what is wrong with them. A reader returns a harmless value after an
// issue, so that the rest of the file is checked too.
class Checker {
 public:
  Checker(std::string file, std::vector<Issue>& issues) : file_(std::move(file)), issues_(issues) {}

  void fail(const YAML::Mark& mark, const std::string& message);
  void fail(const YAML::Node& node, const std::string& message) { fail(node.Mark(), message); }

  // False when `node` is not a mapping. Reports keys outside `allowed`, duplicate keys and missing `required`
  // ones.
  bool mapping(const YAML::Node& node, std::string_view what, std::span<const std::string_view> allowed,
               std::span<const std::string_view> required);
  bool mapping(const YAML::Node& node, std::string_view what, std::initializer_list<std::string_view> allowed,
               std::initializer_list<std::string_view> required) {
    return mapping(node, what, std::span(allowed.begin(), allowed.size()),
                   std::span(required.begin(), required.size()));
  }
  bool sequence(const YAML::Node& node, std::string_view what);

  // Not empty, without control characters but line ends (which are kept inside and cut off at the end).
  std::string text(const YAML::Node& node, std::string_view what);
  std::string line(const YAML::Node& node, std::string_view what);  // the same on one line
  bool boolean(const YAML::Node& node, std::string_view what);
  std::int64_t integer(const YAML::Node& node, std::string_view what, std::int64_t min, std::int64_t max);
  double positive(const YAML::Node& node, std::string_view what);
  std::string identifier(const YAML::Node& node, std::string_view what);
  std::string sql_type(const YAML::Node& node, std::string_view what);
  // The index of the name; 0 after an issue.
  std::size_t one_of(const YAML::Node& node, std::string_view what, std::span<const std::string_view> names);
  std::size_t one_of(const YAML::Node& node, std::string_view what,
                     std::initializer_list<std::string_view> names) {
    return one_of(node, what, std::span(names.begin(), names.size()));
  }

 private:
  std::string file_;
  std::vector<Issue>& issues_;
};

}  // namespace geocell::sql
