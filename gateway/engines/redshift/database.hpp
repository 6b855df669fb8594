// Redshift, as the gateway speaks to it: one statement a call, by libpq or by the Data API.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/aws/aws.hpp"
#include "gateway/settings/config.hpp"
#include "gateway/system/console.hpp"

namespace geocell::gateway {

// Redshift refused a statement, or cannot be reached.
class SqlFailure : public Failure {
 public:
  using Failure::Failure;
};

using Row = std::vector<std::optional<std::string>>;

class Database {
 public:
  virtual ~Database() = default;
  // Runs exactly one statement; rows as text. Throws SqlFailure.
  virtual std::vector<Row> run(const std::string& statement) = 0;
  // Rows of one column and one row: its value.
  std::string value(const std::string& statement);
};

// The cluster or workgroup that the configuration names.
struct RedshiftTarget {
  std::string cluster;    // cluster id; "" unless provisioned
  std::string workgroup;  // "" unless serverless
  std::string region;     // "" when RS_HOST does not say
};
RedshiftTarget redshift_target(const Config& config);

// Which settings are missing for `--via`; empty when SQL can be sent.
std::vector<std::string> missing_redshift_settings(const Config& config);

// Whether a VARCHAR may have 16,000,000 bytes instead of 65,535. False for a Redshift from before large
// strings.
bool is_large_string_enabled(Database& database);

// Connects. Throws Failure when a setting is missing or Redshift cannot be reached.
std::unique_ptr<Database> connect(const Config& config, Aws& aws, const Console& console);

}  // namespace geocell::gateway
