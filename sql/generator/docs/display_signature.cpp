#include "sql/generator/docs/display_signature.hpp"

#include "sql/generator/engines/quoting.hpp"

namespace geocell::sql {

std::string display_signature(const Function& function) {
  std::string text = function.name + "(";
  std::string closing;
  bool first = true;
  for (const Parameter& parameter : function.parameters) {
    if (parameter.optional) {
      text += first ? "[" : " [";
      closing += "]";
    }
    text += (first ? "" : ", ") + quote_identifier_if_needed(parameter.name) + " " + parameter.type;
    if (parameter.default_value) text += " DEFAULT " + default_literal(parameter);
    first = false;
  }
  if (function.redshift.procedure) return "CALL " + text + ")";
  return text + closing + ") → " + (function.returns.set ? "setof " : "") + function.returns.type;
}

}  // namespace geocell::sql
