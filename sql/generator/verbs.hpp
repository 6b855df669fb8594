// The verbs of geocell-sql that belong to an engine.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "sql/generator/catalogue/catalogue.hpp"

namespace CLI {
class App;
}

namespace geocell::sql {

enum ExitStatus : int { kDone = 0, kWrongInput = 1, kWrongUsage = 2, kCannotWrite = 3 };

// False, with a message on stderr, when the file cannot be written. Makes the folders on the way to it.
bool write_file(const std::filesystem::path& path, const std::string& text);

// A subcommand, and what runs when it was chosen; it returns an ExitStatus.
struct Verb {
  CLI::App* command;
  std::function<int(const std::vector<Function>& functions)> run;
};

// Each adds the verbs of its engine to the program.
std::vector<Verb> add_postgres_verbs(CLI::App& app);
std::vector<Verb> add_redshift_verbs(CLI::App& app);

inline constexpr std::vector<Verb> (*kEngineVerbs[])(CLI::App& app) = {&add_postgres_verbs,
                                                                       &add_redshift_verbs};

}  // namespace geocell::sql
