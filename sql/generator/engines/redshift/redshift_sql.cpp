#include "sql/generator/engines/redshift/redshift_sql.hpp"

#include <algorithm>

#include "sql/generator/engines/redshift/redshift_plain.hpp"
#include "sql/generator/engines/redshift/redshift_writer.hpp"

namespace geocell::sql::redshift {

namespace {

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::vector<const Function*> chosen_functions(std::span<const Function> catalogue, const Options& options) {
  std::vector<const Function*> chosen;
  for (const Function& function : catalogue) {
    const bool by_module = options.modules.empty() || contains(options.modules, function.module);
    const bool by_name = options.functions.empty() || contains(options.functions, function.name);
    if (function.runs_in(kEngine) && by_module && by_name) chosen.push_back(&function);
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

}  // namespace geocell::sql::redshift
