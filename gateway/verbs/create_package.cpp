// create-package: what a customer's administrator unpacks and installs from.
#include <unistd.h>

#include "gateway/artifacts/release.hpp"
#include "gateway/engines/redshift/sql_objects.hpp"
#include "gateway/lambdas/architecture.hpp"
#include "gateway/settings/names.hpp"
#include "gateway/system/archive.hpp"
#include "gateway/system/digest.hpp"
#include "gateway/system/private_file.hpp"
#include "gateway/system/process.hpp"
#include "gateway/system/scratch_folder.hpp"
#include "gateway/verbs/lambda_programs.hpp"
#include "gateway/verbs/verb.hpp"
#include "geocell/version.hpp"

namespace geocell::gateway {
namespace {

struct Options {
  std::filesystem::path out;
  std::string version;
  std::filesystem::path hook;
};

void declare(OptionSet& set, Options& options) {
  set.path("out", options.out, "A folder or a .zip; else dist/");
  set.text("--version", options.version, "Version in its name; else this program's");
  set.path("--hook", options.hook,
           "A program that may change the package: it gets its folder before it is zipped");
}

constexpr const char* kReadme = R"(# geocell for Amazon Redshift

This package installs geocell's functions into a Redshift schema: a Lambda function that computes, the roles it needs, and the
SQL functions. Needed on this machine: Linux on x86-64 and the AWS CLI, signed in. No compiler, no Python.

    ./geocell install              asks what it needs, shows the plan, installs
    ./geocell install --help       the same without questions: -y and options or a .env file
    ./geocell check                what an installation needs, a line each
    ./geocell plan | deploy        what would change | change it (also to update)
    ./geocell remove               remove what geocell made, and nothing else

sql/ holds the SQL for reading; the program does not need it. share/geocell holds the Lambda's package and the signatures.
)";

void add(std::vector<ArchiveEntry>& entries, const std::string& name, std::string bytes,
         bool executable = false) {
  entries.push_back({name, std::move(bytes), executable});
}

// The operator's program with every library it needs, started as the Lambda's bootstrap is.
void add_program(std::vector<ArchiveEntry>& entries, const std::filesystem::path& scratch) {
  std::error_code error;
  auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  // The build makes one without debugging information beside it.
  if (auto stripped = program; std::filesystem::exists(stripped += ".stripped")) program = stripped;
  const auto zip = scratch / "program.zip";
  auto programs = built_programs(this_architecture());
  programs.bootstrap = program;
  build_zip(programs, zip);
  for (auto& entry : read_zip(zip)) {
    if (entry.name == "bootstrap") entry.name = "geocell";
    entries.push_back(std::move(entry));
  }
}

std::string sql_script(const Config& config, const std::vector<sql::Function>& functions, bool drop) {
  const auto name = [&](std::string_view base) { return lambda_name(config.prefix(), base); };
  const SqlPlan plan = sql_objects(config, functions, "default", name);
  std::string text =
      "-- For reading. `geocell deploy` sends these statements one by one, with your roles and names.\n";
  if (drop) {
    for (auto object = plan.objects.rbegin(); object != plan.objects.rend(); ++object)
      text += "\n" + object->drop + ";\n";
    return text;
  }
  for (const auto& object : plan.objects) {
    for (const auto& statement : object.create) text += "\n" + statement + ";\n";
  }
  return text;
}

// The distribution as the hook leaves it: it gets the folder as its argument,
// and may add, change and take away.
std::vector<ArchiveEntry> hooked(const std::filesystem::path& hook, const std::vector<ArchiveEntry>& entries,
                                 const std::filesystem::path& folder) {
  write_entries(entries, folder);
  const int status = run_in_foreground({std::filesystem::absolute(hook).string(), folder.string()});
  if (status != 0) {
    throw Failure("The package hook " + hook.string() + " failed (exit status " + std::to_string(status) +
                  "); no package was written");
  }
  auto changed = read_entries(folder);
  if (changed.empty()) throw Failure("The package hook " + hook.string() + " left no file in the package");
  return changed;
}

int run(const Options& options, const GlobalOptions& globals, const Console& console) {
  // The package's own SQL carries no names of this machine's configuration.
  std::map<std::string, std::string> settings{{"RS_SCHEMA", "carto"}, {"RS_LAMBDA_PREFIX", "carto-at-"}};
  if (const auto chosen = globals.settings.overrides.find("GEOCELL_LAMBDA_ARCHITECTURE");
      chosen != globals.settings.overrides.end()) {
    settings.insert(*chosen);
  }
  const Config config = Config::load({"/dev/null"}, settings);
  if (!options.hook.empty() && ::access(options.hook.c_str(), X_OK) != 0) {
    throw Failure("The package hook " + options.hook.string() + " is not an executable program");
  }
  const std::string version = options.version.empty() ? geocell::version() : options.version;
  const auto functions = selected_functions(globals.source, config);
  const ScratchFolder scratch;
  const LambdaPackage package = choose_package(config, globals.source.package);
  if (package.zip.empty())
    throw Failure(
        "The Lambda's package is not built; `make build cloud=redshift arch=" + package.architecture + "`");
  std::vector<ArchiveEntry> entries;
  add_program(entries, scratch.path);
  add(entries, "share/geocell/" + package_name(package.architecture), read_file(package.zip));
  for (const auto& function : functions) {
    add(entries, "share/geocell/functions/" + function.module + "/" + function.name + ".yaml",
        read_file(function.file));
  }
  add(entries, "sql/functions.sql", sql_script(config, functions, false));
  add(entries, "sql/drop.sql", sql_script(config, functions, true));
  add(entries, "README.md", kReadme);
  add(entries, "VERSION", version + "\n");
  if (!options.hook.empty()) entries = hooked(options.hook, entries, scratch.path / "package");
  const std::string folder = distribution_name(version);
  for (auto& entry : entries) entry.name = folder + "/" + entry.name;
  const auto out = options.out.empty() ? std::filesystem::path("dist") : options.out;
  const auto path = out.extension() == ".zip" ? out : out / (folder + ".zip");
  const std::string bytes = zip_of(std::move(entries));
  const std::string digest = sha256_hex(bytes);
  write_file(path, bytes);
  write_file(path.string() + ".sha256", digest + "  " + path.filename().string() + "\n");
  console.say(path.string() + "  " + std::to_string(bytes.size()) + " bytes  sha256 " + digest);
  return 0;
}

const RegisteredVerb kVerb({200, "create-package", "Write the distribution zip"}, declare, run);

}  // namespace
}  // namespace geocell::gateway
