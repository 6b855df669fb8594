// build: the Lambda's package as a zip, or as a container image in OCI's layout (no daemon needed).
#include "gateway/lambdas/architecture.hpp"
#include "gateway/lambdas/image.hpp"
#include "gateway/lambdas/lambda_code.hpp"
#include "gateway/system/private_file.hpp"
#include "gateway/verbs/lambda_programs.hpp"
#include "gateway/verbs/verb.hpp"

namespace geocell::gateway {
namespace {

struct Options {
  std::filesystem::path out;
  std::filesystem::path image;
  std::filesystem::path thin;
};

void declare(OptionSet& set, Options& options) {
  set.path("--out", options.out, "The zip; else dist/geocell-lambda-ARCHITECTURE.zip");
  set.path("--image", options.image, "Also a container image, as an OCI layout in this folder");
  set.path("--thin", options.thin, "Also the function for the zip as a layer, into this file");
}

int run(const Options& options, const GlobalOptions& globals, const Console& console) {
  const Config config = Config::load(globals.settings.env_files, globals.settings.overrides);
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

const RegisteredVerb kVerb({190, "build", "Build the Lambda's package"}, declare, run);

}  // namespace
}  // namespace geocell::gateway
