#include "tests/redshift/parity_engines.hpp"

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>

#include "sql/generator/engines/postgres/postgres_types.hpp"
#include "sql/generator/engines/quoting.hpp"
#include "sql/generator/engines/redshift/redshift_sql_engine.hpp"

namespace geocell::test {
namespace {

using nlohmann::json;

constexpr const char* kNativeDatabase = "geocell_parity";
constexpr const char* kSchema = "geocell";

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr) {
    throw std::runtime_error(std::string(name) + " is not set; start this with with_standin.sh");
  }
  return value;
}

// None of our documents has white space that means something.
std::string without_white_space(std::string text) {
  std::erase_if(text, [](char c) { return c == ' ' || c == '\n'; });
  return text;
}

// Arrays, json, rows: what is SUPER in Redshift.
bool is_json(std::string_view type) { return sql::redshift::type_name(type) == "SUPER"; }

std::string_view result_type(const sql::Function& function) {
  return function.returns.set ? "json" : std::string_view(function.returns.type);
}

Outcome value_or_error(const QueryResult& result, std::string_view type) {
  if (!result.ok) return "ERROR: " + result.message;
  std::string text = result.value();
  if (result.is_null()) return "NULL";
  if (type == "boolean") return text == "t" || text == "true" ? "true" : "false";
  return is_json(type) ? without_white_space(std::move(text)) : text;
}

// An argument as SQL text.
std::optional<std::string> argument_text(const json& value, std::string_view type, bool postgres) {
  if (value.is_null()) return std::nullopt;
  if (value.is_string()) return value.get<std::string>();
  std::string text = value.dump();
  if (postgres && type.ends_with("[]")) {
    text.front() = '{';
    text.back() = '}';
  }
  return text;
}

// The text as hex EWKB; none where GEOMETRY cannot hold it, or where the SQL around the Lambda would
// transform it, which is not the core's to do.
std::optional<std::string> hex_geometry(const json& value) {
  const auto geometry = read_geometry_text(value.get<std::string>());
  if (!geometry.ok() || !require_lng_lat(*geometry).ok()) return std::nullopt;
  return write_hex_wkb(*geometry);
}

bool fits_geometry(const Group& group, const GoldenCase& golden) {
  for (std::size_t i = 0; i < golden.args.size(); ++i) {
    const bool geometry = group.function->parameters[i].type == "geometry";
    if (geometry && !golden.args[i].is_null() && !hex_geometry(golden.args[i])) return false;
  }
  return true;
}

// An argument as a literal of Redshift's type.
std::string redshift_literal(const json& value, std::string_view type) {
  if (value.is_null()) return "NULL";
  if (type == "geometry") return "ST_GeomFromEWKB(" + sql::quote_literal(*hex_geometry(value)) + ")";
  const std::string text = sql::quote_literal(*argument_text(value, type, false));
  return is_json(type) ? "JSON_PARSE(" + text + ")" : text;
}

}  // namespace

PostgresEngine::PostgresEngine() {
  const std::string server =
      "host=" + environment("REDSHIFT_LOCAL_POSTGRES_HOST") + " port=5432 user=postgres dbname=";
  Session admin(server + "postgres");
  admin.run(std::string("DROP DATABASE IF EXISTS ") + kNativeDatabase + " WITH (FORCE)");
  admin.run(std::string("CREATE DATABASE ") + kNativeDatabase);
  session_ = std::make_unique<Session>(server + kNativeDatabase);
  session_->run("CREATE EXTENSION geocell_postgis CASCADE");
}

Outcome PostgresEngine::outcome(const Group& group, const GoldenCase& golden) {
  const sql::Function& function = *group.function;
  std::vector<Field> parameters;
  std::string call = function.name + "(";
  for (std::size_t i = 0; i < golden.args.size(); ++i) {
    const std::string& type = function.parameters[i].type;
    parameters.push_back(argument_text(golden.args[i], type, true));
    call += (i == 0 ? "$" : ", $") + std::to_string(i + 1) +
            "::" + std::string(spelling(type, sql::postgres::GeometryAs::text));
  }
  call += ")";
  if (function.returns.set) {
    call = "(SELECT CASE WHEN count(cell) = 0 THEN '[]' ELSE json_agg(cell)::text END FROM " + call +
           " AS cell)";
  } else if (function.returns.type.ends_with("[]")) {
    call = "array_to_json(" + call + ")";
  }
  return value_or_error(session_->query("SELECT " + call, parameters), result_type(function));
}

BridgeEngine::BridgeEngine() { options_.string_wrapped = false; }

Outcome BridgeEngine::outcome(const Group& group, const GoldenCase& golden) {
  json row = json::array();
  for (const json& argument : golden.args) {
    row.push_back(argument.is_array() ? json(argument.dump()) : argument);
  }
  std::string request = json{
      {"external_function", std::string("geocell.__") + group.function->name},
      {"num_records", 1},
      {"arguments",
       json::array({row})}}.dump();
  bridge::Summary summary;
  const json answer = json::parse(codec_.answer(request, options_, summary));
  if (answer.at("success") != true) return "ERROR: " + answer.at("error_msg").get<std::string>();
  const json& value = answer.at("results").at(0);
  if (value.is_null()) return "NULL";
  std::string text = value.is_string() ? value.get<std::string>() : value.dump();
  return is_json(result_type(*group.function)) ? without_white_space(std::move(text)) : text;
}

RedshiftEngine::RedshiftEngine() : session_(std::string()) {
  session_.run(std::string("SET search_path TO ") + kSchema + ", public");
}

std::vector<Outcome> RedshiftEngine::outcomes(const Group& group) {
  std::vector<Outcome> all(group.cases.size());
  std::vector<std::size_t> together;
  for (std::size_t i = 0; i < group.cases.size(); ++i) {
    const GoldenCase& golden = *group.cases[i];
    if (golden.error || group.arguments == 0 || !fits_geometry(group, golden)) {
      all[i] = outcome(group, golden);
    } else {
      together.push_back(i);
    }
  }
  if (together.empty()) return all;
  const std::vector<Outcome> values = outcomes_in_one(group, together);
  for (std::size_t i = 0; i < together.size(); ++i) all[together[i]] = values[i];
  return all;
}

std::vector<Outcome> RedshiftEngine::outcomes_in_one(const Group& group,
                                                     const std::vector<std::size_t>& indexes) {
  std::string columns;
  std::string names;
  for (std::size_t i = 0; i < group.arguments; ++i) {
    const std::string name = "a" + std::to_string(i + 1);
    columns += ", " + name + " " + sql::redshift::type_name(group.function->parameters[i].type);
    names += (i == 0 ? "" : ", ") + name;
  }
  session_.run("DROP TABLE IF EXISTS parity");
  session_.run("CREATE TEMP TABLE parity (n INTEGER" + columns + ") DISTSTYLE EVEN");
  std::string insert = "INSERT INTO parity VALUES ";
  for (const std::size_t index : indexes) {
    const GoldenCase& golden = *group.cases[index];
    insert += (index == indexes.front() ? "(" : ", (") + std::to_string(index);
    for (std::size_t i = 0; i < group.arguments; ++i) {
      insert += ", " + redshift_literal(golden.args[i], group.function->parameters[i].type);
    }
    insert += ")";
  }
  session_.run(insert);
  const QueryResult result =
      session_.query("SELECT " + group.function->name + "(" + names + ") FROM parity ORDER BY n");
  std::vector<Outcome> all;
  for (std::size_t i = 0; i < indexes.size(); ++i) {
    QueryResult one = result;
    if (result.ok) one.rows = {result.rows.at(i)};
    all.push_back(value_or_error(one, result_type(*group.function)));
  }
  return all;
}

Outcome RedshiftEngine::outcome(const Group& group, const GoldenCase& golden) {
  const sql::Function& function = *group.function;
  // What GEOMETRY cannot hold comes to the Lambda only when the external function itself is called.
  const bool external = !fits_geometry(group, golden);
  std::vector<Field> parameters;
  std::string call = external ? "__" + function.name : function.name;
  if (external && sql::overload_arities(function).size() > 1) call += "_" + std::to_string(group.arguments);
  call += "(";
  for (std::size_t i = 0; i < golden.args.size(); ++i) {
    const json& value = golden.args[i];
    const std::string& type = function.parameters[i].type;
    std::string parameter = "$" + std::to_string(i + 1);
    if (external || type == "geometry" || is_json(type)) {
      parameter += "::VARCHAR(MAX)";
    } else {
      parameter += "::" + sql::redshift::type_name(type);
    }
    if (!external && type == "geometry") parameter = "ST_GeomFromEWKB(" + parameter + ")";
    if (!external && is_json(type)) parameter = "JSON_PARSE(" + parameter + ")";
    if (external && type == "integer") parameter = "CAST(" + parameter + " AS INTEGER)";
    parameters.push_back(!external && type == "geometry" && !value.is_null()
                             ? hex_geometry(value)
                             : argument_text(value, type, false));
    call += (i == 0 ? "" : ", ") + parameter;
  }
  for (std::size_t i = golden.args.size(); external && i < function.parameters.size(); ++i) {
    if (function.parameters[i].default_value)
      call += ", " + sql::quote_literal(*function.parameters[i].default_value);
  }
  return value_or_error(session_.query("SELECT " + call + ")", parameters), result_type(function));
}

Outcome RedshiftEngine::expression(const std::string& sql) {
  return value_or_error(session_.query("SELECT (" + sql + ")::text"), "text");
}

}  // namespace geocell::test
