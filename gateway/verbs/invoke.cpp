// invoke: calls a function, in this program or in AWS.
#include <nlohmann/json.hpp>

#include "gateway/aws/aws.hpp"
#include "gateway/system/private_file.hpp"
#include "gateway/verbs/verb.hpp"
#include "geocell/text.hpp"
#include "lambda_bridge/engines/redshift/redshift_answer.hpp"

namespace geocell::gateway {
namespace {

using nlohmann::json;

struct Options {
  std::string function;
  std::vector<std::string> arguments;
  std::filesystem::path payload;
  bool in_aws = false;
};

void declare(OptionSet& set, Options& options) {
  set.text("--function", options.function, "The function's name");
  set.texts("--args", options.arguments, "Its arguments, each JSON or text");
  set.path("--payload", options.payload, "A request as Redshift sends it");
  set.flag("--aws", options.in_aws, "Call the deployed Lambda");
}

// A word of the command line as a value: JSON where it is JSON, else text.
json value_of(const std::string& word) {
  json value = json::parse(word, nullptr, false);
  return value.is_discarded() ? json(word) : value;
}

// The request as Redshift would send it.
std::string request_of(const Options& options, const Config& config) {
  if (!options.payload.empty()) return read_file(options.payload);
  if (options.function.empty()) throw Failure("give --function NAME and its arguments, or --payload FILE");
  json row = json::array();
  for (const auto& word : options.arguments) row.push_back(value_of(word));
  return json{{"request_id", "00000000-0000-0000-0000-000000000000"},
              {"external_function", config.schema() + ".__" + lower_case(options.function)},
              {"num_records", 1},
              {"arguments", json::array({row})}}
      .dump();
}

int run(const Options& options, const GlobalOptions& globals, const Console& console) {
  const Config config = load_config(globals.settings, console);
  const std::string request = request_of(options, config);
  console.verbose(request);
  std::string payload;
  if (options.in_aws) {
    Aws aws(config, console, false);
    const json answer =
        aws.invoke(lambda_serving(options.function, globals.source, config), request, payload);
    if (answer.is_object() && answer.contains("FunctionError")) {
      throw Failure("the Lambda failed (" + answer.value("FunctionError", "") + "): " + payload);
    }
  } else {
    payload = bridge::answer_redshift(request);
  }
  // The bridge answers with a JSON string that holds the document.
  json document = json::parse(payload, nullptr, false);
  if (document.is_string()) document = json::parse(document.get<std::string>(), nullptr, false);
  console.say(document.is_discarded() ? payload : document.dump(2));
  return document.is_object() && document.value("success", false) ? 0 : 1;
}

const RegisteredVerb kVerb({150, "invoke", "Call a function: in this program, or in AWS with --aws"}, declare,
                           run);

}  // namespace
}  // namespace geocell::gateway
