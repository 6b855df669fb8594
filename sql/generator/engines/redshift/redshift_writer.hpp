// One statement of Redshift's SQL at a time. Private to the engine: redshift_sql.hpp puts them in order.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sql/generator/engines/redshift/redshift_sql.hpp"

namespace geocell::sql::redshift {

// One callable form of a function: its first `given` parameters. What is missing of `taken`, those of the
// body, has a default.
struct Overload {
  std::size_t given;
  std::size_t taken;
};

std::vector<Overload> overloads(const Function& function);

class Writer {
 public:
  explicit Writer(const Options& options);

  const std::string& schema() const { return schema_; }

  // The call with so many arguments names an external function.
  bool needs_external(const Function& function, std::size_t arguments) const;

  Statement create_external(const Function& function, std::size_t arguments) const;
  Statement create_function(const Function& function, const Overload& overload) const;
  Statement create_procedure(const Function& function) const;

  std::string public_signature(const Function& function, const Overload& overload) const;
  std::string external_signature(const Function& function, std::size_t arguments) const;

  // On what `created` has made, if the options name grantees.
  void add_privileges(const Statement& created, std::vector<Statement>& statements) const;
  static std::string grantee_text(const Grantee& grantee);

 private:
  std::string qualified(std::string_view name) const { return schema_ + "." + std::string(name); }
  std::string external_name(const Function& function, std::size_t arguments) const;
  std::string external_call(const Function& function, const Overload& overload) const;
  std::string wire_value(const Function& function, const Overload& overload) const;

  const Options& options_;
  const std::string schema_;
};

}  // namespace geocell::sql::redshift
