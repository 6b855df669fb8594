// The SQL that makes geocell's functions in Amazon Redshift.
//
// A function that is plain SQL (its YAML says `redshift: sql:`) is one SQL function; where its `when` is not
// true it calls its external function, which raises the error. Every other function is an external function,
// which the Lambda serves, and an SQL function around it that people call: it turns the types that cannot
// cross to a Lambda into text and back.
//
//   catalogue type                     SQL function       crosses as
//   bigint, integer, boolean, text     the same, VARCHAR  the same
//   double precision                   DOUBLE PRECISION   VARCHAR (Redshift's JSON loses digits of doubles)
//   geometry                           GEOMETRY           VARCHAR: hex EWKB in SRID 4326
//   json, arrays, records              SUPER              VARCHAR: JSON text
//
// External functions are named __f, or __f_N for the overload with N arguments where there are several.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sql/generator/catalogue/catalogue.hpp"

namespace geocell::sql::redshift {

inline constexpr std::string_view kEngine = "redshift";  // in the catalogue

// Who may call the functions.
struct Grantee {
  enum class Kind : std::uint8_t { user, group, role, everyone };
  Kind kind = Kind::user;
  std::string name;  // empty for everyone
};
// "public", "alice", "user:alice", "group:analysts", "role:reader"; nothing when the text is none of these.
std::optional<Grantee> parse_grantee(std::string_view text);

enum class PolyfillMode : std::uint8_t { center, intersects };

// What a plain SQL function does with arguments outside its `when`.
enum class InvalidInput : std::uint8_t {
  lambda,  // asks the Lambda, which raises the error that names the value
  null,    // returns NULL: the function then names no Lambda at all
};

struct Options {
  std::string schema = "geocell";
  // The Lambda's name or ARN for a lambda_name of the catalogue.
  std::function<std::string(std::string_view lambda_name)> lambda;
  std::string iam_role = "default";  // or an ARN, or several with commas between them (role chaining)
  PolyfillMode polyfill_default = PolyfillMode::center;  // the mode where a call leaves it out
  InvalidInput invalid_input = InvalidInput::lambda;
  bool create_schema = false;
  // CREATE OR REPLACE EXTERNAL FUNCTION, which only a superuser may run where the function exists. False:
  // plain CREATE, for owners who drop the functions first.
  bool replace_external = true;
  std::optional<std::int64_t> retry_timeout_ms;  // for functions whose YAML says none
  std::vector<Grantee> grants;                   // empty: Redshift's default, everyone may call
  // Filters by name; empty: all. What a chosen function needs is created too.
  std::vector<std::string> modules;
  std::vector<std::string> functions;
};

enum class StatementKind : std::uint8_t {
  create_schema,
  create_external,
  create_function,
  create_procedure,
  revoke,
  grant,
  drop
};

// One statement, to be sent as it is: bodies may hold anything, so a script should not be cut at semicolons.
struct Statement {
  StatementKind kind;
  std::string function;   // the catalogue's name; empty where the statement is for the schema
  std::string signature;  // "geocell".quadbin_toparent(BIGINT, INTEGER); the schema where function is empty
  std::string comment;    // the call with its parameters' names; empty where it would say nothing
  std::string text;       // without a semicolon at the end
};

// What is wrong in the options, one text each: names, ARNs, filters that match nothing.
std::vector<std::string> check_options(std::span<const Function> catalogue, const Options& options);

// In the order in which they must run: schema, external functions, SQL functions and procedures after those
// that they call, privileges.
// REQUIRES: check_options() and check_plain_sql() (redshift_plain.hpp) found nothing.
std::vector<Statement> create_statements(std::span<const Function> catalogue, const Options& options);

// Drops exactly the functions and procedures that create_statements() makes for the chosen ones, callers
// first. Redshift has no DROP FUNCTION IF EXISTS: one that is not there is an error.
std::vector<Statement> drop_statements(std::span<const Function> catalogue, const Options& options);

// The statements as a script for people and golden files.
std::string script(std::span<const Statement> statements);

// The statements for programs, one to a line: {"kind": …, "function": …, "signature": …, "text": …}
std::string json_lines(std::span<const Statement> statements);

}  // namespace geocell::sql::redshift
