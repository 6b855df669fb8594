#include "sql/generator/catalogue/schema.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

#include "geocell/text.hpp"

namespace geocell::sql {

namespace {

template <class Names>
bool contains(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool has_control_characters(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return is_control_character(c) && c != '\n'; });
}

}  // namespace

bool is_identifier(std::string_view text) {
  const auto is_start = [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; };
  return !text.empty() && text.size() <= kMaxIdentifierLength && is_start(text.front()) &&
         std::all_of(text.begin(), text.end(), [&](char c) { return is_start(c) || (c >= '0' && c <= '9'); });
}

std::vector<std::string_view> sql_types() {
  std::vector<std::string_view> names;
  for (const SqlTypeRow& row : kSqlTypeRows) {
    if (!contains(names, row.name)) names.push_back(row.name);
  }
  return names;
}

const RecordInfo* find_record(std::string_view name) {
#define GEOCELL_RECORD(record) record_info<record>(),
  static const std::vector<RecordInfo> records = {GEOCELL_RECORDS(GEOCELL_RECORD)};
#undef GEOCELL_RECORD
  const auto found = std::find_if(records.begin(), records.end(),
                                  [&](const RecordInfo& record) { return record.name == name; });
  return found == records.end() ? nullptr : &*found;
}

void Checker::fail(const YAML::Mark& mark, const std::string& message) {
  issues_.push_back({file_, mark.line + 1, mark.column + 1, message});
}

bool Checker::mapping(const YAML::Node& node, std::string_view what,
                      std::span<const std::string_view> allowed, std::span<const std::string_view> required) {
  if (!node.IsMap()) {
    fail(node, std::string(what) + " should be a mapping with the keys " + join(allowed));
    return false;
  }
  std::set<std::string> seen;
  for (const auto& entry : node) {
    if (!entry.first.IsScalar()) {
      fail(entry.first, "a key of " + std::string(what) + " should be one of " + join(allowed));
      continue;
    }
    const std::string& key = entry.first.Scalar();
    if (!contains(allowed, key)) {
      fail(entry.first,
           "unknown key " + in_quotes(key) + " in " + std::string(what) + "; allowed are " + join(allowed));
    } else if (!seen.insert(key).second) {
      fail(entry.first, "duplicate key " + in_quotes(key) + " in " + std::string(what));
    }
  }
  for (const std::string_view key : required) {
    if (!seen.contains(std::string(key))) {
      fail(node, std::string(what) + " lacks the key " + in_quotes(key));
    }
  }
  return true;
}

bool Checker::sequence(const YAML::Node& node, std::string_view what) {
  if (!node.IsSequence()) fail(node, std::string(what) + " should be a list");
  return node.IsSequence();
}

std::string Checker::text(const YAML::Node& node, std::string_view what) {
  if (!node.IsScalar()) {
    fail(node, std::string(what) + " should be text");
    return "";
  }
  std::string value = node.Scalar();
  while (!value.empty() && (value.back() == '\n' || value.back() == ' ')) value.pop_back();
  if (value.empty()) fail(node, std::string(what) + " should not be empty");
  if (has_control_characters(value)) fail(node, std::string(what) + " should not contain control characters");
  return value;
}

std::string Checker::line(const YAML::Node& node, std::string_view what) {
  std::string value = text(node, what);
  if (value.find('\n') != std::string::npos) fail(node, std::string(what) + " should be one line");
  return value;
}

bool Checker::boolean(const YAML::Node& node, std::string_view what) {
  return one_of(node, what, {"false", "true"}) == 1;
}

std::int64_t Checker::integer(const YAML::Node& node, std::string_view what, std::int64_t min,
                              std::int64_t max) {
  const std::string value = node.IsScalar() ? node.Scalar() : "";
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error == std::errc() && end == value.data() + value.size() && number >= min && number <= max)
    return number;
  fail(node, std::string(what) + (value.empty() ? "" : " is " + in_quotes(value) + "; it") +
                 " should be an integer between " + std::to_string(min) + " and " + std::to_string(max));
  return min;
}

double Checker::positive(const YAML::Node& node, std::string_view what) {
  const std::string value = node.IsScalar() ? node.Scalar() : "";
  double number = 0;
  const auto [end, error] =
      std::from_chars(value.data(), value.data() + value.size(), number, std::chars_format::fixed);
  if (error == std::errc() && end == value.data() + value.size() && std::isfinite(number) && number > 0)
    return number;
  fail(node, std::string(what) + (value.empty() ? "" : " is " + in_quotes(value) + "; it") +
                 " should be a number greater than 0");
  return 1;
}

std::string Checker::identifier(const YAML::Node& node, std::string_view what) {
  const std::string value = line(node, what);
  if (!value.empty() && !is_identifier(value)) {
    fail(node,
         std::string(what) + " is " + in_quotes(value) +
             "; it should be lower-case letters, digits and _, not begin with a digit, and be at most " +
             std::to_string(kMaxIdentifierLength) + " bytes long");
  }
  return value;
}

std::string Checker::sql_type(const YAML::Node& node, std::string_view what) {
  const std::string value = line(node, what);
  if (!value.empty() && !contains(sql_types(), value)) {
    fail(node, "unknown type " + in_quotes(value) + "; " + std::string(what) + " should be one of " +
                   join(sql_types()));
  }
  return value;
}

std::size_t Checker::one_of(const YAML::Node& node, std::string_view what,
                            std::span<const std::string_view> names) {
  const std::string value = node.IsScalar() ? node.Scalar() : "";
  const auto found = std::find(names.begin(), names.end(), value);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  fail(node, std::string(what) + (value.empty() ? "" : " is " + in_quotes(value) + "; it") +
                 " should be one of " + join(names));
  return 0;
}

}  // namespace geocell::sql
