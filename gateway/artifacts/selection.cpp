#include "gateway/artifacts/selection.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <sstream>

#include "gateway/system/failure.hpp"
#include "gateway/system/product_file.hpp"
#include "geocell/functions.hpp"
#include "geocell/text.hpp"
#include "sql/generator/catalogue/drift.hpp"

namespace geocell::gateway {
namespace {

// A change here can change every function's deployment to Redshift. Not in the list: what only PostgreSQL,
// the tests and the demo are made of (control/, extension/, sql/updates/, tests/, data/, …).
constexpr std::array<std::string_view, 9> kCommonPaths = {
    "CMakeLists.txt", "CMakePresets.json", "Makefile",       "cmake/",  "core/",
    "gateway/",       "lambda_bridge/",    "sql/generator/", "scripts/"};

bool contains(const std::vector<std::string>& list, const std::string& name) {
  return std::ranges::any_of(list, [&](const std::string& item) { return lower_case(item) == name; });
}

}  // namespace

sql::Catalogue read_functions(const std::vector<std::filesystem::path>& roots) {
  sql::Catalogue all;
  std::map<std::string, std::string> files;
  for (const auto& root : roots) {
    sql::Catalogue catalogue = sql::load_catalogue(root);
    all.issues.insert(all.issues.end(), catalogue.issues.begin(), catalogue.issues.end());
    for (auto& function : catalogue.functions) {
      const auto [known, is_new] = files.emplace(function.name, function.file);
      if (!is_new) {
        all.issues.push_back(
            {function.file, 0, 0, function.name + " is already defined in " + known->second});
        continue;
      }
      all.functions.push_back(std::move(function));
    }
  }
  if (all.issues.empty()) all.issues = sql::find_drift(all.functions, geocell::functions());
  return all;
}

std::vector<sql::Function> load_functions(const std::vector<std::filesystem::path>& roots) {
  sql::Catalogue catalogue = read_functions(roots);
  if (!catalogue.issues.empty()) throw Failure(trim(sql::to_text(catalogue.issues)));
  return std::move(catalogue.functions);
}

std::optional<std::set<std::string>> touched_functions(std::string_view changed_files) {
  std::set<std::string> touched;
  std::istringstream stream{std::string(changed_files)};
  for (std::string path; stream >> path;) {
    if (std::ranges::any_of(kCommonPaths,
                            [&](std::string_view common) { return path.starts_with(common); })) {
      return std::nullopt;
    }
    if (path.starts_with("sql/functions/") && path.ends_with(".yaml")) {
      touched.insert(std::filesystem::path(path).stem().string());
    }
  }
  return touched;
}

std::vector<sql::Function> select(const std::vector<sql::Function>& functions, const Filters& filters,
                                  const std::optional<std::string>& changed_files) {
  for (const auto& module : filters.modules) {
    if (std::ranges::none_of(functions, [&](const auto& f) { return f.module == lower_case(module); })) {
      std::set<std::string> known;
      for (const auto& function : functions) known.insert(function.module);
      std::string text = "No module '" + module + "'; there are:";
      for (const auto& name : known) text += " " + name;
      throw Failure(text);
    }
  }
  for (const auto& name : filters.functions) {
    if (std::ranges::none_of(functions, [&](const auto& f) { return f.name == lower_case(name); })) {
      throw Failure("No function '" + name + "'; `geocell list` names them all");
    }
  }
  std::optional<std::set<std::string>> touched;
  if (filters.diff && changed_files) touched = touched_functions(*changed_files);
  std::vector<sql::Function> selected;
  for (const auto& function : functions) {
    if (!filters.modules.empty() && !contains(filters.modules, function.module)) continue;
    if (!filters.functions.empty() && !contains(filters.functions, function.name)) continue;
    if (touched && !touched->contains(function.name)) continue;
    selected.push_back(function);
  }
  return selected;
}

std::filesystem::path find_catalogue() {
  const auto found = find_product_file("share/geocell/functions", "sql/functions");
  if (found.empty())
    throw Failure("The signature files (sql/functions) are not beside this program; give --functions-root");
  return found;
}

}  // namespace geocell::gateway
