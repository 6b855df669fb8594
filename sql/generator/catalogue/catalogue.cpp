#include "sql/generator/catalogue/catalogue.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>

#include "geocell/text.hpp"

namespace geocell::sql {

namespace {

std::optional<std::string> read_file(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return std::nullopt;
  std::ostringstream text;
  text << stream.rdbuf();
  return stream.bad() ? std::nullopt : std::optional(std::move(text).str());
}

std::vector<std::filesystem::path> sorted_entries(const std::filesystem::path& directory) {
  std::vector<std::filesystem::path> entries;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) entries.push_back(entry.path());
  std::sort(entries.begin(), entries.end());
  return entries;
}

// `entry` is a handler of the module, or a folder on the way to one.
bool holds_handler(const std::filesystem::path& entry, std::span<const Function> module) {
  return std::any_of(module.begin(), module.end(), [&](const Function& function) {
    if (!function.handler) return false;
    const auto first = *std::filesystem::path(function.handler->path).begin();
    return entry.filename() == first;
  });
}

void check_handler(const Function& function, std::vector<Issue>& issues) {
  if (!function.handler) return;
  const auto path = std::filesystem::path(function.file).parent_path() / function.handler->path;
  if (std::filesystem::is_regular_file(path)) return;
  issues.push_back(
      {function.file, function.handler->line, function.handler->column,
       "handler is " + in_quotes(function.handler->path) + "; there is no such file at " + path.string()});
}

void read_module(const std::filesystem::path& module, Catalogue& catalogue) {
  const std::size_t first = catalogue.functions.size();
  std::vector<std::filesystem::path> others;
  for (const auto& file : sorted_entries(module)) {
    const auto text = file.extension() == ".yaml" ? read_file(file) : std::nullopt;
    if (text) {
      catalogue.functions.push_back(parse_function(*text, file.string(), catalogue.issues));
    } else {
      others.push_back(file);
    }
  }
  const auto functions = std::span<const Function>(catalogue.functions).subspan(first);
  for (const Function& function : functions) check_handler(function, catalogue.issues);
  for (const auto& other : others) {
    if (holds_handler(other, functions)) continue;
    catalogue.issues.push_back({other.string(), 0, 0, "should be a readable file <function name>.yaml"});
  }
}

// One file for each name: SQL knows no modules.
void check_unique_names(Catalogue& catalogue) {
  std::map<std::string, std::string> files;
  for (const Function& function : catalogue.functions) {
    const auto [known, inserted] = files.emplace(function.name, function.file);
    if (!inserted) {
      catalogue.issues.push_back(
          {function.file, 0, 0,
           "function " + in_quotes(function.name) + " is already described in " + known->second});
    }
  }
}

}  // namespace

std::string to_text(const Issue& issue) {
  std::string text = issue.file;
  if (issue.line > 0) text += ":" + std::to_string(issue.line) + ":" + std::to_string(issue.column);
  return text + ": " + issue.message;
}

std::string to_text(const std::vector<Issue>& issues) {
  std::string text;
  for (const Issue& issue : issues) text += to_text(issue) + "\n";
  return text;
}

Catalogue load_catalogue(const std::filesystem::path& root) { return load_catalogue(std::span(&root, 1)); }

Catalogue load_catalogue(std::span<const std::filesystem::path> roots) {
  Catalogue catalogue;
  for (const auto& root : roots) {
    if (!std::filesystem::is_directory(root)) {
      catalogue.issues.push_back({root.string(), 0, 0, "not a directory; should hold <module>/<name>.yaml"});
      continue;
    }
    for (const auto& module : sorted_entries(root)) {
      if (std::filesystem::is_directory(module)) {
        read_module(module, catalogue);
      } else {
        catalogue.issues.push_back(
            {module.string(), 0, 0, "unexpected file; should be a folder named after a module"});
      }
    }
  }
  check_unique_names(catalogue);
  return catalogue;
}

std::string first_paragraph(std::string_view description) {
  std::string paragraph;
  for (std::size_t i = 0; i < description.size(); ++i) {
    if (description[i] != '\n') {
      paragraph += description[i];
      continue;
    }
    if (i + 1 == description.size() || description[i + 1] == '\n') break;
    paragraph += ' ';
  }
  return paragraph;
}

std::vector<std::size_t> overload_arities(const Function& function) {
  std::size_t required = 0;
  while (required < function.parameters.size() && !function.parameters[required].optional) ++required;
  std::vector<std::size_t> arities;
  for (std::size_t arity = required; arity <= function.parameters.size(); ++arity) arities.push_back(arity);
  return arities;
}

bool takes_geometry(const Function& function) {
  return std::any_of(function.parameters.begin(), function.parameters.end(),
                     [](const Parameter& parameter) { return parameter.type.starts_with("geometry"); });
}

bool returns_geometry(const Function& function) { return function.returns.type.starts_with("geometry"); }

bool is_plain_sql(const Function& function) {
  const auto& plain = function.redshift.plain_sql;
  return plain.size() == overload_arities(function).size() &&
         std::all_of(plain.begin(), plain.end(), [](const PlainSql& sql) { return !sql.when; });
}

bool needs_core(const Function& function) {
  if (function.handler || function.redshift.procedure) return false;
  return !(function.engines == EngineSet{"redshift"} && is_plain_sql(function));
}

}  // namespace geocell::sql
