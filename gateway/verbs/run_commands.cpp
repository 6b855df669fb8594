// invoke, logs, stats: asking what is deployed, or the bridge in this program.
#include <chrono>
#include <nlohmann/json.hpp>

#include "gateway/plan/deployment.hpp"
#include "gateway/settings/names.hpp"
#include "gateway/system/private_file.hpp"
#include "gateway/verbs/commands.hpp"
#include "lambda_bridge/engines/redshift/redshift_codec.hpp"  // of the bridge

namespace geocell::gateway {
namespace {

using nlohmann::json;

// A word of the command line as a value: JSON where it is JSON, else text.
json value_of(const std::string& word) {
  json value = json::parse(word, nullptr, false);
  return value.is_discarded() ? json(word) : value;
}

// The request as Redshift would send it.
std::string request_of(const Options& options, const Config& config) {
  if (!options.payload.empty()) return read_file(options.payload);
  if (options.name.empty()) throw Failure("give --function NAME and its arguments, or --payload FILE");
  json row = json::array();
  for (const auto& word : options.arguments) row.push_back(value_of(word));
  return json{{"request_id", "00000000-0000-0000-0000-000000000000"},
              {"external_function", config.schema() + ".__" + lower(options.name)},
              {"num_records", 1},
              {"arguments", json::array({row})}}
      .dump();
}

std::string answer_here(std::string request) {
  bridge::RedshiftCodec codec;
  bridge::Summary summary;
  return std::string(codec.answer(request, {}, summary));
}

// The Lambda that serves a function.
std::string lambda_of(const Options& options, const Config& config) {
  for (const auto& function : load_functions(roots_of(options))) {
    if (options.name.empty() || function.name == lower(options.name)) {
      return lambda_name(config.prefix(), function.config.lambda_name);
    }
  }
  throw Failure("No function '" + options.name + "'; `geocell list` names them all");
}

std::string iso_time(long long milliseconds) {
  const std::time_t seconds = static_cast<std::time_t>(milliseconds / 1000);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[32];  // NOLINT: for strftime
  return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

}  // namespace

int invoke_command(const Options& options, const Console& console) {
  const Config config = load_config(options, console);
  const std::string request = request_of(options, config);
  console.verbose(request);
  std::string payload;
  if (options.in_aws) {
    Aws aws(config, console, false);
    const json answer = aws.invoke(lambda_of(options, config), request, payload);
    if (answer.is_object() && answer.contains("FunctionError")) {
      throw Failure("the Lambda failed (" + answer.value("FunctionError", "") + "): " + payload);
    }
  } else {
    payload = answer_here(request);
  }
  // The bridge answers with a JSON string that holds the document.
  json document = json::parse(payload, nullptr, false);
  if (document.is_string()) document = json::parse(document.get<std::string>(), nullptr, false);
  console.say(document.is_discarded() ? payload : document.dump(2));
  return document.is_object() && document.value("success", false) ? 0 : 1;
}

int logs_command(const Options& options, const Console& console) {
  const Config config = load_config(options, console);
  Aws aws(config, console, false);
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto since =
      std::chrono::duration_cast<std::chrono::milliseconds>(now - std::chrono::minutes(options.minutes));
  json input{{"logGroupName", log_group(lambda_of(options, config))}, {"startTime", since.count()}};
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

int stats_command(const Options& options, const Console& console) {
  const Config config = load_config(options, console);
  Aws aws(config, console, false);
  const auto database = connect(config, aws, console);
  // SYS_LUDF_DETAIL is for superusers; durations are in microseconds.
  const auto rows = database->run(
      "SELECT lambda_function_name, COUNT(DISTINCT query_id), SUM(invocations), SUM(total_rows), "
      "SUM(input_bytes), "
      "SUM(output_bytes), SUM(total_duration) FROM sys_ludf_detail WHERE lambda_function_name LIKE " +
      quote_literal("%" + config.prefix() + "%") +
      " GROUP BY lambda_function_name ORDER BY lambda_function_name");
  constexpr const char* kColumns[] = {"lambda",      "queries",      "invocations", "rows",
                                      "input_bytes", "output_bytes", "duration_us"};
  json table = json::array();
  for (const Row& row : rows) {
    json entry;
    for (std::size_t i = 0; i < row.size(); ++i) entry[kColumns[i]] = row[i].value_or("");
    table.push_back(entry);
  }
  if (options.json) {
    console.say(table.dump(2));
    return 0;
  }
  if (table.empty()) console.say("no Lambda calls are on record");
  for (const json& entry : table) {
    std::string line = entry["lambda"];
    for (const char* column :
         {"queries", "invocations", "rows", "input_bytes", "output_bytes", "duration_us"}) {
      line += "  " + std::string(column) + " " + entry[column].get<std::string>();
    }
    console.say(line);
  }
  return 0;
}

}  // namespace geocell::gateway
