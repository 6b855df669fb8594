// logs: what the Lambda wrote lately.
#include <chrono>
#include <ctime>
#include <nlohmann/json.hpp>

#include "gateway/aws/aws.hpp"
#include "gateway/lambdas/deployment.hpp"
#include "gateway/verbs/verb.hpp"
#include "geocell/text.hpp"

namespace geocell::gateway {
namespace {

using nlohmann::json;

struct Options {
  int minutes = 10;
  std::string function;
};

void declare(OptionSet& set, Options& options) {
  set.number("--minutes", options.minutes, 1, 100000, "How far back");
  set.text("--function", options.function, "The Lambda that serves this function");
}

std::string iso_time(long long milliseconds) {
  const std::time_t seconds = static_cast<std::time_t>(milliseconds / 1000);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[32];  // NOLINT: for strftime
  return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

int run(const Options& options, const GlobalOptions& globals, const Console& console) {
  const Config config = load_config(globals.settings, console);
  Aws aws(config, console, false);
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto since =
      std::chrono::duration_cast<std::chrono::milliseconds>(now - std::chrono::minutes(options.minutes));
  json input{{"logGroupName", log_group(lambda_serving(options.function, globals.source, config))},
             {"startTime", since.count()}};
  std::size_t count = 0;
  for (;;) {
    const auto page = aws.find("logs", "filter-log-events", input);
    if (!page)
      throw Failure("There is no log " + input["logGroupName"].get<std::string>() + "; deploy first");
    for (const json& event : page->at("events")) {
      ++count;
      console.say(iso_time(event.at("timestamp")) + "  " + trim(event.at("message").get<std::string>()));
    }
    if (!page->contains("nextToken") || page->at("nextToken").is_null()) break;
    input["nextToken"] = page->at("nextToken");
  }
  if (count == 0) console.note("no events in the last " + std::to_string(options.minutes) + " minutes");
  return 0;
}

const RegisteredVerb kVerb({160, "logs", "Show the Lambda's log"}, declare, run);

}  // namespace
}  // namespace geocell::gateway
