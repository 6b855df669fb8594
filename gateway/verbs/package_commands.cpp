// build: the Lambda's package as a zip, or as a container image in OCI's layout (no daemon needed).
// create-package: what a customer's administrator unpacks and installs from.
#include <unistd.h>

#include "gateway/artifacts/release.hpp"
#include "gateway/engines/redshift/sql_objects.hpp"
#include "gateway/lambdas/architecture.hpp"
#include "gateway/lambdas/image.hpp"
#include "gateway/lambdas/lambda_code.hpp"
#include "gateway/plan/deployment.hpp"
#include "gateway/settings/names.hpp"
#include "gateway/system/archive.hpp"
#include "gateway/system/digest.hpp"
#include "gateway/system/private_file.hpp"
#include "gateway/system/process.hpp"
#include "gateway/system/scratch_folder.hpp"
#include "gateway/verbs/commands.hpp"
#include "geocell/version.hpp"
#include "lambda_bridge/package/lambda_package.hpp"

namespace geocell::gateway {
namespace {

// A file of this program's build, or of the cross build beside it.
std::filesystem::path build_file(const std::filesystem::path& name, const std::string& architecture) {
  auto found = find_product_file({}, name);
  if (found.empty()) {
    throw Failure(name.string() + " is not built; `make build cloud=redshift arch=" + architecture +
                  "` makes it");
  }
  return found;
}

package::Programs built_programs(const std::string& architecture) {
  const std::filesystem::path folder = "lambda_bridge/package";
  if (architecture == this_architecture()) {
    return {build_file(folder / "bootstrap.stripped", architecture),
            build_file(folder / "launcher", architecture),
            {}};
  }
  const std::filesystem::path cross = ("lambda-" + architecture) / folder;
  return {build_file(cross / "bootstrap.stripped", architecture),
          build_file(cross / "launcher", architecture), build_file("sysroot-" + architecture, architecture)};
}

package::Package build_zip(const package::Programs& programs, const std::filesystem::path& out) {
  auto built = package::build_package(programs, out);
  if (!built) throw Failure(built.error().message);
  return *built;
}

// ---- the distribution

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

}  // namespace

int build_command(const Options& options, const Console& console) {
  const Config config = Config::load(options.env_files, options.overrides);
  std::string architecture = config.get("GEOCELL_LAMBDA_ARCHITECTURE");
  if (architecture.empty()) architecture = this_architecture();
  const auto zip =
      options.out.empty() ? std::filesystem::path("dist") / package_name(architecture) : options.out;
  if (!options.image.empty()) require_empty(options.image);
  const auto built = build_zip(built_programs(architecture), zip);
  console.say(zip.string() + "  " + std::to_string(built.bytes) + " bytes  sha256 " + built.sha256);
  if (!options.image.empty()) {
    const Image image = make_image(zip, architecture);
    write_layout(image, options.image);
    console.say(options.image.string() + "  OCI image layout  " + image.digest);
  }
  if (!options.thin.empty()) {
    write_file(options.thin, thin_zip());
    console.say(options.thin.string() + "  function above the zip as a layer");
  }
  return 0;
}

int create_package_command(const Options& options, const Console& console) {
  // The package's own SQL carries no names of this machine's configuration.
  std::map<std::string, std::string> settings{{"RS_SCHEMA", "carto"}, {"RS_LAMBDA_PREFIX", "carto-at-"}};
  if (const auto chosen = options.overrides.find("GEOCELL_LAMBDA_ARCHITECTURE");
      chosen != options.overrides.end()) {
    settings.insert(*chosen);
  }
  const Config config = Config::load({"/dev/null"}, settings);
  if (!options.hook.empty() && ::access(options.hook.c_str(), X_OK) != 0) {
    throw Failure("The package hook " + options.hook.string() + " is no program that can be started");
  }
  const std::string version = options.version.empty() ? geocell::version() : options.version;
  const auto functions = selected_functions(options, config);
  const ScratchFolder scratch;
  const Deployment deployment = make_deployment(config, functions, false, options.package);
  if (deployment.package.empty()) {
    throw Failure("The Lambda's package is not built; `make build cloud=redshift arch=" +
                  deployment.architecture + "`");
  }
  std::vector<ArchiveEntry> entries;
  add_program(entries, scratch.path);
  add(entries, "share/geocell/" + package_name(deployment.architecture), read_file(deployment.package));
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

}  // namespace geocell::gateway
