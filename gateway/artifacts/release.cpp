#include "gateway/artifacts/release.hpp"

#include <algorithm>
#include <optional>

#include "gateway/aws/aws.hpp"
#include "gateway/system/archive.hpp"
#include "gateway/system/digest.hpp"
#include "gateway/system/private_file.hpp"
#include "gateway/system/process.hpp"
#include "gateway/system/product_file.hpp"
#include "gateway/system/scratch_folder.hpp"
#include "geocell/text.hpp"

namespace geocell::gateway {
namespace {

constexpr std::string_view kS3 = "s3://";

void check_version(const std::string& version) {
  const bool right = !version.empty() && version.size() <= 64 && version.front() != '.' &&
                     std::ranges::all_of(version, [](unsigned char c) {
                       return std::isalnum(c) != 0 || c == '.' || c == '-' || c == '_' || c == '+';
                     });
  if (!right)
    throw Failure("Invalid version '" + version.substr(0, 80) + "'; should be that of a release, e.g. 0.1.0");
}

// Folders in which releases may lie.
std::vector<std::filesystem::path> release_folders(const Config& config) {
  if (config.has("GEOCELL_RELEASES")) return {config.get("GEOCELL_RELEASES")};
  std::vector<std::filesystem::path> folders{"dist"};
  // In a distribution: beside the folder that it was unpacked into.
  if (const auto here = find_product_file("VERSION", {}); !here.empty())
    folders.push_back(here.parent_path().parent_path());
  return folders;
}

// Nothing when the object is not there.
bool fetch(Aws& aws, const std::string& bucket, const std::string& key, const std::filesystem::path& to) {
  try {
    aws.fetch(bucket, key, to);
    return true;
  } catch (const AwsFailure& failure) {
    if (failure.is_missing()) return false;
    throw;
  }
}

// The zip: where it lies, or where it has been fetched to.
std::filesystem::path find_release(const std::string& version, const Config& config, const Console& console,
                                   const std::filesystem::path& scratch) {
  const std::string name = distribution_name(version) + ".zip";
  const std::string& releases = config.get("GEOCELL_RELEASES");
  if (releases.starts_with(kS3)) {
    std::string_view rest = std::string_view(releases).substr(kS3.size());
    const std::string bucket(rest.substr(0, rest.find('/')));
    std::string prefix(rest.substr(std::min(bucket.size() + 1, rest.size())));
    if (!prefix.empty() && prefix.back() != '/') prefix += '/';
    Aws aws(config, console, false);
    if (!fetch(aws, bucket, prefix + name, scratch / name)) {
      throw Failure("There is no release " + version + ": " + releases + " does not hold " + prefix + name);
    }
    fetch(aws, bucket, prefix + name + ".sha256", scratch / (name + ".sha256"));
    return scratch / name;
  }
  std::string places;
  for (const auto& folder : release_folders(config)) {
    if (std::filesystem::is_regular_file(folder / name)) return folder / name;
    places += (places.empty() ? "" : " and ") + folder.string();
  }
  throw Failure("There is no release " + version + ": " + name + " is not in " + places +
                "; say where releases are with --releases FOLDER or s3://BUCKET/PREFIX (GEOCELL_RELEASES)");
}

void check_digest(const std::filesystem::path& zip) {
  const std::filesystem::path note = zip.string() + ".sha256";
  if (!std::filesystem::is_regular_file(note)) return;
  const std::string text = read_file(note);
  const std::string wanted = lower_case(text.substr(0, text.find_first_of(" \t\r\n")));
  const std::string actual = sha256_hex(read_file(zip));
  if (wanted != actual) {
    throw Failure(zip.string() + " is not what " + note.string() + " says: its SHA-256 is " + actual +
                  ", should be " + wanted);
  }
}

void unpack(const std::filesystem::path& zip, const std::filesystem::path& folder) {
  const auto entries = read_zip(zip);
  for (const auto& entry : entries) {
    const std::filesystem::path name(entry.name);
    if (name.is_absolute() || std::ranges::find(name, "..") != name.end()) {
      throw Failure(zip.string() + " is not a distribution: it holds '" + entry.name + "'");
    }
  }
  write_entries(entries, folder);
}

}  // namespace

std::string distribution_name(const std::string& version) { return "geocell-redshift-" + version; }

int run_release(const std::string& version, const std::vector<std::string>& arguments, const Config& config,
                const Console& console) {
  check_version(version);
  const ScratchFolder scratch;
  const auto zip = find_release(version, config, console, scratch.path);
  check_digest(zip);
  unpack(zip, scratch.path);
  const auto program = scratch.path / distribution_name(version) / "geocell";
  if (!std::filesystem::is_regular_file(program)) {
    throw Failure(zip.string() + " is not a distribution: it has no " + distribution_name(version) +
                  "/geocell");
  }
  console.note("release " + version + ", from " + zip.string());
  std::vector<std::string> command{program.string()};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return run_in_foreground(command);
}

}  // namespace geocell::gateway
