#include "sql/generator/engines/redshift/redshift_sql.hpp"

#include <algorithm>
#include <set>

#include "sql/generator/engines/postgres/postgres_sql.hpp"
#include "sql/generator/engines/redshift/redshift_plain.hpp"

namespace geocell::sql::redshift {

namespace {

using postgres::quote_literal;

// How a catalogue type is spelled on both sides of a wrapper, and how a value gets across. {} in a conversion
// is the value.
struct TypeMapping {
  std::string_view sql;
  std::string_view wire;
  std::string_view to_wire = "{}";
  std::string_view from_wire = "{}";
};

constexpr std::string_view kText = "VARCHAR(MAX)";
constexpr TypeMapping kSuper = {"SUPER", kText, "JSON_SERIALIZE({})", "JSON_PARSE({})"};

TypeMapping mapping(std::string_view type) {
  if (type == "bigint") return {"BIGINT", "BIGINT"};
  if (type == "integer") return {"INTEGER", "INTEGER"};
  if (type == "boolean") return {"BOOLEAN", "BOOLEAN"};
  if (type == "text") return {kText, kText};
  if (type == "double precision") {
    return {"DOUBLE PRECISION", kText, "CAST({} AS VARCHAR(MAX))", "CAST({} AS DOUBLE PRECISION)"};
  }
  if (type == "geometry") {
    return {"GEOMETRY", kText,
            "ST_AsHexEWKB(CASE ST_SRID({}) WHEN 4326 THEN {} WHEN 0 THEN ST_SetSRID({}, 4326) "
            "ELSE ST_Transform({}, 4326) END)",
            "ST_GeomFromEWKB({})"};
  }
  return kSuper;  // json and arrays
}

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
std::string default_literal(const Parameter& parameter, const Options& options) {
  const bool is_mode = parameter.name == "mode" && parameter.default_value == "center";
  if (is_mode && options.polyfill_default == PolyfillMode::intersects) return "'intersects'";
  return parameter.type == "text" ? quote_literal(*parameter.default_value) : *parameter.default_value;
}

// One callable form of a function: its first `given` parameters. What is missing of `taken`, those of the
// body, has a default.
struct Overload {
  std::size_t given;
  std::size_t taken;
};

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

// In double quotes always, since Redshift's list of reserved words grows.
std::string in_double_quotes(std::string_view name) {
  std::string text = "\"";
  for (const char c : name) text += c == '"' ? std::string("\"\"") : std::string(1, c);
  return text + "\"";
}

class Writer {
 public:
  explicit Writer(const Options& options) : options_(options), schema_(in_double_quotes(options.schema)) {}

  const std::string& schema() const { return schema_; }
  std::string qualified(std::string_view name) const { return schema_ + "." + std::string(name); }

  std::string external_name(const Function& function, std::size_t arguments) const {
    const std::string suffix = overload_arities(function).size() > 1 ? "_" + std::to_string(arguments) : "";
    return qualified("__" + function.name + suffix);
  }

  bool needs_external(const Function& function, std::size_t arguments) const {
    if (function.redshift.procedure) return false;
    const PlainSql* plain = plain_sql(function, arguments);
    return plain == nullptr || (plain->when && options_.invalid_input == InvalidInput::lambda);
  }

  Statement create_external(const Function& function, std::size_t arguments) const {
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
    return {StatementKind::create_external, function.name, signature, call_comment(function, arguments),
            text};
  }

  Statement create_function(const Function& function, const Overload& overload) const {
    constexpr const char* kVolatility[] = {"IMMUTABLE", "STABLE", "VOLATILE"};
    const TypeMapping result = mapping(result_type(function));
    const std::string signature = public_signature(function, overload);
    const std::string text =
        "CREATE OR REPLACE FUNCTION " + signature + "\nRETURNS " + std::string(result.sql) + "\n" +
        kVolatility[static_cast<std::size_t>(sql_volatility(function, overload))] + "\nAS $$\n  SELECT " +
        convert(result.from_wire, wire_value(function, overload)) + "\n$$ LANGUAGE sql";
    return {StatementKind::create_function, function.name, signature, call_comment(function, overload.given),
            text};
  }

  Statement create_procedure(const Function& function) const {
    std::string parameters;
    for (const Parameter& parameter : function.parameters) {
      parameters +=
          (parameters.empty() ? "" : ", ") + parameter.name + " " + std::string(mapping(parameter.type).sql);
    }
    const auto qualify = [this](std::string_view name) { return qualified(name); };
    const std::size_t arguments = function.parameters.size();
    return {StatementKind::create_procedure, function.name,
            public_signature(function, {arguments, arguments}), call_comment(function, arguments),
            "CREATE OR REPLACE PROCEDURE " + qualified(function.name) + "(" + parameters + ")\nAS $$\n" +
                expand(*function.redshift.procedure, qualify) + "\n$$ LANGUAGE plpgsql"};
  }

  std::string public_signature(const Function& function, const Overload& overload) const {
    std::string types;
    for (std::size_t i = 0; i < overload.given; ++i) {
      types += (i == 0 ? "" : ", ") + std::string(mapping(parameter_type(function, i)).sql);
    }
    return qualified(function.name) + "(" + types + ")";
  }

  std::string external_signature(const Function& function, std::size_t arguments) const {
    std::string types;
    for (std::size_t i = 0; i < arguments; ++i) {
      types += (i == 0 ? "" : ", ") + std::string(mapping(parameter_type(function, i)).wire);
    }
    return external_name(function, arguments) + "(" + types + ")";
  }

  void add_privileges(const Statement& created, std::vector<Statement>& statements) const {
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

  static std::string grantee_text(const Grantee& grantee) {
    const std::string name = in_double_quotes(grantee.name);
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

 private:
  static Volatility volatility(const Function& function) {
    return function.redshift.volatility.value_or(function.volatility);
  }

  // What calls an external function is no more than STABLE.
  Volatility sql_volatility(const Function& function, const Overload& overload) const {
    const Volatility own = volatility(function);
    return needs_external(function, overload.taken) ? std::max(own, Volatility::stable) : own;
  }

  std::string call_comment(const Function& function, std::size_t arguments) const {
    std::string names;
    for (std::size_t i = 0; i < arguments; ++i) names += (i == 0 ? "" : ", ") + function.parameters[i].name;
    return function.name + "(" + names + ")";
  }

  std::string external_call(const Function& function, const Overload& overload) const {
    std::string arguments;
    for (std::size_t i = 0; i < overload.taken; ++i) {
      const std::string value = i < overload.given ? convert(mapping(parameter_type(function, i)).to_wire,
                                                             "$" + std::to_string(i + 1))
                                                   : default_literal(function.parameters[i], options_);
      arguments += (i == 0 ? "" : ", ") + value;
    }
    return external_name(function, overload.taken) + "(" + arguments + ")";
  }

  // The value as it travels: the external call, or the plain expression that gives the same.
  std::string wire_value(const Function& function, const Overload& overload) const {
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

  const Options& options_;
  const std::string schema_;
};

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::vector<const Function*> chosen_functions(std::span<const Function> catalogue, const Options& options) {
  std::vector<const Function*> chosen;
  for (const Function& function : catalogue) {
    const bool by_module = options.modules.empty() || contains(options.modules, function.module);
    const bool by_name = options.functions.empty() || contains(options.functions, function.name);
    if (function.in_redshift && by_module && by_name) chosen.push_back(&function);
  }
  return chosen;
}

// The numbers of arguments with which the SQL functions call external ones.
std::vector<std::size_t> external_arities(const Writer& writer, const Function& function) {
  std::vector<std::size_t> arities = overload_arities(function);
  std::erase_if(arities, [&](std::size_t arity) { return !writer.needs_external(function, arity); });
  return arities;
}

}  // namespace

std::vector<Statement> create_statements(std::span<const Function> catalogue, const Options& options) {
  const Writer writer(options);
  const auto functions = in_dependency_order(catalogue, chosen_functions(catalogue, options));
  std::vector<Statement> statements;
  if (options.create_schema) {
    statements.push_back({StatementKind::create_schema, "", writer.schema(), "",
                          "CREATE SCHEMA IF NOT EXISTS " + writer.schema()});
  }
  std::vector<Statement> created;
  for (const Function* function : functions) {
    for (const std::size_t arity : external_arities(writer, *function)) {
      created.push_back(writer.create_external(*function, arity));
    }
  }
  for (const Function* function : functions) {
    if (function->redshift.procedure) {
      created.push_back(writer.create_procedure(*function));
      continue;
    }
    for (const Overload& overload : overloads(*function)) {
      created.push_back(writer.create_function(*function, overload));
    }
  }
  statements.insert(statements.end(), created.begin(), created.end());
  for (const Grantee& grantee : options.grants) {
    statements.push_back(
        {StatementKind::grant, "", writer.schema(), "",
         "GRANT USAGE ON SCHEMA " + writer.schema() + " TO " + Writer::grantee_text(grantee)});
  }
  for (const Statement& statement : created) writer.add_privileges(statement, statements);
  return statements;
}

std::vector<Statement> drop_statements(std::span<const Function> catalogue, const Options& options) {
  const Writer writer(options);
  const auto chosen = chosen_functions(catalogue, options);
  auto functions = in_dependency_order(catalogue, chosen);
  std::erase_if(functions, [&](const Function* function) {
    return std::find(chosen.begin(), chosen.end(), function) == chosen.end();
  });
  std::reverse(functions.begin(), functions.end());
  std::vector<Statement> statements;
  const auto drop = [&](const Function& function, const std::string& signature) {
    const char* what = function.redshift.procedure ? "DROP PROCEDURE " : "DROP FUNCTION ";
    statements.push_back({StatementKind::drop, function.name, signature, "", what + signature});
  };
  for (const Function* function : functions) {
    for (const Overload& overload : overloads(*function)) {
      drop(*function, writer.public_signature(*function, overload));
    }
  }
  for (const Function* function : functions) {
    for (const std::size_t arity : external_arities(writer, *function)) {
      drop(*function, writer.external_signature(*function, arity));
    }
  }
  return statements;
}

std::string script(std::span<const Statement> statements) {
  std::string text =
      "-- geocell's functions for Amazon Redshift. Generated by geocell-sql; not to be edited.\n";
  for (const Statement& statement : statements) {
    const bool block = statement.kind == StatementKind::create_external ||
                       statement.kind == StatementKind::create_function ||
                       statement.kind == StatementKind::create_procedure;
    if (block) text += "\n-- " + statement.comment + "\n";
    text += statement.text + ";\n";
  }
  return text;
}

std::string json_lines(std::span<const Statement> statements) {
  constexpr const char* kKinds[] = {
      "create_schema", "create_external", "create_function", "create_procedure", "revoke", "grant", "drop"};
  std::string text;
  const auto add = [&](const char* separator, const char* key, std::string_view value) {
    text += separator + ("\"" + std::string(key)) + "\": \"";
    for (const char c : value) {
      if (c == '"' || c == '\\') text += '\\';
      text += c == '\n' ? "\\n" : std::string(1, c);
    }
    text += '"';
  };
  for (const Statement& statement : statements) {
    add("{", "kind", kKinds[static_cast<std::size_t>(statement.kind)]);
    add(", ", "function", statement.function);
    add(", ", "signature", statement.signature);
    add(", ", "text", statement.text);
    text += "}\n";
  }
  return text;
}

}  // namespace geocell::sql::redshift
