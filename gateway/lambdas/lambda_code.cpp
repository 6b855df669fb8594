#include "gateway/lambdas/lambda_code.hpp"

#include <chrono>
#include <optional>
#include <thread>

#include "gateway/lambdas/architecture.hpp"
#include "gateway/settings/names.hpp"
#include "gateway/system/archive.hpp"
#include "gateway/system/digest.hpp"
#include "gateway/system/private_file.hpp"

namespace geocell::gateway {
namespace {

using nlohmann::json;

// Lambda quotas, "Deployment package (.zip file archive) size": zipped, for direct upload.
constexpr std::uintmax_t kDirectUploadBytes = 50UL * 1024 * 1024;

// A zip within Lambda's reach for as long as a call takes: in the call itself, or in the bucket.
class SentZip {
 public:
  SentZip(Context& context, std::filesystem::path zip, const std::string& sha256)
      : aws_(context.aws), bucket_(context.config.get("GEOCELL_BUCKET")), zip_(std::move(zip)) {
    if (bucket_.empty()) return;
    key_ = context.config.prefix() + "geocell/" + sha256 + ".zip";
    aws_.write("s3api", "put-object", {{"Bucket", bucket_}, {"Key", key_}}, {{"--body", zip_.string()}});
  }
  SentZip(const SentZip&) = delete;
  SentZip& operator=(const SentZip&) = delete;
  ~SentZip() = default;

  // The operation's input with where the zip is; `member`: the structure that takes it, "" for the input.
  json input(json rest, const char* member) const {
    if (!bucket_.empty()) {
      json& place = *member == '\0' ? rest : rest[member];
      place["S3Bucket"] = bucket_;
      place["S3Key"] = key_;
    }
    return rest;
  }
  std::vector<FileOption> files() const {
    if (!bucket_.empty()) return {};
    return {{"--zip-file", "fileb://" + zip_.string()}};
  }
  // Lambda has taken a copy.
  void taken() const {
    if (!bucket_.empty()) aws_.write("s3api", "delete-object", {{"Bucket", bucket_}, {"Key", key_}});
  }

 private:
  Aws& aws_;
  std::string bucket_;
  std::filesystem::path zip_;
  std::string key_;
};

std::string code_difference(const std::string& before, const std::string& after) {
  return before == after ? "" : "code " + before.substr(0, 12) + "… → " + after.substr(0, 12) + "…";
}

void set_layers(Context& context, const std::string& name, const json& arns) {
  context.aws.write("lambda", "update-function-configuration", {{"FunctionName", name}, {"Layers", arns}});
  wait_until_ready(context, name);
}

bool has_layers(const json& found) {
  return !found.at("Configuration").value("Layers", json::array()).empty();
}

void update_zip(Context& context, const std::string& architecture, const std::string& name,
                const std::filesystem::path& zip, const std::string& sha256) {
  const SentZip sent(context, zip, sha256);
  context.aws.write(
      "lambda", "update-function-code",
      sent.input({{"FunctionName", name}, {"Publish", false}, {"Architectures", json::array({architecture})}},
                 ""),
      sent.files());
  wait_until_ready(context, name);
  sent.taken();
}

class ZipCode : public LambdaCode {
 public:
  ZipCode(Context& context, LambdaPackage package) : context_(context), package_(std::move(package)) {
    const std::string bytes = read_file(package_.zip);
    sha_base64_ = sha256_base64(bytes);
    sha_hex_ = sha256_hex(bytes);
  }

  std::string description() const override {
    const std::string bucket = context_.config.get("GEOCELL_BUCKET");
    return "code " + package_.zip.string() + (bucket.empty() ? "" : " over bucket " + bucket);
  }
  void prepare(Plan&) override {}

  std::string difference(const json& found) override {
    const std::string code =
        code_difference(found.at("Configuration").at("CodeSha256").get<std::string>(), sha_base64_);
    return architecture_difference(package_, found) +
           (code.empty() && has_layers(found) ? "no longer a layer" : code);
  }

  void create(json input) override {
    const SentZip sent(context_, package_.zip, sha_hex_);
    context_.aws.write("lambda", "create-function", sent.input(std::move(input), "Code"), sent.files());
    sent.taken();
  }

  void update(const std::string& name, const json& found) override {
    update_zip(context_, package_.architecture, name, package_.zip, sha_hex_);
    if (has_layers(found)) set_layers(context_, name, json::array());
  }

 private:
  Context& context_;
  LambdaPackage package_;
  std::string sha_base64_;
  std::string sha_hex_;
};

// ---- layers. They carry no tags: a version is known as ours by its name, which has the prefix, and by how
// its description begins.

constexpr const char* kLayerMark = "geocell ";

std::vector<json> layer_versions(Aws& aws, const std::string& layer) {
  std::vector<json> versions;
  json input{{"LayerName", layer}};
  for (;;) {
    const auto page = aws.find("lambda", "list-layer-versions", input);
    if (!page) return versions;
    for (const json& version : page->at("LayerVersions")) {
      if (version.value("Description", "").starts_with(kLayerMark)) versions.push_back(version);
    }
    if (!page->contains("NextMarker") || page->at("NextMarker").is_null()) return versions;
    input["Marker"] = page->at("NextMarker");
  }
}

void delete_layer_version(Aws& aws, const std::string& name, const json& version) {
  aws.write("lambda", "delete-layer-version", {{"LayerName", name}, {"VersionNumber", version}});
}

class LayerCode : public LambdaCode {
 public:
  LayerCode(Context& context, const Deployment& deployment, LambdaPackage package)
      : context_(context),
        package_(std::move(package)),
        name_(lambda_name(deployment.prefix, package_.name)),
        layer_sha_(sha256_base64(read_file(package_.zip))),
        layer_sha_hex_(sha256_hex(read_file(package_.zip))),
        thin_(thin_zip()),
        description_(kLayerMark + deployment.version + ", " + package_.architecture + ", sha256 " +
                     layer_sha_) {
    for (const json& version : layer_versions(context.aws, name_)) {
      if (version.at("Description") == description_) *arn_ = version.at("LayerVersionArn");
    }
  }

  std::string description() const override { return "layer " + package_.zip.string(); }

  void prepare(Plan& plan) override {
    if (!arn_->empty() || planned_) return;
    planned_ = true;
    const auto number = std::make_shared<json>();
    plan.steps.push_back(
        {Action::create, Component::lambda, "layer " + name_, description_,
         [this, number] {
           const SentZip sent(context_, package_.zip, layer_sha_hex_);
           const json answer = context_.aws.write(
               "lambda", "publish-layer-version",
               sent.input({{"LayerName", name_},
                           {"Description", description_},
                           {"CompatibleRuntimes", json::array({kRuntime})},
                           {"CompatibleArchitectures", json::array({package_.architecture})}},
                          "Content"),
               sent.files());
           sent.taken();
           if (context_.aws.dry_run()) {
             *arn_ = "the layer's ARN";
             return;
           }
           *arn_ = answer.at("LayerVersionArn");
           *number = answer.at("Version");
         },
         [&aws = context_.aws, name = name_, number] { delete_layer_version(aws, name, *number); }});
  }

  std::string difference(const json& found) override {
    const json layers = found.at("Configuration").value("Layers", json::array());
    const std::string before = layers.empty() ? "none" : layers.at(0).at("Arn").get<std::string>();
    std::string text = architecture_difference(package_, found);
    if (arn_->empty() || before != *arn_) {
      text += "layer " + before.substr(before.rfind(':') + 1) + " → " +
              (arn_->empty() ? "new" : arn_->substr(arn_->rfind(':') + 1));
    }
    const std::string code = thin_difference(found);
    return text + (text.empty() || code.empty() ? "" : ", ") + code;
  }

  void create(json input) override {
    input["Layers"] = json::array({*arn_});
    const PrivateFile zip("geocell-function", thin_);
    const SentZip sent(context_, zip.path(), sha256_hex(thin_));
    context_.aws.write("lambda", "create-function", sent.input(std::move(input), "Code"), sent.files());
    sent.taken();
  }

  void update(const std::string& name, const json& found) override {
    // The layer first: until the code is replaced, Lambda starts the function's own bootstrap.
    set_layers(context_, name, json::array({*arn_}));
    if (thin_difference(found).empty() && architecture_difference(package_, found).empty()) return;
    const PrivateFile zip("geocell-function", thin_);
    update_zip(context_, package_.architecture, name, zip.path(), sha256_hex(thin_));
  }

 private:
  std::string thin_difference(const json& found) const {
    return code_difference(found.at("Configuration").at("CodeSha256").get<std::string>(),
                           sha256_base64(thin_));
  }

  Context& context_;
  LambdaPackage package_;
  std::string name_;
  std::string layer_sha_;
  std::string layer_sha_hex_;
  std::string thin_;
  std::string description_;
  bool planned_ = false;
  std::shared_ptr<std::string> arn_ = std::make_shared<std::string>();  // "" until it is published
};

}  // namespace

void wait_until_ready(Context& context, const std::string& lambda) {
  if (context.aws.dry_run()) return;
  const auto limit = std::chrono::seconds(context.config.number("GEOCELL_WAIT_TIMEOUT", 1, 3600));
  const auto deadline = std::chrono::steady_clock::now() + limit;
  auto pause = std::chrono::milliseconds(200);
  for (;;) {
    const json state = context.aws.read("lambda", "get-function-configuration", {{"FunctionName", lambda}});
    const std::string active = state.value("State", "Active");
    const std::string update = state.value("LastUpdateStatus", "Successful");
    if (active == "Failed" || update == "Failed") {
      throw Failure("Lambda " + lambda + " cannot start: " + state.value("StateReason", "") +
                    state.value("LastUpdateStatusReason", ""));
    }
    if (active == "Active" && update == "Successful") return;
    if (std::chrono::steady_clock::now() > deadline) {
      throw Failure("Lambda " + lambda + " is not ready after " + std::to_string(limit.count()) + " s (" +
                    active + ", " + update + "); deploy again later, or set GEOCELL_WAIT_TIMEOUT higher");
    }
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, std::chrono::milliseconds(2000));
  }
}

std::string thin_zip() {
  return zip_of({{"geocell.txt", "The program is in the layer below this function, at /opt.\n", false}});
}

std::string architecture_difference(const LambdaPackage& package, const json& found) {
  const std::string before =
      found.at("Configuration").value("Architectures", json::array({kX86})).at(0).get<std::string>();
  return before == package.architecture ? "" : before + " → " + package.architecture + ", ";
}

std::unique_ptr<LambdaCode> lambda_code(Context& context, const Deployment& deployment,
                                        const LambdaPackage& package) {
  const std::string packaging = context.config.get("GEOCELL_PACKAGING");
  if (packaging == "image") return image_code(context, deployment, package);
  const auto bytes = std::filesystem::file_size(package.zip);
  if (bytes > kDirectUploadBytes && !context.config.has("GEOCELL_BUCKET")) {
    throw Failure("The package " + package.zip.string() + " has " + std::to_string(bytes) +
                  " bytes; Lambda takes at most " + std::to_string(kDirectUploadBytes) +
                  " in a call: name an S3 bucket in GEOCELL_BUCKET, or set GEOCELL_PACKAGING=image");
  }
  if (packaging == "layer") return std::make_unique<LayerCode>(context, deployment, package);
  return std::make_unique<ZipCode>(context, package);
}

CodeTraces code_traces(const Config& config) {
  const std::string& packaging = config.get("GEOCELL_PACKAGING");
  return {packaging == "layer", packaging == "image"};
}

void CodeTraces::add(const json& found) {
  layers = layers || has_layers(found);
  images = images || found.at("Configuration").value("PackageType", "Zip") == "Image";
}

void plan_code_removal(Context& context, const Deployment& deployment, const std::string& package,
                       const CodeTraces& traces, Plan& plan) {
  if (traces.images) plan_repository_removal(context, deployment, package, plan);
  if (!traces.layers) return;
  const std::string name = lambda_name(deployment.prefix, package);
  const auto versions = layer_versions(context.aws, name);
  if (versions.empty()) return;
  plan.steps.push_back({Action::remove,
                        Component::lambda,
                        "layer " + name,
                        std::to_string(versions.size()) + " version(s)",
                        [&aws = context.aws, name, versions] {
                          for (const json& version : versions)
                            delete_layer_version(aws, name, version.at("Version"));
                        },
                        {}});
}

}  // namespace geocell::gateway
