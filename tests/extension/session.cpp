#include "tests/extension/session.hpp"

#include <fstream>
#include <stdexcept>

namespace geocell::test {
namespace {

constexpr const char* kDatabase = "geocell_tests";

using Connection = std::unique_ptr<PGconn, decltype(&PQfinish)>;

Connection connect(const std::string& conninfo) {
  Connection connection(PQconnectdb(conninfo.c_str()), &PQfinish);
  if (PQstatus(connection.get()) != CONNECTION_OK) throw std::runtime_error(PQerrorMessage(connection.get()));
  PQsetNoticeProcessor(
      connection.get(), [](void*, const char*) {}, nullptr);
  return connection;
}

void command(PGconn* connection, const std::string& sql) {
  const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(connection, sql.c_str()), &PQclear);
  if (PQresultStatus(result.get()) != PGRES_COMMAND_OK)
    throw std::runtime_error(sql + ": " + PQerrorMessage(connection));
}

bool make_database() {
  const Connection admin = connect("dbname=postgres");
  command(admin.get(), std::string("DROP DATABASE IF EXISTS ") + kDatabase + " WITH (FORCE)");
  command(admin.get(), std::string("CREATE DATABASE ") + kDatabase);
  const Connection connection = connect(std::string("dbname=") + kDatabase);
  command(connection.get(), "CREATE EXTENSION geocell_postgis CASCADE");
  return true;
}

}  // namespace

std::string QueryResult::value() const {
  if (!ok) return "ERROR " + sqlstate + ": " + message;
  if (rows.size() != 1 || rows[0].size() != 1) return std::to_string(rows.size()) + " rows";
  return rows[0][0].value_or("NULL");
}

Session::Session() : connection_(nullptr, &PQfinish) {
  [[maybe_unused]] static const bool made = make_database();
  connection_ = connect(std::string("dbname=") + kDatabase);
}

Session::Session(const std::string& conninfo) : connection_(connect(conninfo)) {}

QueryResult Session::query(const std::string& sql, std::span<const Field> parameters) {
  std::vector<const char*> values;
  for (const Field& parameter : parameters) values.push_back(parameter ? parameter->c_str() : nullptr);
  const std::unique_ptr<PGresult, decltype(&PQclear)> answer(
      PQexecParams(connection_.get(), sql.c_str(), static_cast<int>(values.size()), nullptr, values.data(),
                   nullptr, nullptr, 0),
      &PQclear);
  QueryResult result;
  const ExecStatusType status = PQresultStatus(answer.get());
  result.ok = status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;
  if (!result.ok) {
    const auto field = [&](int code) -> std::string {
      const char* text = PQresultErrorField(answer.get(), code);
      return text == nullptr ? PQerrorMessage(connection_.get()) : text;
    };
    result.sqlstate = field(PG_DIAG_SQLSTATE);
    result.message = field(PG_DIAG_MESSAGE_PRIMARY);
    return result;
  }
  for (int row = 0; row < PQntuples(answer.get()); ++row) {
    auto& fields = result.rows.emplace_back();
    for (int column = 0; column < PQnfields(answer.get()); ++column) {
      if (PQgetisnull(answer.get(), row, column) != 0) {
        fields.emplace_back(std::nullopt);
      } else {
        fields.emplace_back(std::string(PQgetvalue(answer.get(), row, column),
                                        static_cast<std::size_t>(PQgetlength(answer.get(), row, column))));
      }
    }
  }
  return result;
}

std::string Session::value(const std::string& sql) {
  const QueryResult result = query(sql);
  if (!result.ok) throw std::runtime_error(sql + ": " + result.message);
  return result.value();
}

void Session::run(const std::string& sql) {
  const QueryResult result = query(sql);
  if (!result.ok) throw std::runtime_error(sql + ": " + result.message);
}

std::size_t Session::backend_bytes() {
  std::ifstream status("/proc/" + std::to_string(PQbackendPID(connection_.get())) + "/status");
  for (std::string word; status >> word;) {
    std::size_t kilobytes = 0;
    if (word == "VmRSS:" && status >> kilobytes) return kilobytes * 1024;
  }
  throw std::runtime_error("no VmRSS of the backend in /proc");
}

}  // namespace geocell::test
