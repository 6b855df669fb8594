// A connection to the server that PGHOST, PGPORT and PGUSER name (tests/extension/with_cluster.sh starts a
// private one), to the tests' own database, which has both extensions. Nothing here skips: without a server
// the test fails.
#pragma once

#include <libpq-fe.h>

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace geocell::test {

using Field = std::optional<std::string>;  // SQL text; nullopt is NULL

struct QueryResult {
  bool ok = false;
  std::vector<std::vector<Field>> rows;  // when ok
  std::string sqlstate;                  // when not
  std::string message;                   // the primary message, without "ERROR:"

  // One row of one column. REQUIRES: ok; a failed query shows its message instead.
  std::string value() const;
  bool is_null() const { return ok && rows.size() == 1 && !rows[0][0].has_value(); }
};

class Session {
 public:
  // Makes the tests' database at the first call of the process. Throws when there is no server.
  Session();
  // To the server and database of a libpq connection string; what it does not say comes from the environment.
  explicit Session(const std::string& conninfo);

  QueryResult query(const std::string& sql) { return query(sql, {}); }
  QueryResult query(const std::string& sql, std::span<const Field> parameters);
  // query() that has to succeed: throws with the server's message otherwise.
  std::string value(const std::string& sql);
  void run(const std::string& sql);

  // Resident memory of the backend, from /proc (the server runs on this machine).
  std::size_t backend_bytes();

  PGconn* connection() { return connection_.get(); }

 private:
  std::unique_ptr<PGconn, decltype(&PQfinish)> connection_;
};

}  // namespace geocell::test
