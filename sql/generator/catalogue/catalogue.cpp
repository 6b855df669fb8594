#include "sql/generator/catalogue/catalogue.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>

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

// One file for each name: SQL knows no modules.
void check_unique_names(Catalogue& catalogue) {
  std::map<std::string, std::string> files;
  for (const Function& function : catalogue.functions) {
    const auto [known, inserted] = files.emplace(function.name, function.file);
    if (!inserted) {
      catalogue.issues.push_back(
          {function.file, 0, 0,
           "function \"" + function.name + "\" is already described in " + known->second});
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

Catalogue load_catalogue(const std::filesystem::path& directory) {
  Catalogue catalogue;
  if (!std::filesystem::is_directory(directory)) {
    catalogue.issues.push_back(
        {directory.string(), 0, 0, "not a directory; should hold <module>/<name>.yaml"});
    return catalogue;
  }
  for (const auto& module : sorted_entries(directory)) {
    if (!std::filesystem::is_directory(module)) {
      catalogue.issues.push_back(
          {module.string(), 0, 0, "unexpected file; should be a folder named after a module"});
      continue;
    }
    for (const auto& file : sorted_entries(module)) {
      const auto text = file.extension() == ".yaml" ? read_file(file) : std::nullopt;
      if (text) {
        catalogue.functions.push_back(parse_function(*text, file.string(), catalogue.issues));
      } else {
        catalogue.issues.push_back({file.string(), 0, 0, "should be a readable file <function name>.yaml"});
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
                     [](const Parameter& parameter) { return parameter.type == "geometry"; });
}

bool returns_geometry(const Function& function) { return function.returns.type == "geometry"; }

}  // namespace geocell::sql
