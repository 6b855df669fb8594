// stats: what Redshift has recorded of our Lambda calls.
#include <nlohmann/json.hpp>

#include "gateway/engines/redshift/database.hpp"
#include "gateway/engines/redshift/redshift_quotes.hpp"
#include "gateway/verbs/verb.hpp"

namespace geocell::gateway {
namespace {

using nlohmann::json;

int run(const GlobalOptions& globals, const Console& console) {
  const Config config = load_config(globals.settings, console);
  Aws aws(config, console, false);
  const auto database = connect(config, aws, console);
  // SYS_LUDF_DETAIL is for superusers; durations are in microseconds.
  const auto rows = database->run(
      "SELECT lambda_function_name, COUNT(DISTINCT query_id), SUM(invocations), SUM(total_rows), "
      "SUM(input_bytes), SUM(output_bytes), SUM(total_duration) FROM sys_ludf_detail "
      "WHERE lambda_function_name LIKE " +
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
  if (globals.json) {
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

const RegisteredVerb kVerb({170, "stats",
                            "Show what Redshift has recorded of our Lambda calls (for superusers)"},
                           run);

}  // namespace
}  // namespace geocell::gateway
