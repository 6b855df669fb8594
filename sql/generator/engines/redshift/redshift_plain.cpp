#include "sql/generator/engines/redshift/redshift_plain.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <set>

#include "geocell/text.hpp"
#include "geocell/version.hpp"
#include "sql/generator/catalogue/schema.hpp"
#include "sql/generator/engines/redshift/redshift_sql.hpp"

namespace geocell::sql::redshift {

namespace {

constexpr std::string_view kVersion = "version";

struct Reference {
  std::size_t begin, end;  // of "{name}"
  std::string_view name;
};

// Braces that hold no identifier belong to the expression, such as those of JSON text.
std::optional<Reference> next_reference(std::string_view expression, std::size_t from) {
  for (std::size_t open = expression.find('{', from); open != std::string_view::npos;
       open = expression.find('{', open + 1)) {
    const std::size_t close = expression.find('}', open);
    if (close == std::string_view::npos) return std::nullopt;
    const std::string_view name = expression.substr(open + 1, close - open - 1);
    if (is_identifier(name)) return Reference{open, close + 1, name};
  }
  return std::nullopt;
}

using Index = std::map<std::string, const Function*, std::less<>>;

Index index_by_name(std::span<const Function> catalogue) {
  Index index;
  for (const Function& function : catalogue) index.emplace(function.name, &function);
  return index;
}

bool is_plain_for_all_input(const Function& function) {
  const auto& plain = function.redshift.plain_sql;
  return !plain.empty() && std::none_of(plain.begin(), plain.end(), [](const auto& sql) { return sql.when; });
}

void check_arguments(const Function& function, std::string_view expression, std::size_t arguments,
                     std::vector<Issue>& issues) {
  for (std::size_t i = expression.find('$'); i != std::string_view::npos; i = expression.find('$', i + 1)) {
    std::size_t number = 0;
    std::from_chars(expression.data() + i + 1, expression.data() + expression.size(), number);
    if (number < 1 || number > arguments) {
      issues.push_back({function.file, 0, 0,
                        "redshift sql: \"" + std::string(expression.substr(i, 3)) + "\" should be $1 to $" +
                            std::to_string(arguments)});
    }
  }
}

void check_references(const Function& function, std::string_view expression, const Index& index,
                      std::vector<Issue>& issues) {
  for (const std::string& name : called_functions(expression)) {
    const auto found = index.find(name);
    if (found == index.end() || !is_plain_for_all_input(*found->second)) {
      issues.push_back({function.file, 0, 0,
                        "redshift sql: \"{" + name +
                            "}\" should name a function whose redshift sql has no when, or be {version}"});
    }
  }
}

// Depth first; `path` holds the functions that wait for the one at hand.
class Order {
 public:
  explicit Order(const Index& index) : index_(index) {}

  void visit(const Function& function) {
    if (done_.contains(function.name)) return;
    if (std::find(path_.begin(), path_.end(), function.name) != path_.end()) {
      circle_ = path_;
      circle_.push_back(function.name);
      return;
    }
    path_.push_back(function.name);
    for (const std::string& name : dependencies(function)) {
      const auto found = index_.find(name);
      if (found != index_.end()) visit(*found->second);
    }
    path_.pop_back();
    if (done_.insert(function.name).second) ordered_.push_back(&function);
  }

  const std::vector<std::string>& circle() const { return circle_; }
  std::vector<const Function*> take() { return std::move(ordered_); }

 private:
  const Index& index_;
  std::set<std::string> done_;
  std::vector<std::string> path_;
  std::vector<std::string> circle_;
  std::vector<const Function*> ordered_;
};

}  // namespace

std::vector<std::string> called_functions(std::string_view expression) {
  std::vector<std::string> names;
  std::size_t from = 0;
  while (const auto reference = next_reference(expression, from)) {
    if (reference->name != kVersion) names.emplace_back(reference->name);
    from = reference->end;
  }
  return names;
}

std::string expand(std::string_view expression,
                   const std::function<std::string(std::string_view)>& qualified) {
  std::string text;
  std::size_t from = 0;
  while (const auto reference = next_reference(expression, from)) {
    text += expression.substr(from, reference->begin - from);
    text += reference->name == kVersion ? "'" + std::string(geocell::version()) + "'"
                                        : qualified(reference->name);
    from = reference->end;
  }
  return text += expression.substr(from);
}

const PlainSql* plain_sql(const Function& function, std::size_t arguments) {
  for (const PlainSql& sql : function.redshift.plain_sql) {
    if (sql.arguments == arguments) return &sql;
  }
  return nullptr;
}

std::vector<std::string> dependencies(const Function& function) {
  std::vector<std::string> names = called_functions(function.redshift.procedure.value_or(""));
  for (const PlainSql& sql : function.redshift.plain_sql) {
    for (auto& name : called_functions(sql.when.value_or("") + " " + sql.value))
      names.push_back(std::move(name));
  }
  return names;
}

std::vector<Issue> check_plain_sql(std::span<const Function> catalogue) {
  const Index index = index_by_name(catalogue);
  std::vector<Issue> issues;
  for (const Function& function : catalogue) {
    for (const PlainSql& sql : function.redshift.plain_sql) {
      for (const std::string& expression : {sql.when.value_or(""), sql.value}) {
        check_arguments(function, expression, sql.arguments, issues);
        check_references(function, expression, index, issues);
      }
    }
    for (const std::string& name : called_functions(function.redshift.procedure.value_or(""))) {
      const auto found = index.find(name);
      if (found == index.end() || !found->second->runs_in(kEngine) || found->second->redshift.procedure) {
        issues.push_back({function.file, 0, 0,
                          "redshift procedure: \"{" + name + "}\" should name a function of Redshift"});
      }
    }
    Order order(index);
    order.visit(function);
    if (!order.circle().empty() && order.circle().front() == function.name) {
      issues.push_back(
          {function.file, 0, 0, "redshift sql: circular reference: " + join(order.circle(), " calls ")});
    }
  }
  return issues;
}

std::vector<const Function*> in_dependency_order(std::span<const Function> catalogue,
                                                 std::span<const Function* const> chosen) {
  const Index index = index_by_name(catalogue);
  Order order(index);
  for (const Function* function : chosen) order.visit(*function);
  return order.take();
}

}  // namespace geocell::sql::redshift
