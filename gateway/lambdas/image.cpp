#include "gateway/lambdas/image.hpp"

#include <nlohmann/json.hpp>

#include "gateway/lambdas/architecture.hpp"
#include "gateway/system/archive.hpp"
#include "gateway/system/digest.hpp"
#include "gateway/system/failure.hpp"
#include "gateway/system/private_file.hpp"
#include "geocell/version.hpp"

namespace geocell::gateway {
namespace {

using json = nlohmann::ordered_json;

constexpr const char* kLayerType = "application/vnd.oci.image.layer.v1.tar";
constexpr const char* kConfigType = "application/vnd.oci.image.config.v1+json";
constexpr const char* kIndexType = "application/vnd.oci.image.index.v1+json";

std::string digest_of(const std::string& bytes) { return "sha256:" + sha256_hex(bytes); }

json descriptor(const char* media_type, const std::string& bytes) {
  return {{"mediaType", media_type}, {"digest", digest_of(bytes)}, {"size", bytes.size()}};
}

void write_blob(const std::filesystem::path& folder, const std::string& digest, const std::string& bytes) {
  write_file(folder / "blobs" / "sha256" / digest.substr(digest.find(':') + 1), bytes);
}

}  // namespace

void require_empty(const std::filesystem::path& folder) {
  if (std::filesystem::exists(folder) && !std::filesystem::is_empty(folder)) {
    throw Failure(folder.string() + " is not empty; give a folder that does not exist yet");
  }
}

Image make_image(const std::filesystem::path& zip, const std::string& architecture) {
  auto entries = read_zip(zip);
  // Where Lambda's images keep the function.
  for (auto& entry : entries) entry.name = "var/task/" + entry.name;
  Image image;
  image.architecture = architecture == kX86 ? "amd64" : architecture;
  image.layer = tar_of(std::move(entries));
  image.layer_digest = digest_of(image.layer);
  image.config = json{{"architecture", image.architecture},
                      {"os", "linux"},
                      {"config",
                       {{"Entrypoint", json::array({"/var/task/bootstrap"})},
                        {"WorkingDir", "/var/task"},
                        {"Env", json::array({"LAMBDA_TASK_ROOT=/var/task"})},
                        {"Labels",
                         {{"org.opencontainers.image.title", "geocell"},
                          {"org.opencontainers.image.version", geocell::version()}}}}},
                      {"rootfs", {{"type", "layers"}, {"diff_ids", json::array({image.layer_digest})}}}}
                     .dump();
  image.config_digest = digest_of(image.config);
  image.manifest = json{{"schemaVersion", 2},
                        {"mediaType", kManifestType},
                        {"config", descriptor(kConfigType, image.config)},
                        {"layers", json::array({descriptor(kLayerType, image.layer)})}}
                       .dump();
  image.digest = digest_of(image.manifest);
  return image;
}

void write_layout(const Image& image, const std::filesystem::path& folder) {
  require_empty(folder);
  write_blob(folder, image.layer_digest, image.layer);
  write_blob(folder, image.config_digest, image.config);
  write_blob(folder, image.digest, image.manifest);
  json entry = descriptor(kManifestType, image.manifest);
  entry["annotations"] = {{"org.opencontainers.image.ref.name", geocell::version()}};
  entry["platform"] = {{"architecture", image.architecture}, {"os", "linux"}};
  write_file(
      folder / "index.json",
      json{{"schemaVersion", 2}, {"mediaType", kIndexType}, {"manifests", json::array({entry})}}.dump());
  write_file(folder / "oci-layout", R"({"imageLayoutVersion":"1.0.0"})");
}

}  // namespace geocell::gateway
