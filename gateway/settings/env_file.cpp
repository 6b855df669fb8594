#include "gateway/settings/env_file.hpp"

#include <cctype>
#include <fstream>
#include <iterator>

#include "gateway/system/failure.hpp"
#include "geocell/text.hpp"

namespace geocell::gateway {
namespace {

[[noreturn]] void fail(const std::string& file, int line, const std::string& message) {
  throw Failure(file + ":" + std::to_string(line) + ": " + message);
}

// Reads the value that begins at text[i]; leaves i after it. Counts the lines that a quoted value runs over.
class ValueReader {
 public:
  ValueReader(std::string_view text, const std::string& file, std::string_view name, int line)
      : text_(text), file_(file), name_(name), start_line_(line), line_(line) {}

  std::string read(std::size_t& i) {
    if (i < text_.size() && (text_[i] == '\'' || text_[i] == '"')) {
      std::string value = quoted(i);
      expect_end_of_line(i);
      return value;
    }
    return bare(i);
  }
  int line() const { return line_; }

 private:
  std::string quoted(std::size_t& i) {
    const char mark = text_[i++];
    std::string value;
    for (; i < text_.size(); ++i) {
      const char c = text_[i];
      if (c == mark) {
        ++i;
        return value;
      }
      if (c == '\n') ++line_;
      if (mark == '"' && c == '\\' && i + 1 < text_.size()) {
        value += unescaped(text_[++i]);
      } else {
        if (mark == '"') refuse_reference(i);
        value += c;
      }
    }
    fail(file_, start_line_,
         std::string("the value of ") + std::string(name_) + " lacks its closing " + mark);
  }

  std::string bare(std::size_t& i) {
    const std::size_t begin = i;
    for (; i < text_.size() && text_[i] != '\n'; ++i) {
      if (text_[i] == '#' && (i == begin || text_[i - 1] == ' ' || text_[i - 1] == '\t')) break;
      refuse_reference(i);
    }
    std::string value = trim(text_.substr(begin, i - begin));
    i = text_.find('\n', i);
    return value;
  }

  void expect_end_of_line(std::size_t& i) {
    const std::size_t end = text_.find('\n', i);
    const std::string rest = trim(text_.substr(i, end == std::string_view::npos ? end : end - i));
    if (!rest.empty() && rest.front() != '#') {
      fail(file_, line_, "text after the closing quote of " + std::string(name_) + "'s value");
    }
    i = end;
  }

  void refuse_reference(std::size_t i) const {
    if (text_[i] == '$' && i + 1 < text_.size() && text_[i + 1] == '{') {
      fail(file_, line_,
           "the value of " + std::string(name_) +
               " holds ${...}, which is not replaced here; write the value itself, or put it in single "
               "quotes when it is meant literally");
    }
  }

  char unescaped(char c) const {
    switch (c) {
      case 'n':
        return '\n';
      case 'r':
        return '\r';
      case 't':
        return '\t';
      case '"':
      case '\\':
      case '$':
        return c;
      default:
        fail(file_, line_,
             "unknown escape in the value of " + std::string(name_) +
                 "; in double quotes \\ may only come before n r t \" \\ $ (or use single quotes)");
    }
  }

  std::string_view text_;
  const std::string& file_;
  std::string_view name_;
  int start_line_;
  int line_;
};

}  // namespace

EnvFile parse_env(std::string_view text, const std::string& file) {
  EnvFile values;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  int line = 1;
  std::size_t i = 0;
  while (i < text.size()) {
    const std::size_t end = std::min(text.find('\n', i), text.size());
    const std::string content = trim(text.substr(i, end - i));
    if (content.empty() || content.front() == '#') {
      i = end + 1;
      ++line;
      continue;
    }
    const std::size_t equals = text.find('=', i);
    if (equals == std::string_view::npos || equals > end) fail(file, line, "should be NAME=value");
    std::string name = trim(text.substr(i, equals - i));
    if (name.starts_with("export ")) name = trim(name.substr(7));
    bool right = !name.empty() && (std::isdigit(static_cast<unsigned char>(name.front())) == 0);
    for (const char c : name) right = right && (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_');
    if (!right) fail(file, line, "should be NAME=value, the name of letters, digits and underscores");

    i = equals + 1;
    while (i < end && (text[i] == ' ' || text[i] == '\t')) ++i;
    ValueReader reader(text, file, name, line);
    std::string value = reader.read(i);
    if (value.find('\0') != std::string::npos)
      fail(file, line, "the value of " + name + " holds a zero byte");
    values[name] = {std::move(value), line};
    line = reader.line() + 1;
    if (i == std::string_view::npos) break;
    ++i;
  }
  return values;
}

EnvFile read_env_file(const std::filesystem::path& path) {
  if (std::filesystem::is_directory(path))
    throw Failure(path.string() + ": cannot read this file: it is a folder");
  std::ifstream stream(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (!stream || std::filesystem::is_directory(path))
    throw Failure(path.string() + ": cannot read this file");
  return parse_env(text, path.string());
}

std::string quote_env(std::string_view value) {
  if (value.find('\'') == std::string_view::npos && value.find('\n') == std::string_view::npos) {
    return "'" + std::string(value) + "'";
  }
  std::string quoted = "\"";
  for (const char c : value) {
    if (c == '\n') {
      quoted += "\\n";
      continue;
    }
    if (c == '"' || c == '\\' || c == '$') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

}  // namespace geocell::gateway
