// One signature file: its keys, in the order of the documentation.
#include <algorithm>

#include "geocell/text.hpp"
#include "sql/generator/catalogue/sections.hpp"

namespace geocell::sql {

namespace {

// The section of each engine that has keys of its own.
struct EngineSection {
  std::string_view engine;
  void (*read)(Checker& check, const YAML::Node& node, Function& function);
};
constexpr EngineSection kEngineSections[] = {{"postgres", read_postgres}, {"redshift", read_redshift}};

std::vector<std::string_view> allowed_keys() {
  std::vector<std::string_view> keys = {"description", "parameters", "returns", "null_rule", "volatility",
                                        "parallel",    "engines",    "since",   "internal",  "examples"};
  for (const EngineSection& section : kEngineSections) keys.push_back(section.engine);
  keys.insert(keys.end(), {"config", "handler"});
  return keys;
}

std::vector<std::string_view> engine_names() {
  std::vector<std::string_view> names;
  for (const EngineTraits& engine : kEngines) names.push_back(engine.name);
  return names;
}

std::string read_since(Checker& check, const YAML::Node& node) {
  const std::string since = check.line(node, "since");
  int numbers = 0;
  bool good = true;
  std::size_t begin = 0;
  while (good && begin <= since.size()) {
    const std::size_t end = std::min(since.find('.', begin), since.size());
    const std::string part = since.substr(begin, end - begin);
    good = reads_as<std::int32_t>(part) && part.front() != '-' && (part.front() != '0' || part.size() == 1);
    ++numbers;
    begin = end + 1;
  }
  if (!good || numbers != 3)
    check.fail(node, "since is " + in_quotes(since) + "; it should be a version such as 0.1.0");
  return since;
}

void read_engines(Checker& check, const YAML::Node& node, Function& function) {
  if (!check.sequence(node, "engines")) return;
  function.engines.clear();
  for (const auto& entry : node) {
    const EngineTraits& engine = kEngines[check.one_of(entry, "an engine", engine_names())];
    if (!entry.IsScalar() || entry.Scalar() != engine.name) continue;
    if (!function.engines.emplace(engine.name).second) {
      check.fail(entry, "duplicate engine " + in_quotes(engine.name));
    }
    if (function.handler && !engine.calls_lambdas) {
      check.fail(entry, "a handler cannot serve " + std::string(engine.title) + ", which calls no Lambdas");
    }
  }
  if (node.size() == 0) check.fail(node, "engines should name at least one of " + join(engine_names()));
}

// A handler is called by the engines that call Lambdas, and has a Lambda of its own.
void apply_handler(Function& function) {
  std::erase_if(function.engines, [](const std::string& name) { return !find_engine(name)->calls_lambdas; });
  function.config.lambda_name = function.name;
}

void check_sets(Checker& check, const YAML::Node& root, const Function& function) {
  // A set of records crosses as one array where there are no sets.
  if (!function.returns.set || function.returns.type != "bigint") return;
  std::vector<std::string_view> able;
  for (const EngineTraits& engine : kEngines) {
    if (engine.has_sets) able.push_back(engine.name);
  }
  for (const EngineTraits& engine : kEngines) {
    if (engine.has_sets || !function.runs_in(engine.name)) continue;
    check.fail(root["returns"], "set: true needs engines: [" + join(able) + "]; " +
                                    std::string(engine.title) + " has no functions that return a set");
  }
}

bool is_procedure(const YAML::Node& root) {
  if (!root.IsMap()) return false;
  const YAML::Node redshift = root["redshift"];
  return redshift && redshift.IsMap() && redshift["procedure"];
}

void read_examples(Checker& check, const YAML::Node& root, bool required, Function& function) {
  const auto examples = root["examples"];
  if (examples && check.sequence(examples, "examples")) {
    for (const auto& node : examples) function.examples.push_back(read_example(check, node));
  }
  if (function.examples.empty() && required) {
    check.fail(examples ? examples : root,
               "the file should have at least one example, unless internal: true");
  }
}

void read_function(Checker& check, const YAML::Node& root, Function& function) {
  const bool procedure = is_procedure(root);
  std::vector<std::string_view> required = {"description", "returns", "since"};
  if (procedure) std::erase(required, "returns");
  if (!check.mapping(root, "the file", allowed_keys(), required)) return;
  if (const auto node = root["description"]) function.description = check.text(node, "description");
  if (const auto node = root["parameters"]) function.parameters = read_parameters(check, node);
  if (const auto node = root["returns"]) function.returns = read_returns(check, node);
  if (const auto node = root["null_rule"]) {
    function.null_rule = static_cast<NullRule>(check.one_of(node, "null_rule", {"strict", "handled"}));
  }
  if (const auto node = root["volatility"]) function.volatility = read_volatility(check, node);
  if (const auto node = root["parallel"]) function.parallel = read_parallel(check, node);
  if (const auto node = root["handler"]) function.handler = read_handler(check, node);
  if (function.handler) apply_handler(function);
  if (const auto node = root["engines"]) read_engines(check, node, function);
  if (const auto node = root["since"]) function.since = read_since(check, node);
  if (const auto node = root["internal"]) function.internal = check.boolean(node, "internal");
  read_examples(check, root, !function.internal && !procedure, function);
  for (const EngineSection& section : kEngineSections) {
    const auto node = root[std::string(section.engine)];
    if (!node) continue;
    section.read(check, node, function);
    if (!function.runs_in(section.engine)) {
      const std::string name(section.engine);
      check.fail(node, name + " needs engines with " + name + " in it");
    }
  }
  if (const auto node = root["config"]) {
    const std::string lambda = function.config.lambda_name;
    function.config = read_config(check, node);
    if (!node.IsMap() || !node["lambda_name"]) function.config.lambda_name = lambda;
  }
  check_sets(check, root, function);
  check_redshift(check, root, function);
  check_handler(check, root, function);
}

}  // namespace

Function parse_function(std::string_view yaml, const std::string& file, std::vector<Issue>& issues) {
  const std::filesystem::path path(file);
  Function function;
  function.name = path.stem().string();
  function.module = path.parent_path().filename().string();
  function.file = file;
  Checker check(file, issues);
  const YAML::Mark start = YAML::Mark();
  if (!is_identifier(function.name)) {
    check.fail(start, "the file's name " + in_quotes(function.name) + " should be an SQL name in lower case");
  }
  if (!is_identifier(function.module)) {
    check.fail(start,
               "the folder's name " + in_quotes(function.module) + " should be a module in lower case");
  }
  try {
    const std::vector<YAML::Node> documents = YAML::LoadAll(std::string(yaml));
    if (documents.size() == 1) {
      read_function(check, documents.front(), function);
    } else {
      check.fail(start, "the file should hold one YAML document, not " + std::to_string(documents.size()));
    }
  } catch (const YAML::Exception& exception) {
    check.fail(exception.mark.is_null() ? start : exception.mark, "invalid YAML: " + exception.msg);
  }
  return function;
}

}  // namespace geocell::sql
