#include "gateway/engines/redshift/sql_objects.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "gateway/system/failure.hpp"
#include "geocell/text.hpp"
#include "sql/generator/engines/redshift/redshift_sql.hpp"

namespace geocell::gateway {
namespace {

namespace redshift = sql::redshift;

constexpr std::array<std::pair<std::string_view, std::string_view>, 17> kTypeWords = {{
    {"varchar", "text"},
    {"character varying", "text"},
    {"text", "text"},
    {"bpchar", "text"},
    {"int8", "bigint"},
    {"bigint", "bigint"},
    {"int", "integer"},
    {"int4", "integer"},
    {"integer", "integer"},
    {"float8", "double precision"},
    {"float", "double precision"},
    {"double precision", "double precision"},
    {"bool", "boolean"},
    {"boolean", "boolean"},
    {"super", "super"},
    {"jsonb", "super"},  // what the local stand-in has for SUPER
    {"geometry", "geometry"},
}};

std::string type_word(std::string_view type) {
  std::string name = lower_case(trim(type.substr(0, type.find('('))));
  if (const auto dot = name.rfind('.'); dot != std::string::npos) name = name.substr(dot + 1);
  const auto* found =
      std::ranges::find(kTypeWords, name, &std::pair<std::string_view, std::string_view>::first);
  return found == kTypeWords.end() ? name : std::string(found->second);
}

redshift::Options options_of(const Config& config, const std::string& iam_role,
                             const std::function<std::string(std::string_view)>& lambda) {
  redshift::Options options;
  options.schema = config.schema();
  options.lambda = lambda;
  options.iam_role = iam_role;
  options.polyfill_default = config.get("GEOCELL_POLYFILL_DEFAULT") == "center"
                                 ? redshift::PolyfillMode::center
                                 : redshift::PolyfillMode::intersects;
  if (config.has("GEOCELL_RETRY_TIMEOUT_MS")) {
    options.retry_timeout_ms = config.number("GEOCELL_RETRY_TIMEOUT_MS", 0, 2147483647);
  }
  // An existing function is dropped before it is made again, which its owner may do; OR REPLACE of an
  // external function needs a superuser.
  options.replace_external = false;
  for (const auto& text : config.list("GEOCELL_GRANT_TO")) {
    const auto grantee = redshift::parse_grantee(text);
    if (!grantee) {
      throw Failure("Invalid GEOCELL_GRANT_TO '" + text +
                    "'; should be public, a user's name, group:NAME or role:NAME");
    }
    options.grants.push_back(*grantee);
  }
  return options;
}

}  // namespace

std::string signature_key(std::string_view name, std::string_view types) {
  std::string key = lower_case(name) + "(";
  int depth = 0;
  std::string word;
  const auto end_type = [&] {
    if (!trim(word).empty()) key += (key.back() == '(' ? "" : ",") + type_word(trim(word));
    word.clear();
  };
  for (const char c : types) {
    if (c == '(') ++depth;
    if (c == ')') --depth;
    if (c == ',' && depth == 0) {
      end_type();
    } else {
      word += c;
    }
  }
  end_type();
  return key + ")";
}

SqlPlan sql_objects(const Config& config, const std::vector<sql::Function>& functions,
                    const std::string& iam_role, const std::function<std::string(std::string_view)>& lambda) {
  const redshift::Options options = options_of(config, iam_role, lambda);
  if (const auto wrong = redshift::check_options(functions, options); !wrong.empty()) {
    std::string text;
    for (const auto& message : wrong) text += (text.empty() ? "" : "\n") + message;
    throw Failure(text);
  }
  SqlPlan plan;
  for (const auto& statement : redshift::create_statements(functions, options)) {
    if (statement.function.empty()) {
      plan.schema_grants.push_back(statement.text);
      continue;
    }
    auto found = std::ranges::find(plan.objects, statement.signature, &SqlObject::signature);
    if (found == plan.objects.end()) {
      const std::string& signature = statement.signature;
      const auto open = signature.find('(');
      const auto begin = signature.rfind('.', open) + 1;
      std::string name = signature.substr(begin, open - begin);
      std::erase(name, '"');
      found = plan.objects.insert(
          found,
          {signature_key(name, std::string_view(signature).substr(open + 1, signature.size() - open - 2)),
           statement.function,
           signature,
           {},
           {}});
    }
    found->create.push_back(statement.text);
  }
  for (const auto& statement : redshift::drop_statements(functions, options)) {
    const auto found = std::ranges::find(plan.objects, statement.signature, &SqlObject::signature);
    if (found == plan.objects.end())
      throw Failure("a drop statement without its function: " + statement.signature);
    found->drop = statement.text;
  }
  return plan;
}

}  // namespace geocell::gateway
