// geocell-sql: from the signature files to each engine's SQL, the reference and the example tests.
// Exit status: 0 done; 1 the catalogue or a snapshot is wrong (all issues on stderr);
// 2 wrong usage; 3 cannot write.
#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>

#include "geocell/functions.hpp"
#include "geocell/version.hpp"
#include "sql/generator/catalogue/catalogue.hpp"
#include "sql/generator/catalogue/drift.hpp"
#include "sql/generator/docs/examples.hpp"
#include "sql/generator/docs/markdown.hpp"
#include "sql/generator/sql_engine_table.hpp"
#include "sql/generator/verbs.hpp"

namespace geocell::sql {

bool write_file(const std::filesystem::path& path, const std::string& text) {
  std::error_code ignored;
  if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path(), ignored);
  std::ofstream stream(path, std::ios::binary | std::ios::trunc);
  stream << text;
  stream.close();
  if (!stream) std::cerr << path.string() << ": cannot write\n";
  return static_cast<bool>(stream);
}

namespace {

// The catalogue, held against the core; nothing, and all issues on stderr, when something is wrong.
std::optional<std::vector<Function>> load(const std::vector<std::filesystem::path>& roots) {
  Catalogue catalogue = load_catalogue(roots);
  if (catalogue.issues.empty()) catalogue.issues = find_drift(catalogue.functions, functions());
  for (const Engine& engine : kEngineTable) {
    if (catalogue.issues.empty()) catalogue.issues = engine.check(catalogue.functions);
  }
  if (catalogue.issues.empty()) return std::move(catalogue.functions);
  std::cerr << to_text(catalogue.issues);
  return std::nullopt;
}

int write_docs(const std::vector<Function>& functions, const std::filesystem::path& out) {
  for (const auto& [name, text] : markdown_reference(functions, kEngineTable)) {
    if (!write_file(out / name, text)) return kCannotWrite;
  }
  return kDone;
}

int run(int argc, char** argv) {
  CLI::App app("Reads geocell's signature files and writes each engine's SQL.", "geocell-sql");
  app.require_subcommand(1);
  std::vector<std::filesystem::path> roots(1);
  std::vector<std::filesystem::path> include_roots;
  app.add_option("--functions", roots.front(), "The folder sql/functions")->required();
  app.add_option("--include-root", include_roots, "A further folder of signature files");
  std::string out;
  std::vector<Verb> verbs;
  verbs.push_back({app.add_subcommand("validate", "Check all signature files"), [](const auto& functions) {
                     std::cout << functions.size() << " functions, no issue\n";
                     return kDone;
                   }});
  for (const auto add : kEngineVerbs) {
    for (Verb& verb : add(app)) verbs.push_back(std::move(verb));
  }
  auto* docs = app.add_subcommand("docs", "Write the function reference in Markdown");
  docs->add_option("--out", out, "The folder to write to")->required();
  verbs.push_back({docs, [&](const auto& functions) { return write_docs(functions, out); }});
  auto* examples = app.add_subcommand("examples", "Write the examples as a test script for psql");
  examples->add_option("--out", out, "The file to write")->required();
  verbs.push_back({examples, [&](const auto& functions) {
                     return write_file(out, examples_script(functions)) ? kDone : kCannotWrite;
                   }});
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kDone : kWrongUsage;
  }
  roots.insert(roots.end(), include_roots.begin(), include_roots.end());
  const auto functions = load(roots);
  if (!functions) return kWrongInput;
  for (const Verb& verb : verbs) {
    if (verb.command->parsed()) return verb.run(*functions);
  }
  return kDone;
}

}  // namespace

}  // namespace geocell::sql

int main(int argc, char** argv) { return geocell::sql::run(argc, argv); }
