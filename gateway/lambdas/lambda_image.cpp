// Container images: a repository of ours in ECR, the image in it, by the digest of its manifest. The layers
// are pushed by ECR's API, which is what `docker push` ends in: no daemon, no registry password.
#include <algorithm>
#include <optional>

#include "gateway/lambdas/image.hpp"
#include "gateway/lambdas/lambda_code.hpp"
#include "gateway/settings/names.hpp"
#include "gateway/system/private_file.hpp"
#include "geocell/text.hpp"

namespace geocell::gateway {
namespace {

using nlohmann::json;

// ECR's names are in lower case.
std::string repository_name(const Deployment& deployment, const std::string& package) {
  return lower_case(lambda_name(deployment.prefix, package));
}

std::optional<json> find_repository(Aws& aws, const std::string& name) {
  const auto found = aws.find("ecr", "describe-repositories", {{"repositoryNames", json::array({name})}});
  if (!found || found->at("repositories").empty()) return std::nullopt;
  return found->at("repositories").at(0);
}

bool is_our_repository(Aws& aws, const json& repository, const Deployment& deployment) {
  const json tags =
      aws.read("ecr", "list-tags-for-resource", {{"resourceArn", repository.at("repositoryArn")}});
  return is_ours(tags.value("tags", json::array()), deployment);
}

// Lambda fetches the image itself, and again whenever it has not been used for a while.
json pull_policy(Aws& aws, const Deployment& deployment) {
  // All Lambdas of the prefix: a run that is only about some of them leaves the others their image.
  const std::string lambdas = aws.lambda_arn(deployment.prefix + "*");
  return {{"Version", "2012-10-17"},
          {"Statement",
           json::array({{{"Sid", "LambdaPulls"},
                         {"Effect", "Allow"},
                         {"Principal", {{"Service", "lambda.amazonaws.com"}}},
                         {"Action", json::array({"ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"})},
                         {"Condition", {{"ArnLike", {{"aws:SourceArn", lambdas}}}}}}})}};
}

class ImageCode : public LambdaCode {
 public:
  ImageCode(Context& context, const Deployment& deployment, LambdaPackage package)
      : context_(context),
        deployment_(deployment),
        package_(std::move(package)),
        image_(make_image(package_.zip, package_.architecture)),
        repository_(repository_name(deployment, package_.name)) {}

  std::string description() const override { return "image " + image_.digest.substr(0, 19) + "…"; }
  const char* package_type() const override { return "Image"; }

  void prepare(Plan& plan) override {
    if (planned_) return;
    planned_ = true;
    Aws& aws = context_.aws;
    const auto found = find_repository(aws, repository_);
    if (!found) {
      plan_repository(plan);
    } else if (!is_our_repository(aws, *found, deployment_) && !context_.adopt) {
      throw Failure("repository " + repository_ +
                    " exists and geocell did not make it; choose another RS_LAMBDA_PREFIX, or take it over "
                    "with --adopt");
    } else {
      plan_policy(plan);
    }
    if (!found || !has_image()) plan_image(plan);
  }

  std::string difference(const json& found) override {
    const json code = found.value("Code", json::object());
    const std::string uri = code.value("ImageUri", code.value("ResolvedImageUri", ""));
    const auto at = uri.rfind('@');
    const std::string before = at == std::string::npos ? uri : uri.substr(at + 1);
    return architecture_difference(package_, found) +
           (before == image_.digest
                ? ""
                : "image " + before.substr(0, 19) + "… → " + image_.digest.substr(0, 19) + "…");
  }

  void create(json input) override {
    input["Code"] = {{"ImageUri", uri()}};
    context_.aws.write("lambda", "create-function", input);
  }

  void update(const std::string& name, const json&) override {
    context_.aws.write("lambda", "update-function-code",
                       {{"FunctionName", name},
                        {"ImageUri", uri()},
                        {"Publish", false},
                        {"Architectures", json::array({package_.architecture})}});
    wait_until_ready(context_, name);
  }

 private:
  std::string uri() {
    const auto& identity = context_.aws.identity();
    const std::string domain = identity.partition == "aws-cn" ? ".amazonaws.com.cn/" : ".amazonaws.com/";
    return identity.account + ".dkr.ecr." + context_.config.get("AWS_REGION") + domain + repository_ + "@" +
           image_.digest;
  }

  bool has_image() {
    const auto found = context_.aws.find(
        "ecr", "batch-get-image",
        {{"repositoryName", repository_}, {"imageIds", json::array({{{"imageDigest", image_.digest}}})}});
    return found && !found->value("images", json::array()).empty();
  }

  void plan_repository(Plan& plan) {
    Aws& aws = context_.aws;
    const json list = tag_list(deployment_);
    plan.steps.push_back(
        {Action::create, Component::lambda, "repository " + repository_, "for the Lambda's image",
         [this, list, policy = pull_policy(aws, deployment_)] {
           context_.aws.write("ecr", "create-repository", {{"repositoryName", repository_}, {"tags", list}});
           set_policy(policy);
         },
         [&aws, name = repository_] {
           aws.write("ecr", "delete-repository", {{"repositoryName", name}, {"force", true}});
         }});
  }

  void set_policy(const json& policy) {
    context_.aws.write("ecr", "set-repository-policy",
                       {{"repositoryName", repository_}, {"policyText", policy.dump()}});
  }

  void plan_policy(Plan& plan) {
    const json policy = pull_policy(context_.aws, deployment_);
    const auto found = context_.aws.find("ecr", "get-repository-policy", {{"repositoryName", repository_}});
    if (found && json::parse(found->at("policyText").get<std::string>(), nullptr, false) == policy) return;
    plan.steps.push_back({Action::change,
                          Component::lambda,
                          "repository " + repository_,
                          "who may fetch the image",
                          [this, policy] { set_policy(policy); },
                          {}});
  }

  void plan_image(Plan& plan) {
    plan.steps.push_back(
        {Action::create, Component::lambda, "image " + repository_ + "@" + image_.digest.substr(0, 19) + "…",
         std::to_string(image_.layer.size()) + " bytes, " + image_.architecture,
         [this] {
           push(image_.layer_digest, image_.layer);
           push(image_.config_digest, image_.config);
           context_.aws.write("ecr", "put-image",
                              {{"repositoryName", repository_},
                               {"imageManifest", image_.manifest},
                               {"imageManifestMediaType", kManifestType},
                               {"imageDigest", image_.digest},
                               {"imageTag", deployment_.version + "-" + image_.digest.substr(7, 12)}});
         },
         [&aws = context_.aws, name = repository_, digest = image_.digest] {
           aws.write("ecr", "batch-delete-image",
                     {{"repositoryName", name}, {"imageIds", json::array({{{"imageDigest", digest}}})}});
         }});
  }

  // One blob, in the parts that ECR asks for.
  void push(const std::string& digest, const std::string& bytes) {
    Aws& aws = context_.aws;
    const json repository{{"repositoryName", repository_}};
    json input = repository;
    if (!aws.dry_run()) {
      input["layerDigests"] = json::array({digest});
      for (const json& layer :
           aws.read("ecr", "batch-check-layer-availability", input).value("layers", json::array())) {
        if (layer.value("layerAvailability", "") == "AVAILABLE") return;
      }
    }
    const json begun = aws.write("ecr", "initiate-layer-upload", repository);
    if (aws.dry_run()) return;
    const std::size_t part_bytes = std::max<std::size_t>(1, begun.at("partSize").get<std::size_t>());
    input = repository;
    input["uploadId"] = begun.at("uploadId");
    for (std::size_t first = 0; first < bytes.size(); first += part_bytes) {
      const std::string part = bytes.substr(first, part_bytes);
      const PrivateFile file("geocell-part", part);
      json upload = input;
      upload["partFirstByte"] = first;
      upload["partLastByte"] = first + part.size() - 1;
      aws.write("ecr", "upload-layer-part", upload,
                {{"--layer-part-blob", "fileb://" + file.path().string()}});
    }
    input["layerDigests"] = json::array({digest});
    aws.write("ecr", "complete-layer-upload", input);
  }

  Context& context_;
  const Deployment& deployment_;
  LambdaPackage package_;
  Image image_;
  std::string repository_;
  bool planned_ = false;
};

}  // namespace

std::unique_ptr<LambdaCode> image_code(Context& context, const Deployment& deployment,
                                       const LambdaPackage& package) {
  return std::make_unique<ImageCode>(context, deployment, package);
}

void plan_repository_removal(Context& context, const Deployment& deployment, const std::string& package,
                             Plan& plan) {
  Aws& aws = context.aws;
  const std::string name = repository_name(deployment, package);
  const auto found = find_repository(aws, name);
  if (!found) return;
  if (!is_our_repository(aws, *found, deployment)) {
    plan.notes.push_back("repository " + name + " stays: geocell did not make it");
    return;
  }
  plan.steps.push_back({Action::remove,
                        Component::lambda,
                        "repository " + name,
                        "",
                        [&aws, name] {
                          aws.write("ecr", "delete-repository", {{"repositoryName", name}, {"force", true}});
                        },
                        {}});
}

}  // namespace geocell::gateway
