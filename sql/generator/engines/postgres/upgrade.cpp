#include "sql/generator/engines/postgres/upgrade.hpp"

#include <map>
#include <optional>

namespace geocell::sql::postgres {

namespace {

constexpr std::string_view kCreate = "CREATE FUNCTION ";
constexpr std::string_view kComment = "COMMENT ON FUNCTION ";

class LineReader {
 public:
  explicit LineReader(std::string_view text) : text_(text) {}
  std::optional<std::string_view> next() {
    if (text_.empty()) return std::nullopt;
    const std::size_t end = std::min(text_.find('\n'), text_.size());
    const std::string_view line = text_.substr(0, end);
    text_.remove_prefix(std::min(end + 1, text_.size()));
    ++number_;
    return line;
  }
  int number() const { return number_; }

 private:
  std::string_view text_;
  int number_ = 0;
};

// "  AS … COST 50;" without the indentation and the semicolon; nothing when it is no such line.
std::optional<std::string> read_attributes(std::optional<std::string_view> line) {
  if (!line || !line->starts_with("  AS ") || !line->ends_with(";")) return std::nullopt;
  return std::string(line->substr(2, line->size() - 3));
}

// "COMMENT ON FUNCTION name(types) IS 'text';"
bool read_comment(std::optional<std::string_view> line, CreateFunction& function) {
  if (!line || !line->starts_with(kComment) || !line->ends_with(";")) return false;
  const std::string_view rest = line->substr(kComment.size(), line->size() - kComment.size() - 1);
  const std::size_t is = rest.find(" IS ");
  if (is == std::string_view::npos) return false;
  function.signature = rest.substr(0, is);
  function.comment = rest.substr(is + 4);
  return true;
}

}  // namespace

std::vector<CreateFunction> parse_install_script(std::string_view script, const std::string& file,
                                                 std::vector<Issue>& issues) {
  std::vector<CreateFunction> functions;
  LineReader lines(script);
  while (const auto line = lines.next()) {
    if (line->empty() || line->starts_with("--") || line->starts_with("\\echo ")) continue;
    if (!line->starts_with(kCreate)) {
      issues.push_back({file, lines.number(), 1, "should be a CREATE FUNCTION as geocell-sql writes it"});
      return functions;
    }
    CreateFunction function;
    function.interface = line->substr(kCreate.size());
    const auto attributes = read_attributes(lines.next());
    if (!attributes || !read_comment(lines.next(), function)) {
      issues.push_back({file, lines.number(), 1,
                        "should go on with \"  AS …;\" and \"COMMENT ON FUNCTION … IS '…';\", a line each"});
      return functions;
    }
    function.attributes = *attributes;
    functions.push_back(std::move(function));
  }
  return functions;
}

std::string upgrade_script(std::span<const CreateFunction> old_functions, const Extension& extension,
                           std::string_view new_version) {
  std::map<std::string, const CreateFunction*> old_by_signature;
  for (const CreateFunction& function : old_functions)
    old_by_signature.emplace(function.signature, &function);
  std::string drops;
  std::string creates;
  for (const CreateFunction& function : extension.functions) {
    const auto found = old_by_signature.find(function.signature);
    const CreateFunction* old = found == old_by_signature.end() ? nullptr : found->second;
    if (old != nullptr) old_by_signature.erase(found);
    if (old != nullptr && *old == function) continue;
    const bool replace = old != nullptr && old->interface == function.interface;
    if (old != nullptr && !replace) drops += "DROP FUNCTION " + function.signature + ";\n";
    if (!replace || old->attributes != function.attributes)
      creates += "\n" + create_statement(function, replace);
    creates += comment_statement(function);
  }
  // What is left over is no longer in the catalogue. Backwards,
  // since the first of a script serve the later ones.
  for (auto function = old_functions.rbegin(); function != old_functions.rend(); ++function) {
    if (old_by_signature.contains(function->signature))
      drops += "DROP FUNCTION " + function->signature + ";\n";
  }
  return script_header(
             extension, "Upgrade script of extension",
             "ALTER EXTENSION " + extension.name + " UPDATE TO '" + std::string(new_version) + "'") +
         (drops.empty() ? "" : "\n") + drops + creates;
}

}  // namespace geocell::sql::postgres
