#include "gateway/engines/redshift/database.hpp"

#include <libpq-fe.h>

#include <array>
#include <chrono>
#include <random>
#include <thread>

#include "geocell/text.hpp"

namespace geocell::gateway {
namespace {

using nlohmann::json;

// "first line of the statement …"
std::string headline(const std::string& statement) {
  const std::string first = statement.substr(0, statement.find('\n'));
  return first.size() == statement.size() ? first : first + " …";
}

class LibpqDatabase : public Database {
 public:
  LibpqDatabase(const Config& config, const Console& console) : config_(config), console_(console) {
    const std::string& timeout = config.get("GEOCELL_CONNECT_TIMEOUT");
    const char* ssl = config.flag("RS_SSL") ? "require" : "prefer";
    const std::array<const char*, 9> keys{"host",     "port",    "dbname",          "user",
                                          "password", "sslmode", "connect_timeout", "application_name",
                                          nullptr};
    const std::array<const char*, 9> values{config.get("RS_HOST").c_str(),
                                            config.get("RS_PORT").c_str(),
                                            config.get("RS_DATABASE").c_str(),
                                            config.get("RS_USER").c_str(),
                                            config.get("RS_PASSWORD").c_str(),
                                            ssl,
                                            timeout.c_str(),
                                            "geocell",
                                            nullptr};
    connection_ = PQconnectdbParams(keys.data(), values.data(), 0);
    if (PQstatus(connection_) != CONNECTION_OK) {
      const std::string text = config.redact(trim(PQerrorMessage(connection_)));
      PQfinish(connection_);
      throw SqlFailure(
          "Redshift at " + config.get("RS_HOST") + ":" + config.get("RS_PORT") +
          " cannot be reached: " + text +
          "\nCheck RS_HOST, RS_PORT, RS_USER, RS_PASSWORD, RS_DATABASE, RS_SSL, and that the cluster's "
          "security group admits this machine.");
    }
    PQsetNoticeProcessor(
        connection_,
        [](void* self, const char* text) { static_cast<LibpqDatabase*>(self)->console_.verbose(trim(text)); },
        this);
  }
  LibpqDatabase(const LibpqDatabase&) = delete;
  LibpqDatabase& operator=(const LibpqDatabase&) = delete;
  ~LibpqDatabase() override { PQfinish(connection_); }

  std::vector<Row> run(const std::string& statement) override {
    console_.verbose("sql " + headline(statement));
    // The extended protocol: the server itself refuses more than one statement.
    PGresult* result =
        PQexecParams(connection_, statement.c_str(), 0, nullptr, nullptr, nullptr, nullptr, /*text*/ 0);
    std::vector<Row> rows;
    const ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
      std::string text = trim(PQresultErrorMessage(result));
      if (text.empty()) text = trim(PQerrorMessage(connection_));
      PQclear(result);
      throw SqlFailure(config_.redact("Redshift refused: " + headline(statement) + "\n" + text));
    }
    for (int i = 0; i < PQntuples(result); ++i) {
      Row& row = rows.emplace_back();
      for (int j = 0; j < PQnfields(result); ++j) {
        row.push_back(PQgetisnull(result, i, j) != 0 ? std::nullopt
                                                     : std::optional<std::string>(PQgetvalue(result, i, j)));
      }
    }
    PQclear(result);
    return rows;
  }

 private:
  const Config& config_;
  const Console& console_;
  PGconn* connection_ = nullptr;
};

class DataApiDatabase : public Database {
 public:
  DataApiDatabase(const Config& config, Aws& aws, const Console& console)
      : config_(config), aws_(aws), console_(console) {
    const RedshiftTarget target = redshift_target(config);
    target_["Database"] = config.get("RS_DATABASE");
    if (!target.workgroup.empty()) {
      target_["WorkgroupName"] = target.workgroup;
    } else {
      target_["ClusterIdentifier"] = target.cluster;
      if (!config.has("RS_SECRET_ARN")) target_["DbUser"] = config.get("RS_USER");
    }
    if (config.has("RS_SECRET_ARN")) target_["SecretArn"] = config.get("RS_SECRET_ARN");
  }

  std::vector<Row> run(const std::string& statement) override {
    console_.verbose("sql " + headline(statement));
    json input = target_;
    input["Sql"] = statement;
    input["ClientToken"] = token();  // so that a call that is tried again runs once
    const std::string id = aws_.read("redshift-data", "execute-statement", input).at("Id");
    const auto limit = std::chrono::seconds(config_.number("GEOCELL_WAIT_TIMEOUT", 1, 3600));
    const auto deadline = std::chrono::steady_clock::now() + limit;
    auto pause = std::chrono::milliseconds(100);
    for (;;) {
      const json state = aws_.read("redshift-data", "describe-statement", {{"Id", id}});
      const std::string status = state.at("Status");
      if (status == "FINISHED") return state.value("HasResultSet", false) ? fetch(id) : std::vector<Row>{};
      if (status == "FAILED" || status == "ABORTED") {
        throw SqlFailure("Redshift refused: " + headline(statement) + "\n" + state.value("Error", status));
      }
      if (std::chrono::steady_clock::now() > deadline) {
        throw SqlFailure("The Data API has not finished within " + std::to_string(limit.count()) + " s (" +
                         status + "): " + headline(statement) +
                         "\nSet GEOCELL_WAIT_TIMEOUT higher when Redshift is busy.");
      }
      std::this_thread::sleep_for(pause);
      pause = std::min(pause * 2, std::chrono::milliseconds(2000));
    }
  }

 private:
  static std::optional<std::string> text(const json& field) {
    if (field.value("isNull", false)) return std::nullopt;
    const json& value = field.begin().value();
    if (value.is_string()) return value.get<std::string>();
    if (value.is_boolean()) return value.get<bool>() ? "t" : "f";
    return value.dump();
  }

  static std::string token() {
    static std::random_device random;
    std::string text = "geocell-";
    for (int i = 0; i < 4; ++i) text += std::to_string(random()) + "-";
    return text;
  }

  std::vector<Row> fetch(const std::string& id) {
    std::vector<Row> rows;
    json input{{"Id", id}};
    for (;;) {
      const json page = aws_.read("redshift-data", "get-statement-result", input);
      for (const json& record : page.at("Records")) {
        Row& row = rows.emplace_back();
        for (const json& field : record) row.push_back(text(field));
      }
      if (!page.contains("NextToken") || page["NextToken"].is_null()) return rows;
      input["NextToken"] = page["NextToken"];
    }
  }

  const Config& config_;
  Aws& aws_;
  const Console& console_;
  json target_;
};

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == separator) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

}  // namespace

std::string Database::value(const std::string& statement) {
  const auto rows = run(statement);
  if (rows.size() != 1 || rows.front().size() != 1 || !rows.front().front()) {
    throw SqlFailure("Redshift's answer should be one value: " + headline(statement));
  }
  return *rows.front().front();
}

RedshiftTarget redshift_target(const Config& config) {
  RedshiftTarget target{config.get("RS_CLUSTER_ID"), config.get("RS_WORKGROUP"), ""};
  // <cluster>.<id>.<region>.redshift.amazonaws.com,
  // <workgroup>.<account>.<region>.redshift-serverless.amazonaws.com
  const auto parts = split(config.get("RS_HOST"), '.');
  if (parts.size() < 6 || parts[4] != "amazonaws") return target;
  target.region = parts[2];
  if (parts[3] == "redshift-serverless" && target.workgroup.empty()) target.workgroup = parts[0];
  if (parts[3] == "redshift" && target.cluster.empty()) target.cluster = parts[0];
  return target;
}

std::vector<std::string> missing_redshift_settings(const Config& config) {
  std::vector<std::string> missing;
  const auto need = [&](const char* name) {
    if (!config.has(name)) missing.emplace_back(name);
  };
  need("RS_DATABASE");
  if (config.get("GEOCELL_VIA") == "libpq") {
    need("RS_HOST");
    need("RS_USER");
    need("RS_PASSWORD");
    return missing;
  }
  const RedshiftTarget target = redshift_target(config);
  if (target.cluster.empty() && target.workgroup.empty()) {
    missing.emplace_back("RS_CLUSTER_ID or RS_WORKGROUP (or an RS_HOST that names one)");
  }
  if (target.workgroup.empty() && !config.has("RS_SECRET_ARN")) need("RS_USER");
  return missing;
}

bool is_large_string_enabled(Database& database) {
  try {
    const std::string answer = lower_case(database.value("SELECT is_large_string_enabled()"));
    return answer == "t" || answer == "true" || answer == "1";
  } catch (const SqlFailure&) {
    return false;  // the function is not known there
  }
}

std::unique_ptr<Database> connect(const Config& config, Aws& aws, const Console& console) {
  const auto missing = missing_redshift_settings(config);
  if (!missing.empty()) {
    std::string text = "Missing required settings for Redshift:";
    for (const auto& name : missing) text += "\n  • " + name;
    throw Failure(text);
  }
  if (config.get("GEOCELL_VIA") == "libpq") return std::make_unique<LibpqDatabase>(config, console);
  return std::make_unique<DataApiDatabase>(config, aws, console);
}

}  // namespace geocell::gateway
