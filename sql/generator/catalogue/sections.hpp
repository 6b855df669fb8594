// The parts of a signature file, each read by a function of its own. Private to the catalogue.
#pragma once

#include <charconv>
#include <cmath>
#include <string>
#include <type_traits>
#include <vector>

#include "sql/generator/catalogue/catalogue.hpp"
#include "sql/generator/catalogue/schema.hpp"

namespace geocell::sql {

Volatility read_volatility(Checker& check, const YAML::Node& node);
Parallel read_parallel(Checker& check, const YAML::Node& node);
std::vector<Parameter> read_parameters(Checker& check, const YAML::Node& node);
Returns read_returns(Checker& check, const YAML::Node& node);
Example read_example(Checker& check, const YAML::Node& node);
LambdaConfig read_config(Checker& check, const YAML::Node& node);
std::optional<Handler> read_handler(Checker& check, const YAML::Node& node);

// The section of an engine, under the engine's name. REQUIRES: the common keys of `function` have been read.
void read_postgres(Checker& check, const YAML::Node& node, Function& function);
void read_redshift(Checker& check, const YAML::Node& node, Function& function);

// What the keys of a whole file may not say together.
void check_redshift(Checker& check, const YAML::Node& root, const Function& function);
void check_handler(Checker& check, const YAML::Node& root, const Function& function);

// The whole text is a number, and a finite one.
template <class Number>
bool reads_as(const std::string& text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  bool finite = true;
  if constexpr (std::is_floating_point_v<Number>) finite = std::isfinite(number);
  return error == std::errc() && end == text.data() + text.size() && finite;
}

}  // namespace geocell::sql
