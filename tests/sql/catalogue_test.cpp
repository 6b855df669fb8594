// The closed schema of the signature files: every kind of mistake is found, at its place, and all at once.
#include "sql/generator/catalogue/catalogue.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

namespace geocell::sql {
namespace {

const std::string kFile = "sql/functions/quadbin/quadbin_x.yaml";

// A signature file with these lines after the required keys (which take lines 1 to 5).
std::string with(const std::string& rest) {
  return "description: Gives x.\n"
         "returns: {type: bigint, description: The cell.}\n"
         "since: 0.1.0\n"
         "examples:\n"
         "  - {call: quadbin_x(), result: 1}\n" +
         rest;
}

std::string issues_of(const std::string& yaml, const std::string& file = kFile) {
  std::vector<Issue> issues;
  parse_function(yaml, file, issues);
  return to_text(issues);
}

std::string at(int line, int column, const std::string& message) {
  return kFile + ":" + std::to_string(line) + ":" + std::to_string(column) + ": " + message + "\n";
}

struct BadFile {
  std::string yaml;
  std::string issues;
};

void expect_issues(const std::vector<BadFile>& files) {
  for (const BadFile& file : files) EXPECT_EQ(issues_of(file.yaml), file.issues) << file.yaml;
}

std::string parameter(const std::string& keys) {
  return with("parameters:\n  - {name: a, description: A., " + keys + "}\n");
}

TEST(Catalogue, ReadsEveryKey) {
  std::vector<Issue> issues;
  const Function function = parse_function(
      R"yaml(description: |
  Gives cells
  of a thing.

  More.
parameters:
  - {name: geom, type: geometry, description: The geometry.}
  - name: mode
    type: text
    description: The mode.
    default: center
returns: {type: bigint, description: The cells., set: true}
null_rule: handled
volatility: stable
parallel: restricted
engines: [postgres]
since: 1.20.3
internal: true
examples:
  - {call: "quadbin_x('POINT(0 0)')", result: null
}
  - {description: Bad, call: "quadbin_x('?')", error: 'Invalid geometry "?"'}
  - {call: "quadbin_x('')", result: ''}
postgres: {cost: 0.5, rows: 100, volatility: volatile, parallel: unsafe}
config: {lambda_name: own-Lambda_1, memory_mb: 128, timeout_s: 900, max_batch_rows: 2147483647,
         max_batch_size_kb: 5120, retry_timeout_ms: 0}
)yaml",
      kFile, issues);
  EXPECT_EQ(to_text(issues), "");
  EXPECT_EQ(function.name, "quadbin_x");
  EXPECT_EQ(function.module, "quadbin");
  EXPECT_EQ(first_paragraph(function.description), "Gives cells of a thing.");
  ASSERT_EQ(function.parameters.size(), 2u);
  EXPECT_EQ(function.parameters[0].type, "geometry");
  EXPECT_FALSE(function.parameters[0].default_value.has_value());
  EXPECT_EQ(function.parameters[1].default_value, "center");
  EXPECT_TRUE(function.returns.set);
  EXPECT_EQ(function.null_rule, NullRule::handled);
  EXPECT_EQ(function.volatility, Volatility::stable);
  EXPECT_EQ(function.parallel, Parallel::restricted);
  EXPECT_EQ(function.since, "1.20.3");
  EXPECT_TRUE(function.internal);
  ASSERT_EQ(function.examples.size(), 3u);
  EXPECT_TRUE(function.examples[0].is_null);
  EXPECT_FALSE(function.examples[0].result.has_value());
  EXPECT_EQ(function.examples[1].error, "Invalid geometry \"?\"");
  EXPECT_EQ(function.examples[2].result, "");
  EXPECT_EQ(function.postgres.cost, 0.5);
  EXPECT_EQ(function.postgres.rows, 100);
  EXPECT_EQ(function.postgres.volatility, Volatility::volatile_);
  EXPECT_EQ(function.postgres.parallel, Parallel::unsafe);
  EXPECT_EQ(function.engines, EngineSet{"postgres"});
  EXPECT_EQ(function.config.lambda_name, "own-Lambda_1");
  EXPECT_EQ(function.config.memory_mb, 128);
  EXPECT_EQ(function.config.timeout_s, 900);
  EXPECT_EQ(function.config.max_batch_rows, 2147483647);
  EXPECT_EQ(function.config.max_batch_size_kb, 5120);
  EXPECT_EQ(function.config.retry_timeout_ms, 0);
}

TEST(Catalogue, ReadsRedshift) {
  std::vector<Issue> issues;
  const Function function = parse_function(
      R"yaml(description: X.
parameters:
  - {name: id, type: bigint, description: P.}
  - {name: mode, type: text, description: P., optional: true}
returns: {type: bigint, description: X.}
engines: [redshift, postgres]
since: 0.1.0
internal: true
redshift:
  volatility: stable
  parameters: {mode: json}
  returns: text
  sql:
    - {arguments: 1, value: $1 + 1}
    - arguments: 2
      when: >-
        $1 > 0
        AND $2 = '{"a": 1}'
      value: '{quadbin_y}($1)'
)yaml",
      kFile, issues);
  EXPECT_EQ(to_text(issues), "");
  EXPECT_EQ(function.engines, all_engines());
  EXPECT_EQ(function.redshift.volatility, Volatility::stable);
  ASSERT_EQ(function.redshift.parameters.size(), 1u);
  EXPECT_EQ(function.redshift.parameters[0].name, "mode");
  EXPECT_EQ(function.redshift.parameters[0].type, "json");
  EXPECT_EQ(function.redshift.returns, "text");
  ASSERT_EQ(function.redshift.plain_sql.size(), 2u);
  EXPECT_EQ(function.redshift.plain_sql[0].arguments, 1u);
  EXPECT_FALSE(function.redshift.plain_sql[0].when.has_value());
  EXPECT_EQ(function.redshift.plain_sql[1].when, "$1 > 0 AND $2 = '{\"a\": 1}'");
  EXPECT_EQ(function.redshift.plain_sql[1].value, "{quadbin_y}($1)");
}

TEST(Catalogue, RedshiftIssues) {
  const std::string not_one = "value should be one expression, without ";
  expect_issues({
      {with("redshift: {sql: {}}\n"), at(6, 17, "sql lacks the key \"value\"")},
      {with("redshift: {sql: {value: a; b}}\n"), at(6, 25, not_one + ";")},
      {with("redshift: {sql: {value: a $$ b}}\n"), at(6, 25, not_one + "$$")},
      {with("redshift: {sql: {value: a -- b}}\n"), at(6, 25, not_one + "--")},
      {with("redshift: {sql: {value: a /* b}}\n"), at(6, 25, not_one + "/*")},
      {with("redshift: {sql: [{value: a}, {value: b}]}\n"), at(6, 30, "duplicate sql for 0 arguments")},
      {with("redshift: {sql: {arguments: 1, value: a}}\n"),
       at(6, 29, "arguments is \"1\"; it should be an integer between 0 and 0")},
      {with("engines: [postgres, mysql]\n"),
       at(6, 21, "an engine is \"mysql\"; it should be one of postgres, redshift")},
      {with("engines: [postgres, postgres]\n"), at(6, 21, "duplicate engine \"postgres\"")},
      {with("engines: []\n"), at(6, 10, "engines should name at least one of postgres, redshift")},
      {with("engines: [redshift]\n"),
       at(1, 1, "engines: [redshift] needs sql without when, for every number of arguments, or a procedure")},
      {with("engines: [redshift]\nredshift: {sql: {when: a, value: b}}\n"),
       at(1, 1, "engines: [redshift] needs sql without when, for every number of arguments, or a procedure")},
      {with("engines: [postgres]\nredshift: {returns: text}\n"),
       at(7, 11, "redshift needs engines with redshift in it")},
      {"description: X.\nreturns: {type: bigint, description: X., set: true}\nsince: 0.1.0\ninternal: true\n",
       at(2, 10, "set: true needs engines: [postgres]; Redshift has no functions that return a set")},
      {"description: X.\nparameters: [{name: a, type: text, description: X., default: b}]\n"
       "returns: {type: text, description: X.}\nsince: 0.1.0\ninternal: true\nredshift: {sql: {value: $1}}\n",
       at(6, 17, "sql needs a function whose parameters have no default")},
  });
}

TEST(Catalogue, FillsInWhatIsNotSaid) {
  std::vector<Issue> issues;
  const Function function = parse_function(with(""), kFile, issues);
  EXPECT_EQ(to_text(issues), "");
  EXPECT_EQ(function.null_rule, NullRule::strict);
  EXPECT_EQ(function.volatility, Volatility::immutable);
  EXPECT_EQ(function.parallel, Parallel::safe);
  EXPECT_FALSE(function.internal);
  EXPECT_EQ(function.config.lambda_name, "geocell");
}

TEST(Catalogue, ClosedKeys) {
  const std::string root =
      "description, parameters, returns, null_rule, volatility, parallel, engines, since, internal, "
      "examples, postgres, redshift, config, handler";
  expect_issues({
      {with("nullrule: strict\n"), at(6, 1, "unknown key \"nullrule\" in the file; allowed are " + root)},
      {with("<<: {since: 0.1.0}\n"), at(6, 1, "unknown key \"<<\" in the file; allowed are " + root)},
      {with("since: 0.1.0\n"), at(6, 1, "duplicate key \"since\" in the file")},
      {with("? [a]\n: b\n"), at(6, 3, "a key of the file should be one of " + root)},
      {with("postgres: {costs: 1}\n"),
       at(6, 12, "unknown key \"costs\" in postgres; allowed are cost, rows, volatility, parallel")},
      {with("redshift: {cost: 1}\n"),
       at(6, 12,
          "unknown key \"cost\" in redshift; allowed are volatility, parameters, returns, sql, procedure")},
      {with("config:\n  memory: 1\n"), at(7, 3,
                                          "unknown key \"memory\" in config; allowed are lambda_name, "
                                          "memory_mb, timeout_s, max_batch_rows, "
                                          "max_batch_size_kb, retry_timeout_ms")},
      {parameter("type: text, nullable: true"), at(7, 44,
                                                   "unknown key \"nullable\" in a parameter; allowed are "
                                                   "name, type, description, default, optional")},
      {with("parameters:\n  - {name: a, type: text}\n"),
       at(7, 5, "a parameter lacks the key \"description\"")},
  });
}

TEST(Catalogue, Procedures) {
  const std::string head = "description: Fills x.\nsince: 0.1.0\nengines: [redshift]\n";
  expect_issues({
      {head + "redshift: {procedure: BEGIN END}\n", ""},
      {head + "redshift: {procedure: BEGIN $$ END}\n",
       at(4, 23, "procedure should not contain $$, which ends its body")},
      {head + "redshift: {procedure: BEGIN END, returns: text}\n",
       at(4, 11, "procedure should be the only key of redshift")},
      {head + "returns: {type: text, description: X.}\nredshift: {procedure: BEGIN END}\n",
       at(4, 10, "a procedure should have no returns")},
      {"description: Fills x.\nsince: 0.1.0\nredshift: {procedure: BEGIN END}\n",
       at(3, 11, "procedure needs engines: [redshift]")},
      {head + "parameters:\n  - {name: a, type: text, description: X., default: b}\nredshift: {procedure: "
              "BEGIN END}\n",
       at(6, 23, "the parameters of a procedure cannot be left out in Redshift")},
  });
}

TEST(Catalogue, Handlers) {
  std::vector<Issue> issues;
  const Function function =
      parse_function(with("handler: fleet/handler.py\nconfig: {timeout_s: 5}\n"), kFile, issues);
  EXPECT_EQ(to_text(issues), "");
  ASSERT_TRUE(function.handler.has_value());
  EXPECT_EQ(function.handler->path, "fleet/handler.py");
  EXPECT_EQ(function.engines, EngineSet{"redshift"});
  EXPECT_EQ(function.config.lambda_name, "quadbin_x");
  EXPECT_FALSE(needs_core(function));
  const Function named = parse_function(with("handler: h.cpp\nconfig: {lambda_name: own}\n"), kFile, issues);
  EXPECT_EQ(named.config.lambda_name, "own");
  const auto not_a_path = [](const std::string& path) {
    return "handler is \"" + path +
           "\"; it should be a file below the module's folder, such as handler.py or fleet/handler.cpp, in "
           "letters, "
           "digits, _, - and .";
  };
  for (const std::string path :
       {"/handler.py", "../handler.py", "a/../h.py", "a//h.py", "handler.js", "a b.py", ".py"}) {
    EXPECT_EQ(issues_of(with("handler: " + path + "\n")), at(6, 10, not_a_path(path)));
  }
  expect_issues({
      {with("handler: [h.py]\n"), at(6, 10, "handler should be text") + at(6, 10, not_a_path(""))},
      {with("handler: h.py\nengines: [redshift, postgres]\n"),
       at(7, 21, "a handler cannot serve PostgreSQL, which calls no Lambdas")},
      {with("handler: h.py\nredshift: {sql: {value: 1}}\n"),
       at(7, 11, "redshift should have neither sql nor procedure beside a handler")},
      {with("handler: h.py\nconfig: {lambda_name: geocell}\n"),
       at(7, 23,
          "lambda_name \"geocell\" is the Lambda of geocell's own functions; a handler needs another")},
      {with("handler: h.py\npostgres: {cost: 1}\n"), at(7, 11, "postgres needs engines with postgres in it")},
      {with("handler: h.py\nconfig: {timeout_s: 901}\n"),
       at(7, 21, "timeout_s is \"901\"; it should be an integer between 1 and 900")},
  });
}

TEST(Catalogue, RequiredKeysAndExamples) {
  EXPECT_EQ(issues_of("internal: true\n"), at(1, 1, "the file lacks the key \"description\"") +
                                               at(1, 1, "the file lacks the key \"returns\"") +
                                               at(1, 1, "the file lacks the key \"since\""));
  const std::string head = "description: X.\nreturns: {type: text, description: X.}\nsince: 0.1.0\n";
  const std::string no_example = "the file should have at least one example, unless internal: true";
  expect_issues({
      {head, at(1, 1, no_example)},
      {head + "examples: []\n", at(4, 11, no_example)},
      {head + "internal: true\n", ""},
      {head + "examples:\n  - {call: f()}\n",
       at(5, 5, "an example should have result or error, one of them")},
      {head + "examples:\n  - {call: f(), result: 1, error: no}\n",
       at(5, 5, "an example should have result or error, one of them")},
      {head + "examples:\n  - {call: \"f(\\n)\", result: 1}\n", at(5, 12, "call should be one line")},
      {head + "examples:\n  - {call: 'f(''```'')', result: 1}\n", at(5, 12, "call should not contain ```")},
      {head + "examples:\n  - {call: f(), result: [1]}\n", at(5, 25, "result should be text")},
  });
}

TEST(Catalogue, WrongTypesOfValues) {
  expect_issues({
      {with("parameters: {}\n"), at(6, 13, "parameters should be a list")},
      {with("parameters: [a]\n"),
       at(6, 14, "a parameter should be a mapping with the keys name, type, description, default, optional")},
      {with("internal: yes\n"), at(6, 11, "internal is \"yes\"; it should be one of false, true")},
      {with("null_rule: [strict]\n"), at(6, 12, "null_rule should be one of strict, handled")},
      {with("null_rule: lax\n"), at(6, 12, "null_rule is \"lax\"; it should be one of strict, handled")},
      {with("volatility: IMMUTABLE\n"),
       at(6, 13, "volatility is \"IMMUTABLE\"; it should be one of immutable, stable, volatile")},
      {with("parallel: true\n"),
       at(6, 11, "parallel is \"true\"; it should be one of safe, restricted, unsafe")},
      {with("postgres: {cost: 0}\n"), at(6, 18, "cost is \"0\"; it should be a number greater than 0")},
      {with("postgres: {cost: nan}\n"), at(6, 18, "cost is \"nan\"; it should be a number greater than 0")},
      {with("postgres: {rows: 10}\n"), at(6, 18, "rows needs a function that returns a set")},
      {with("redshift: {parameters: {z: bigint}}\n"), at(6, 25, "the function has no parameter \"z\"")},
      {with("redshift: {parameters: [z]}\n"),
       at(6, 24, "parameters of redshift should be a mapping from a parameter's name to its type")},
      {"[]\n",
       at(1, 1,
          "the file should be a mapping with the keys description, parameters, returns, null_rule, "
          "volatility, parallel, engines, since, internal, examples, postgres, redshift, config, handler")},
  });
}

TEST(Catalogue, TypesAndIdentifiers) {
  const std::string types =
      "bigint, integer, double precision, boolean, text, json, json[], bigint[], double precision[], "
      "geometry, geometry[]";
  const std::string rule =
      "; it should be lower-case letters, digits and _, not begin with a digit, and be at most 63 bytes "
      "long";
  const auto named = [](const std::string& name) {
    return with("parameters:\n  - {name: " + name + ", type: text, description: A.}\n");
  };
  expect_issues({
      {parameter("type: int"),
       at(7, 38, "unknown type \"int\"; a parameter's type should be one of " + types)},
      {"description: X.\nreturns: {type: text, description: X., set: true}\nsince: 0.1.0\ninternal: true\n"
       "engines: [postgres]\n",
       at(2, 45, "set: true needs type bigint or cell_range, not \"text\"")},
      {named("Upper"), at(7, 12, "a parameter's name is \"Upper\"" + rule)},
      {named("1st"), at(7, 12, "a parameter's name is \"1st\"" + rule)},
      {named("'a) RETURNS text; DROP TABLE t; --'"),
       at(7, 12, "a parameter's name is \"a) RETURNS text; DROP TABLE t; --\"" + rule)},
      {named("größe"), at(7, 12, "a parameter's name is \"größe\"" + rule)},
      {named(std::string(64, 'a')),
       at(7, 12, "a parameter's name is \"" + std::string(64, 'a') + "\"" + rule)},
      {named("''"), at(7, 12, "a parameter's name should not be empty")},
      {named(std::string(63, 'a')), ""},
      {with("parameters:\n  - {name: a, type: text, description: A.}\n  - {name: a, type: text, "
            "description: A.}\n"),
       at(8, 5, "duplicate parameter \"a\"")},
  });
}

TEST(Catalogue, DefaultsAndOptionals) {
  const auto two = [](const std::string& first, const std::string& second) {
    return with("parameters:\n  - {name: a, type: text, description: A." + first +
                "}\n  - {name: b, type: text, description: B." + second + "}\n");
  };
  const std::string follows =
      "parameter \"b\" follows one that may be left out, so it needs default or optional too";
  expect_issues({
      {two(", default: x", ""), at(8, 5, follows)},
      {two(", optional: true", ""), at(8, 5, follows)},
      {two(", optional: true", ", default: x"),
       at(7, 3, "default and optional should not be mixed in one function: calls would be ambiguous")},
      {two("", ", default: x, optional: true"),
       at(8, 66, "a parameter should have default or optional, not both")},
      {parameter("type: integer, default: 2147483648"),
       at(7, 56, "default \"2147483648\" is not a valid integer literal")},
      {parameter("type: integer, default: -2147483648"), ""},
      {parameter("type: bigint, default: 1e3"), at(7, 55, "default \"1e3\" is not a valid bigint literal")},
      {parameter("type: double precision, default: inf"),
       at(7, 65, "default \"inf\" is not a valid double precision literal")},
      {parameter("type: double precision, default: -0.5"), ""},
      {parameter("type: boolean, default: 1"),
       at(7, 56, "default \"1\" is not a valid boolean literal; should be true or false")},
      {parameter("type: geometry, default: x"),
       at(7, 57, "a parameter of type geometry cannot have a default; use optional: true")},
      {parameter("type: integer, default: '1); DROP TABLE t; --'"),
       at(7, 56, "default \"1); DROP TABLE t; --\" is not a valid integer literal")},
      {parameter("type: text, default: '@extschema@'"),
       at(7, 53, "default should not contain MODULE_PATHNAME or @ext…@")},
      {parameter("type: text, default: \"a\\0b\""),
       at(7, 53, "default should not contain control characters")},
  });
}

TEST(Catalogue, Versions) {
  for (const std::string version :
       {"0.1", "0.1.0.0", "v0.1.0", "0.01.0", "0..1", "-1.0.0", "0.1.0-rc1", "0.1."}) {
    const std::string yaml =
        "description: X.\nreturns: {type: text, description: X.}\ninternal: true\nsince: '" + version + "'\n";
    EXPECT_EQ(issues_of(yaml),
              at(4, 8, "since is \"" + version + "\"; it should be a version such as 0.1.0"));
  }
}

TEST(Catalogue, LambdaLimits) {
  const auto out_of_range = [](const std::string& key, const std::string& value, const std::string& range) {
    EXPECT_EQ(issues_of(with("config:\n  " + key + ": " + value + "\n")),
              at(7, static_cast<int>(key.size()) + 5,
                 key + " is \"" + value + "\"; it should be an integer between " + range));
  };
  out_of_range("memory_mb", "127", "128 and 10240");
  out_of_range("memory_mb", "10241", "128 and 10240");
  out_of_range("memory_mb", "256.0", "128 and 10240");
  out_of_range("timeout_s", "0", "1 and 900");
  out_of_range("timeout_s", "901", "1 and 900");
  out_of_range("max_batch_rows", "0", "1 and 2147483647");
  out_of_range("max_batch_rows", "2147483648", "1 and 2147483647");
  out_of_range("max_batch_size_kb", "0", "1 and 5120");
  out_of_range("max_batch_size_kb", "5121", "1 and 5120");
  out_of_range("retry_timeout_ms", "-1", "0 and 9223372036854775807");
  out_of_range("retry_timeout_ms", "9223372036854775808", "0 and 9223372036854775807");
  for (const std::string& name : std::vector<std::string>{"a b", "a.b", "ä", std::string(65, 'a')}) {
    EXPECT_EQ(issues_of(with("config: {lambda_name: " + name + "}\n")),
              at(6, 23, "lambda_name is \"" + name + "\"; it should be 1 to 64 letters, digits, _ and -"));
  }
  EXPECT_EQ(issues_of(with("config: {lambda_name: " + std::string(64, 'a') + "}\n")), "");
}

TEST(Catalogue, BrokenYaml) {
  expect_issues({
      {"description: [\n", at(2, 1, "invalid YAML: end of sequence flow not found")},
      {"", at(1, 1, "the file should hold one YAML document, not 0")},
      {with("---\na: b\n"), at(1, 1, "the file should hold one YAML document, not 2")},
      {with("postgres: *none\n"), at(6, 11, "invalid YAML: the referenced anchor is not defined")},
  });
  // Hostile depth is refused by the parser, not by the stack.
  EXPECT_NE(issues_of(std::string(100000, '[')), "");
  EXPECT_NE(issues_of(std::string("description: \xff\xfe\n")), "");
}

TEST(Catalogue, ReportsEveryIssueOfAFile) {
  EXPECT_EQ(
      issues_of("description: 5\nreturns: {type: int8, description: X.}\nsince: now\nfoo: 1\ninternal: 1\n"
                "config: {timeout_s: 1000}\n"),
      at(4, 1,
         "unknown key \"foo\" in the file; allowed are description, parameters, returns, null_rule, "
         "volatility, parallel, engines, since, internal, examples, postgres, redshift, config, handler") +
          at(2, 17,
             "unknown type \"int8\"; the type of returns should be one of bigint, integer, double precision, "
             "boolean, text, json, json[], bigint[], double precision[], geometry, geometry[]") +
          at(3, 8, "since is \"now\"; it should be a version such as 0.1.0") +
          at(5, 11, "internal is \"1\"; it should be one of false, true") +
          at(1, 1, "the file should have at least one example, unless internal: true") +
          at(6, 21, "timeout_s is \"1000\"; it should be an integer between 1 and 900"));
}

TEST(Catalogue, FileNameIsTheFunctionsName) {
  EXPECT_EQ(issues_of(with(""), "sql/functions/quadbin/Quadbin-X.yaml"),
            "sql/functions/quadbin/Quadbin-X.yaml:1:1: "
            "the file's name \"Quadbin-X\" should be an SQL name in lower case\n");
  EXPECT_EQ(issues_of(with(""), "sql/functions/quad bin/x.yaml"),
            "sql/functions/quad bin/x.yaml:1:1: the folder's name \"quad bin\" should be a module in lower "
            "case\n");
}

class CatalogueFolder : public testing::Test {
 protected:
  void SetUp() override {
    root_ = std::filesystem::temp_directory_path() /
            ("geocell_catalogue_" + std::to_string(::testing::UnitTest::GetInstance()->random_seed()) + "_" +
             ::testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(root_);
    std::filesystem::create_directories(root_);
  }
  void TearDown() override { std::filesystem::remove_all(root_); }
  void write(const std::string& path, const std::string& text) {
    std::filesystem::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path) << text;
  }
  std::filesystem::path root_;
};

TEST_F(CatalogueFolder, ReadsAllFilesInOrder) {
  write("s2/s2_b.yaml", with(""));
  write("quadbin/quadbin_b.yaml", with(""));
  write("quadbin/quadbin_a.yaml", with(""));
  const Catalogue catalogue = load_catalogue(root_);
  EXPECT_EQ(to_text(catalogue.issues), "");
  ASSERT_EQ(catalogue.functions.size(), 3u);
  EXPECT_EQ(catalogue.functions[0].name, "quadbin_a");
  EXPECT_EQ(catalogue.functions[1].name, "quadbin_b");
  EXPECT_EQ(catalogue.functions[2].module, "s2");
}

TEST_F(CatalogueFolder, ReportsTheIssuesOfAllFilesAtOnce) {
  const std::string root = root_.string();
  write("README.md", "");
  write("a/x.yaml", with("bad: 1\n"));
  write("b/x.yaml", with(""));
  write("b/y.yml", with(""));
  write("c/z.yaml", with("internal: 7\n"));
  const Catalogue catalogue = load_catalogue(root_);
  std::vector<std::string> places;
  for (const Issue& issue : catalogue.issues) {
    places.push_back(issue.file.substr(root.size() + 1) + ":" + std::to_string(issue.line));
  }
  EXPECT_EQ(places,
            (std::vector<std::string>{"README.md:0", "a/x.yaml:6", "b/y.yml:0", "c/z.yaml:6", "b/x.yaml:0"}));
  EXPECT_EQ(catalogue.issues.back().message, "function \"x\" is already described in " + root + "/a/x.yaml");
}

TEST_F(CatalogueFolder, HandlersLieBesideTheirSignatureFiles) {
  write("m/a.yaml", with("handler: a.py\n"));
  write("m/a.py", "");
  write("m/b.yaml", with("handler: b/src/handler.cpp\n"));
  write("m/b/src/handler.cpp", "");
  EXPECT_EQ(to_text(load_catalogue(root_).issues), "");
  write("m/c.yaml", with("handler: c.py\n"));
  write("m/d.py", "");
  const std::string folder = (root_ / "m").string();
  EXPECT_EQ(to_text(load_catalogue(root_).issues),
            folder + "/c.yaml:6:10: handler is \"c.py\"; there is no such file at " + folder + "/c.py\n" +
                folder + "/d.py: should be a readable file <function name>.yaml\n");
}

TEST_F(CatalogueFolder, SeveralRoots) {
  write("one/m/a.yaml", with(""));
  write("two/m/b.yaml", with(""));
  const std::vector<std::filesystem::path> roots = {root_ / "one", root_ / "two"};
  EXPECT_EQ(load_catalogue(roots).functions.size(), 2u);
  write("two/n/a.yaml", with(""));
  EXPECT_EQ(to_text(load_catalogue(roots).issues), (root_ / "two/n/a.yaml").string() +
                                                       ": function \"a\" is already described in " +
                                                       (root_ / "one/m/a.yaml").string() + "\n");
}

TEST_F(CatalogueFolder, MissingFolder) {
  const Catalogue catalogue = load_catalogue(root_ / "none");
  EXPECT_EQ(to_text(catalogue.issues),
            (root_ / "none").string() + ": not a directory; should hold <module>/<name>.yaml\n");
}

}  // namespace
}  // namespace geocell::sql
