// The functions of a deployment as SQL: what to run to make each, and to drop it.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/settings/config.hpp"
#include "sql/generator/catalogue/catalogue.hpp"

namespace geocell::gateway {

struct SqlObject {
  std::string key;                  // as signature_key() writes it
  std::string function;             // the catalogue's name it belongs to
  std::string signature;            // as SQL writes it, with the schema
  std::vector<std::string> create;  // statements in order: the function, then its grants
  std::string drop;                 // one statement
};

struct SqlPlan {
  std::vector<std::string> schema_grants;  // on the schema
  std::vector<SqlObject> objects;          // in the order in which they have to be made
};

// `iam_role`: IAM_ROLE's value; `lambda`: what LAMBDA should name for a lambda_name of the catalogue. Throws
// Failure when the options or the functions are wrong.
SqlPlan sql_objects(const Config& config, const std::vector<sql::Function>& functions,
                    const std::string& iam_role, const std::function<std::string(std::string_view)>& lambda);

// name(type,type) with one word for each type, so that a signature of ours and one of the system catalogue
// compare: VARCHAR(MAX), text and character varying are "text", INT8 and bigint "bigint", …
std::string signature_key(std::string_view name, std::string_view types);

}  // namespace geocell::gateway
