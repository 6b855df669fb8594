// The three ways to a function's value: PostgreSQL's extension, the Lambda bridge's codec, and Redshift's SQL
// in the stand-in. Each gives a value in one form, so that equal means equal bytes.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lambda_bridge/engines/redshift/redshift_codec.hpp"
#include "sql/generator/catalogue/catalogue.hpp"
#include "tests/extension/session.hpp"
#include "tests/support/golden.hpp"

namespace geocell::test {

// As the value crosses to Redshift: digits, true or false, text, hex EWKB, JSON without white space; "NULL".
// An error is "ERROR: " and its text.
using Outcome = std::string;

// One function with so many arguments, and the golden cases of it.
struct Group {
  const sql::Function* function = nullptr;
  std::size_t arguments = 0;
  std::vector<const GoldenCase*> cases;
};

class PostgresEngine {
 public:
  // Makes a database of its own in the PostgreSQL under the stand-in, with both extensions.
  PostgresEngine();
  Outcome outcome(const Group& group, const GoldenCase& golden);

 private:
  std::unique_ptr<Session> session_;
};

class BridgeEngine {
 public:
  BridgeEngine();
  Outcome outcome(const Group& group, const GoldenCase& golden);

 private:
  bridge::RedshiftCodec codec_;
  bridge::RedshiftOptions options_;
};

class RedshiftEngine {
 public:
  RedshiftEngine();
  // Values come in one statement, over a table of arguments; errors each in a statement of their own.
  std::vector<Outcome> outcomes(const Group& group);
  // Of any expression, as text.
  Outcome expression(const std::string& sql);

 private:
  std::vector<Outcome> outcomes_in_one(const Group& group, const std::vector<std::size_t>& indexes);
  Outcome outcome(const Group& group, const GoldenCase& golden);

  Session session_;
};

}  // namespace geocell::test
