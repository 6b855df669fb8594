#include "sql/generator/engines/redshift/redshift_writer.hpp"

#include <algorithm>

#include "sql/generator/engines/quoting.hpp"
#include "sql/generator/engines/redshift/redshift_plain.hpp"
#include "sql/generator/engines/redshift/redshift_types.hpp"

namespace geocell::sql::redshift {

namespace {

std::string convert(std::string_view conversion, const std::string& value) {
  std::string text;
  std::size_t from = 0;
  for (std::size_t at; (at = conversion.find("{}", from)) != std::string_view::npos; from = at + 2) {
    text += conversion.substr(from, at - from);
    text += value;
  }
  return text += conversion.substr(from);
}

const std::string& parameter_type(const Function& function, std::size_t index) {
  const Parameter& parameter = function.parameters[index];
  for (const auto& own : function.redshift.parameters) {
    if (own.name == parameter.name) return own.type;
  }
  return parameter.type;
}

const std::string& result_type(const Function& function) {
  return function.redshift.returns ? *function.redshift.returns : function.returns.type;
}

// The mode of polyfill where a call leaves it out is the deployer's choice.
std::string default_value(const Parameter& parameter, const Options& options) {
  const bool is_mode = parameter.name == "mode" && parameter.default_value == "center";
  if (is_mode && options.polyfill_default == PolyfillMode::intersects) return "'intersects'";
  return default_literal(parameter);
}

Volatility volatility(const Function& function) {
  return function.redshift.volatility.value_or(function.volatility);
}

std::string call_comment(const Function& function, std::size_t arguments) {
  std::string names;
  for (std::size_t i = 0; i < arguments; ++i) names += (i == 0 ? "" : ", ") + function.parameters[i].name;
  return function.name + "(" + names + ")";
}

}  // namespace

std::vector<Overload> overloads(const Function& function) {
  std::vector<Overload> all;
  if (function.redshift.procedure) return {{function.parameters.size(), function.parameters.size()}};
  const auto& parameters = function.parameters;
  std::size_t given = 0;
  while (given < parameters.size() && !parameters[given].optional && !parameters[given].default_value)
    ++given;
  for (; given <= parameters.size(); ++given) {
    const bool has_default = given < parameters.size() && parameters[given].default_value;
    all.push_back({given, has_default ? parameters.size() : given});
  }
  return all;
}

Writer::Writer(const Options& options) : options_(options), schema_(quote_identifier(options.schema)) {}

std::string Writer::external_name(const Function& function, std::size_t arguments) const {
  const std::string suffix = overload_arities(function).size() > 1 ? "_" + std::to_string(arguments) : "";
  return qualified("__" + function.name + suffix);
}

bool Writer::needs_external(const Function& function, std::size_t arguments) const {
  if (function.redshift.procedure) return false;
  const PlainSql* plain = plain_sql(function, arguments);
  return plain == nullptr || (plain->when && options_.invalid_input == InvalidInput::lambda);
}

Statement Writer::create_external(const Function& function, std::size_t arguments) const {
  const LambdaConfig& config = function.config;
  const std::string signature = external_signature(function, arguments);
  std::string text = std::string(options_.replace_external ? "CREATE OR REPLACE" : "CREATE") +
                     " EXTERNAL FUNCTION " + signature + "\nRETURNS " +
                     std::string(mapping(result_type(function)).wire) + "\n" +
                     (volatility(function) == Volatility::volatile_ ? "VOLATILE" : "STABLE") + "\nLAMBDA " +
                     quote_literal(options_.lambda(config.lambda_name)) + "\nIAM_ROLE " +
                     (options_.iam_role == "default" ? "default" : quote_literal(options_.iam_role));
  const auto retry = config.retry_timeout_ms ? config.retry_timeout_ms : options_.retry_timeout_ms;
  if (retry) text += "\nRETRY_TIMEOUT " + std::to_string(*retry);
  if (config.max_batch_rows) text += "\nMAX_BATCH_ROWS " + std::to_string(*config.max_batch_rows);
  if (config.max_batch_size_kb) {
    text += "\nMAX_BATCH_SIZE " + std::to_string(*config.max_batch_size_kb) + " KB";
  }
  return {StatementKind::create_external, function.name, signature, call_comment(function, arguments), text};
}

Statement Writer::create_function(const Function& function, const Overload& overload) const {
  constexpr const char* kVolatility[] = {"IMMUTABLE", "STABLE", "VOLATILE"};
  const TypeMapping result = mapping(result_type(function));
  // What calls an external function is at most STABLE.
  const Volatility own_or_stable = needs_external(function, overload.taken)
                                       ? std::max(volatility(function), Volatility::stable)
                                       : volatility(function);
  const std::string signature = public_signature(function, overload);
  const std::string text = "CREATE OR REPLACE FUNCTION " + signature + "\nRETURNS " +
                           std::string(result.sql) + "\n" +
                           kVolatility[static_cast<std::size_t>(own_or_stable)] + "\nAS $$\n  SELECT " +
                           convert(result.from_wire, wire_value(function, overload)) + "\n$$ LANGUAGE sql";
  return {StatementKind::create_function, function.name, signature, call_comment(function, overload.given),
          text};
}

Statement Writer::create_procedure(const Function& function) const {
  std::string parameters;
  for (const Parameter& parameter : function.parameters) {
    parameters +=
        (parameters.empty() ? "" : ", ") + parameter.name + " " + std::string(mapping(parameter.type).sql);
  }
  const auto qualify = [this](std::string_view name) { return qualified(name); };
  const std::size_t arguments = function.parameters.size();
  return {StatementKind::create_procedure, function.name, public_signature(function, {arguments, arguments}),
          call_comment(function, arguments),
          "CREATE OR REPLACE PROCEDURE " + qualified(function.name) + "(" + parameters + ")\nAS $$\n" +
              expand(*function.redshift.procedure, qualify) + "\n$$ LANGUAGE plpgsql"};
}

std::string Writer::public_signature(const Function& function, const Overload& overload) const {
  std::string types;
  for (std::size_t i = 0; i < overload.given; ++i) {
    types += (i == 0 ? "" : ", ") + std::string(mapping(parameter_type(function, i)).sql);
  }
  return qualified(function.name) + "(" + types + ")";
}

std::string Writer::external_signature(const Function& function, std::size_t arguments) const {
  std::string types;
  for (std::size_t i = 0; i < arguments; ++i) {
    types += (i == 0 ? "" : ", ") + std::string(mapping(parameter_type(function, i)).wire);
  }
  return external_name(function, arguments) + "(" + types + ")";
}

void Writer::add_privileges(const Statement& created, std::vector<Statement>& statements) const {
  if (options_.grants.empty()) return;
  const std::string what =
      (created.kind == StatementKind::create_procedure ? "PROCEDURE " : "FUNCTION ") + created.signature;
  const auto add = [&](StatementKind kind, const std::string& text) {
    statements.push_back({kind, created.function, created.signature, "", text});
  };
  add(StatementKind::revoke, "REVOKE EXECUTE ON " + what + " FROM PUBLIC");
  for (const Grantee& grantee : options_.grants) {
    add(StatementKind::grant, "GRANT EXECUTE ON " + what + " TO " + grantee_text(grantee));
  }
}

std::string Writer::grantee_text(const Grantee& grantee) {
  const std::string name = quote_identifier(grantee.name);
  switch (grantee.kind) {
    case Grantee::Kind::everyone:
      return "PUBLIC";
    case Grantee::Kind::group:
      return "GROUP " + name;
    case Grantee::Kind::role:
      return "ROLE " + name;
    case Grantee::Kind::user:
      break;
  }
  return name;
}

std::string Writer::external_call(const Function& function, const Overload& overload) const {
  std::string arguments;
  for (std::size_t i = 0; i < overload.taken; ++i) {
    const std::string value = i < overload.given ? convert(mapping(parameter_type(function, i)).to_wire,
                                                           "$" + std::to_string(i + 1))
                                                 : default_value(function.parameters[i], options_);
    arguments += (i == 0 ? "" : ", ") + value;
  }
  return external_name(function, overload.taken) + "(" + arguments + ")";
}

// The value as it crosses to a Lambda: the external call, or the plain expression for it.
std::string Writer::wire_value(const Function& function, const Overload& overload) const {
  const PlainSql* plain = overload.given == overload.taken ? plain_sql(function, overload.given) : nullptr;
  if (plain == nullptr) return external_call(function, overload);
  const auto qualify = [this](std::string_view name) { return qualified(name); };
  const std::string value = expand(plain->value, qualify);
  if (!plain->when) return value;
  std::string any_null;
  for (std::size_t i = 1; function.null_rule == NullRule::strict && i <= overload.given; ++i) {
    any_null += (i == 1 ? "" : " OR ") + ("$" + std::to_string(i)) + " IS NULL";
  }
  std::string text = "CASE";
  if (!any_null.empty()) text += "\n    WHEN " + any_null + " THEN NULL";
  text += "\n    WHEN " + expand(*plain->when, qualify) + "\n    THEN " + value;
  if (options_.invalid_input == InvalidInput::lambda) {
    text += "\n    ELSE " + external_call(function, overload);
  }
  return text + "\n  END";
}

}  // namespace geocell::sql::redshift
