// The Lambda's package as a container image of one layer, by the OCI image specification 1.0, without a
// daemon. The same zip always has the same digests.
#pragma once

#include <filesystem>
#include <string>

namespace geocell::gateway {

inline constexpr const char* kManifestType = "application/vnd.oci.image.manifest.v1+json";

struct Image {
  std::string layer;     // a tar: the package under var/task
  std::string config;    // JSON
  std::string manifest;  // JSON
  std::string layer_digest;
  std::string config_digest;
  std::string digest;        // of the manifest: "sha256:…", the image's name among all images
  std::string architecture;  // as Go names it: amd64, arm64
};

// `architecture` as Lambda names it. Throws Failure.
Image make_image(const std::filesystem::path& zip, const std::string& architecture);

// OCI's image layout: oci-layout, index.json, blobs/sha256/<digest>; the image's name in it is the version.
// Throws Failure as require_empty() does.
void write_layout(const Image& image, const std::filesystem::path& folder);

// Throws Failure unless the folder can take a layout: it is not there, or empty.
void require_empty(const std::filesystem::path& folder);

}  // namespace geocell::gateway
