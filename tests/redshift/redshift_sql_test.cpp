// The SQL for Redshift: AWS's grammar, the golden files, what the options do. The parsers of tests/redshift
// see the same statements.
#include <gtest/gtest.h>
#include <regex.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <stdexcept>

#include "sql/generator/engines/redshift/redshift_plain.hpp"
#include "sql/generator/engines/redshift/redshift_sql.hpp"
#include "tests/support/source_dir.hpp"

namespace geocell::sql::redshift {
namespace {

const std::string kFunctions = test::source_dir() + "/sql/functions";

const std::vector<Function>& catalogue() {
  static const Catalogue loaded = load_catalogue(kFunctions);
  return loaded.functions;
}

Options options() {
  Options options;
  options.lambda = [](std::string_view name) { return std::string(name); };
  return options;
}

Options only(const std::string& function) {
  Options chosen = options();
  chosen.functions = {function};
  return chosen;
}

std::string text_of(const std::vector<Statement>& statements, std::string_view signature,
                    StatementKind kind = StatementKind::create_function) {
  for (const Statement& statement : statements) {
    if (statement.kind == kind && statement.signature == signature) return statement.text;
  }
  return "no statement for " + std::string(signature);
}

std::vector<std::string> signatures(const std::vector<Statement>& statements) {
  std::vector<std::string> all;
  for (const Statement& statement : statements) all.push_back(statement.signature);
  return all;
}

// --- AWS's grammar, as its pages for CREATE EXTERNAL FUNCTION, CREATE FUNCTION, GRANT, REVOKE and DROP
// FUNCTION show it. ---

const std::string kName = R"("([^"]|"")+")";
const std::string kQualified = kName + R"(\.[a-z_][a-z0-9_]{0,126})";
// "The input and return data types for Lambda UDFs can be any of the following types."
const std::string kLambdaType =
    R"((SMALLINT|INTEGER|BIGINT|DECIMAL|REAL|DOUBLE PRECISION|CHAR|VARCHAR\(MAX\)|BOOLEAN|DATE|TIMESTAMP))";
const std::string kType = "(" + kLambdaType + "|SUPER|GEOMETRY)";

std::string list_of(const std::string& type) { return R"(\(()" + type + "(, " + type + R"()*)?\))"; }

std::string grammar(StatementKind kind) {
  const std::string grantee = "(PUBLIC|(GROUP |ROLE )?" + kName + ")";
  const std::string function = kQualified + list_of(kType);
  switch (kind) {
    case StatementKind::create_schema:
      return "CREATE SCHEMA IF NOT EXISTS " + kName;
    case StatementKind::create_external:
      return "CREATE (OR REPLACE )?EXTERNAL FUNCTION " + kQualified + list_of(kLambdaType) + "\nRETURNS " +
             kLambdaType + "\n(VOLATILE|STABLE)\nLAMBDA '[^']+'\nIAM_ROLE (default|'arn:[^']+')" +
             "(\nRETRY_TIMEOUT [0-9]+)?(\nMAX_BATCH_ROWS [0-9]+)?(\nMAX_BATCH_SIZE [0-9]+ (KB|MB))?";
    case StatementKind::create_function:
      return "CREATE OR REPLACE FUNCTION " + function + "\nRETURNS " + kType +
             "\n(VOLATILE|STABLE|IMMUTABLE)\nAS [$][$]\n  SELECT [^;]+\n[$][$] LANGUAGE sql";
    case StatementKind::create_procedure:
      return "CREATE OR REPLACE PROCEDURE " + kQualified + list_of("[a-z_][a-z0-9_]* " + kType) +
             "\nAS [$][$]\nDECLARE\n([^$]|[$]')*\nEND\n[$][$] LANGUAGE plpgsql";
    case StatementKind::revoke:
      return "REVOKE EXECUTE ON (FUNCTION|PROCEDURE) " + function + " FROM PUBLIC";
    case StatementKind::grant:
      return "GRANT (EXECUTE ON (FUNCTION|PROCEDURE) " + function + "|USAGE ON SCHEMA " + kName + ") TO " +
             grantee;
    case StatementKind::drop:
      return "DROP (FUNCTION|PROCEDURE) " + function;
  }
  return "";
}

// POSIX's matcher: the compiler warns of std::regex's own code under the sanitizers.
class Pattern {
 public:
  explicit Pattern(const std::string& rule) {
    if (regcomp(&regex_, ("^(" + rule + ")$").c_str(), REG_EXTENDED | REG_NOSUB) != 0) {
      throw std::invalid_argument("no regular expression: " + rule);
    }
  }
  Pattern(const Pattern&) = delete;
  Pattern& operator=(const Pattern&) = delete;
  ~Pattern() { regfree(&regex_); }
  bool matches(const std::string& text) const { return regexec(&regex_, text.c_str(), 0, nullptr, 0) == 0; }

 private:
  regex_t regex_{};
};

TEST(RedshiftSql, FollowsTheGrammar) {
  Options all = options();
  all.create_schema = true;
  all.retry_timeout_ms = 20000;
  all.iam_role = "arn:aws:iam::123456789012:role/a,arn:aws:iam::210987654321:role/b";
  all.grants = {{Grantee::Kind::everyone, ""},
                {Grantee::Kind::user, "IAM:O\"Hara"},
                {Grantee::Kind::group, "select"},
                {Grantee::Kind::role, "sys:x"}};
  ASSERT_EQ(check_options(catalogue(), all), std::vector<std::string>());
  std::map<StatementKind, Pattern> grammars;
  std::set<StatementKind> seen;
  auto statements = create_statements(catalogue(), all);
  for (const Statement& drop : drop_statements(catalogue(), all)) statements.push_back(drop);
  for (const Statement& statement : statements) {
    const auto& rule = grammars.try_emplace(statement.kind, grammar(statement.kind)).first->second;
    EXPECT_TRUE(rule.matches(statement.text)) << statement.text;
    seen.insert(statement.kind);
  }
  EXPECT_EQ(seen.size(), 7u);
}

TEST(RedshiftSql, NamesAreUniqueAndFunctionsComeBeforeTheirCallers) {
  std::set<std::string> created;
  std::set<std::string> external_names;
  for (const Statement& statement : create_statements(catalogue(), options())) {
    EXPECT_TRUE(created.insert(statement.signature).second) << statement.signature;
    const std::string name = statement.signature.substr(0, statement.signature.find('('));
    if (statement.kind == StatementKind::create_external) {
      EXPECT_TRUE(external_names.insert(name).second) << name << ": one name for one signature";
    }
    const std::string body =
        statement.text.substr(std::min(statement.text.find("AS $$"), statement.text.size()));
    const std::string schema = "\"geocell\".";
    for (std::size_t at = body.find(schema); at != std::string::npos; at = body.find(schema, at + 1)) {
      const std::string called = body.substr(at, body.find('(', at) + 1 - at);
      EXPECT_TRUE(std::any_of(created.begin(), created.end(),
                              [&](const std::string& signature) { return signature.starts_with(called); }))
          << statement.signature << " calls " << called;
    }
  }
}

// --- Golden files ---

struct Golden {
  const char* file;
  const char* arguments;
};
constexpr Golden kGolden[] = {
    {"create.sql", "--create-schema"},
    {"options.sql",
     "--schema carto --lambda arn:aws:lambda:eu-west-1:123456789012:function:at-geocell --iam-role "
     "arn:aws:iam::123456789012:role/invoke --polyfill-default intersects "
     "--invalid-input null --retry-timeout 5000 "
     "--no-replace --grant alice --grant role:reader --only quadbin_polyfill,quadbin_toparent"},
    {"drop.sql", "--drop"},
};

std::string read_stream(std::FILE* stream) {
  std::string text;
  char buffer[4096];
  for (std::size_t n; (n = std::fread(buffer, 1, sizeof buffer, stream)) > 0;) text.append(buffer, n);
  return text;
}

TEST(RedshiftSql, TheGoldenFilesAreFresh) {
  const std::filesystem::path folder = test::source_dir() + "/tests/golden/redshift";
  std::set<std::string> files;
  for (const auto& [file, arguments] : kGolden) {
    files.insert(file);
    const std::string command = " --functions " + kFunctions + " redshift " + arguments;
    const std::unique_ptr<std::FILE, decltype(&pclose)> pipe(
        popen((GEOCELL_SQL_PROGRAM + command).c_str(), "r"), &pclose);
    ASSERT_NE(pipe, nullptr);
    std::ifstream stream(folder / file, std::ios::binary);
    EXPECT_EQ(read_stream(pipe.get()), std::string(std::istreambuf_iterator<char>(stream), {}))
        << "build/release/sql/geocell-sql" << command << " > tests/golden/redshift/" << file << " writes it";
  }
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    EXPECT_TRUE(files.contains(entry.path().filename())) << entry.path() << " belongs to no golden test";
  }
}

// --- The effect of options and signatures, statement by statement ---

TEST(RedshiftSql, ExternalFunctions) {
  Options chosen = only("quadbin_fromlonglat");
  EXPECT_EQ(
      text_of(create_statements(catalogue(), chosen),
              R"("geocell".__quadbin_fromlonglat(VARCHAR(MAX), VARCHAR(MAX), INTEGER))",
              StatementKind::create_external),
      "CREATE OR REPLACE EXTERNAL FUNCTION \"geocell\".__quadbin_fromlonglat(VARCHAR(MAX), VARCHAR(MAX), "
      "INTEGER)\nRETURNS BIGINT\nSTABLE\nLAMBDA 'geocell'\nIAM_ROLE default\nMAX_BATCH_ROWS 10000");
  auto functions = std::vector<Function>{catalogue()};
  for (Function& function : functions) {
    function.config.max_batch_rows = 7;
    function.config.max_batch_size_kb = 512;
    function.config.lambda_name = "own";
  }
  chosen.schema = "at";
  chosen.lambda = [](std::string_view name) { return "dev-" + std::string(name); };
  chosen.retry_timeout_ms = 0;
  chosen.replace_external = false;
  chosen.iam_role = "arn:aws:iam::123456789012:role/x";
  EXPECT_EQ(text_of(create_statements(functions, chosen),
                    R"("at".__quadbin_fromlonglat(VARCHAR(MAX), VARCHAR(MAX), INTEGER))",
                    StatementKind::create_external),
            "CREATE EXTERNAL FUNCTION \"at\".__quadbin_fromlonglat(VARCHAR(MAX), VARCHAR(MAX), INTEGER)\n"
            "RETURNS BIGINT\nSTABLE\nLAMBDA 'dev-own'\nIAM_ROLE 'arn:aws:iam::123456789012:role/x'\n"
            "RETRY_TIMEOUT 0\nMAX_BATCH_ROWS 7\nMAX_BATCH_SIZE 512 KB");
}

TEST(RedshiftSql, WrappersConvertWhatCannotCross) {
  const auto statements = create_statements(catalogue(), options());
  const auto body = [&](std::string_view signature) {
    const std::string text = text_of(statements, "\"geocell\"." + std::string(signature));
    const std::size_t begin = text.find("SELECT ");
    return begin == std::string::npos ? text : text.substr(begin, text.find("\n$$") - begin);
  };
  EXPECT_EQ(
      body("quadbin_fromlonglat(DOUBLE PRECISION, DOUBLE PRECISION, INTEGER)"),
      R"(SELECT "geocell".__quadbin_fromlonglat(CAST($1 AS VARCHAR(MAX)), CAST($2 AS VARCHAR(MAX)), $3))");
  EXPECT_EQ(body("quadbin_area(BIGINT)"), R"(SELECT CAST("geocell".__quadbin_area($1) AS DOUBLE PRECISION))");
  EXPECT_EQ(body("quadbin_center(BIGINT)"), R"(SELECT ST_GeomFromEWKB("geocell".__quadbin_center($1)))");
  EXPECT_EQ(body("quadbin_bbox(BIGINT)"), R"(SELECT JSON_PARSE("geocell".__quadbin_bbox($1)))");
  EXPECT_EQ(body("quadbin_compact(SUPER)"),
            R"(SELECT JSON_PARSE("geocell".__quadbin_compact(JSON_SERIALIZE($1))))");
  EXPECT_EQ(body("s2_boundary(BIGINT)"), R"(SELECT "geocell".__s2_boundary($1))");
  EXPECT_EQ(body("version_core()"), R"(SELECT "geocell".__version_core())");
  EXPECT_EQ(body("quadbin_fromgeogpoint(GEOMETRY, INTEGER)"),
            "SELECT \"geocell\".__quadbin_fromgeogpoint(ST_AsHexEWKB(CASE ST_SRID($1) WHEN 4326 THEN $1 "
            "WHEN 0 THEN ST_SetSRID($1, 4326) ELSE ST_Transform($1, 4326) END), $2)");
}

TEST(RedshiftSql, OverloadsAndDefaults) {
  EXPECT_EQ(signatures(create_statements(catalogue(), only("s2_tochildren"))),
            (std::vector<std::string>{
                R"("geocell".__s2_tochildren_1(BIGINT))", R"("geocell".__s2_tochildren_2(BIGINT, INTEGER))",
                R"("geocell".s2_tochildren(BIGINT))", R"("geocell".s2_tochildren(BIGINT, INTEGER))"}));
  const auto bbox = create_statements(catalogue(), only("s2_polyfill_bbox"));
  EXPECT_EQ(bbox.size(), 4u);  // one external function serves the calls with four, five and six arguments
  EXPECT_NE(text_of(bbox,
                    "\"geocell\".s2_polyfill_bbox(DOUBLE PRECISION, DOUBLE PRECISION, DOUBLE PRECISION, "
                    "DOUBLE PRECISION)")
                .find("CAST($4 AS VARCHAR(MAX)), 0, 30)"),
            std::string::npos);
}

TEST(RedshiftSql, WhatTheYamlSaysOfRedshiftAloneHolds) {
  Function function;
  function.name = "quadbin_x";
  function.parameters = {{"a", "bigint[]", "P.", {}, false}, {"b", "text", "P.", {}, false}};
  function.returns = {"bigint", "R.", false};
  function.redshift.volatility = Volatility::volatile_;
  function.redshift.parameters = {{"a", "text"}};
  function.redshift.returns = "json";
  const auto statements = create_statements(std::vector{function}, options());
  EXPECT_EQ(text_of(statements, R"("geocell".__quadbin_x(VARCHAR(MAX), VARCHAR(MAX)))",
                    StatementKind::create_external),
            "CREATE OR REPLACE EXTERNAL FUNCTION \"geocell\".__quadbin_x(VARCHAR(MAX), VARCHAR(MAX))\n"
            "RETURNS VARCHAR(MAX)\nVOLATILE\nLAMBDA 'geocell'\nIAM_ROLE default");
  EXPECT_EQ(text_of(statements, R"("geocell".quadbin_x(VARCHAR(MAX), VARCHAR(MAX)))"),
            "CREATE OR REPLACE FUNCTION \"geocell\".quadbin_x(VARCHAR(MAX), VARCHAR(MAX))\n"
            "RETURNS SUPER\nVOLATILE\n"
            "AS $$\n  SELECT JSON_PARSE(\"geocell\".__quadbin_x($1, $2))\n$$ LANGUAGE sql");
}

TEST(RedshiftSql, JsonLinesKeepTheText) {
  const std::vector<Statement> statements = {
      {StatementKind::drop, "f", "\"s\".f(BIGINT)", "f(a)", "DROP\nFUNCTION \"s\".f(BIGINT) -- \\"}};
  EXPECT_EQ(json_lines(statements),
            R"json({"kind": "drop", "function": "f", "signature": "\"s\".f(BIGINT)", )json"
            R"json("text": "DROP\nFUNCTION \"s\".f(BIGINT) -- \\"})json"
            "\n");
}

TEST(RedshiftSql, Procedures) {
  Options chosen = only("quadbin_polyfill_table");
  chosen.schema = "at";
  chosen.grants = {{Grantee::Kind::role, "reader"}};
  const auto statements = create_statements(catalogue(), chosen);
  const std::string signature =
      R"("at".quadbin_polyfill_table(VARCHAR(MAX), INTEGER, VARCHAR(MAX), VARCHAR(MAX)))";
  const std::string text = text_of(statements, signature, StatementKind::create_procedure);
  EXPECT_TRUE(
      text.starts_with("CREATE OR REPLACE PROCEDURE \"at\".quadbin_polyfill_table(input_query VARCHAR(MAX), "
                       "resolution INTEGER, mode VARCHAR(MAX), output_table VARCHAR(MAX))\nAS $$\nDECLARE\n"))
      << text;
  EXPECT_NE(text.find("JSON_SERIALIZE(\"at\".quadbin_polyfill_page(geom, "), std::string::npos);
  EXPECT_EQ(statements.front().signature,
            R"("at".__quadbin_polyfill_page(VARCHAR(MAX), INTEGER, VARCHAR(MAX), BIGINT, INTEGER))");
  EXPECT_EQ(statements.back().text, "GRANT EXECUTE ON PROCEDURE " + signature + " TO ROLE \"reader\"");
  EXPECT_EQ(drop_statements(catalogue(), chosen).front().text, "DROP PROCEDURE " + signature);
}

TEST(RedshiftSql, PolyfillDefault) {
  for (const std::string name : {"quadbin_polyfill", "s2_polyfill"}) {
    Options chosen = only(name);
    const std::string two = "\"geocell\"." + name + "(GEOMETRY, INTEGER)";
    const std::string three = "\"geocell\"." + name + "(GEOMETRY, INTEGER, VARCHAR(MAX))";
    EXPECT_NE(text_of(create_statements(catalogue(), chosen), two).find(", $2, 'center')"),
              std::string::npos);
    chosen.polyfill_default = PolyfillMode::intersects;
    const auto statements = create_statements(catalogue(), chosen);
    EXPECT_NE(text_of(statements, two).find(", $2, 'intersects')"), std::string::npos);
    EXPECT_NE(text_of(statements, three).find(", $2, $3)"), std::string::npos);
  }
}

TEST(RedshiftSql, PlainSqlAsksTheLambdaOnlyForInvalidInput) {
  Options chosen = only("quadbin_resolution");
  auto statements = create_statements(catalogue(), chosen);
  EXPECT_EQ(signatures(statements), (std::vector<std::string>{R"("geocell".__quadbin_resolution(BIGINT))",
                                                              R"("geocell".quadbin_isvalid(BIGINT))",
                                                              R"("geocell".quadbin_resolution(BIGINT))"}));
  EXPECT_EQ(
      statements[2].text,
      "CREATE OR REPLACE FUNCTION \"geocell\".quadbin_resolution(BIGINT)\nRETURNS INTEGER\nSTABLE\nAS $$\n"
      "  SELECT CASE\n    WHEN $1 IS NULL THEN NULL\n    WHEN \"geocell\".quadbin_isvalid($1)\n"
      "    THEN CAST((($1 >> 52) & 31) AS INTEGER)\n    ELSE \"geocell\".__quadbin_resolution($1)\n  END\n"
      "$$ LANGUAGE sql");
  chosen.invalid_input = InvalidInput::null;
  statements = create_statements(catalogue(), chosen);
  EXPECT_EQ(signatures(statements), (std::vector<std::string>{R"("geocell".quadbin_isvalid(BIGINT))",
                                                              R"("geocell".quadbin_resolution(BIGINT))"}));
  EXPECT_NE(statements[1].text.find("IMMUTABLE"), std::string::npos);
  EXPECT_EQ(statements[1].text.find("ELSE"), std::string::npos);
}

TEST(RedshiftSql, Filters) {
  Options chosen = options();
  chosen.modules = {"core"};
  EXPECT_EQ(signatures(create_statements(catalogue(), chosen)),
            (std::vector<std::string>{R"("geocell".__version_core())", R"("geocell".version_core())",
                                      R"("geocell".version_sql())"}));
  chosen.functions = {"version_sql"};
  EXPECT_EQ(signatures(create_statements(catalogue(), chosen)),
            std::vector<std::string>{R"("geocell".version_sql())"});
}

TEST(RedshiftSql, DropsWhatItMadeAndNothingElse) {
  std::set<std::string> made;
  std::set<std::string> procedures;
  for (const Statement& statement : create_statements(catalogue(), options())) {
    made.insert(statement.signature);
    if (statement.kind == StatementKind::create_procedure) procedures.insert(statement.signature);
  }
  const auto drops = drop_statements(catalogue(), options());
  std::set<std::string> dropped;
  for (const Statement& statement : drops) {
    const char* what = procedures.contains(statement.signature) ? "DROP PROCEDURE " : "DROP FUNCTION ";
    EXPECT_EQ(statement.text, what + statement.signature);
    EXPECT_TRUE(dropped.insert(statement.signature).second);
  }
  EXPECT_EQ(dropped, made);
  // A chosen function goes; what it needs may serve others and stays.
  EXPECT_EQ(signatures(drop_statements(catalogue(), only("quadbin_resolution"))),
            (std::vector<std::string>{R"("geocell".quadbin_resolution(BIGINT))",
                                      R"("geocell".__quadbin_resolution(BIGINT))"}));
}

TEST(RedshiftSql, Grants) {
  Options chosen = only("version_core");
  chosen.grants = {{Grantee::Kind::user, "alice"}, {Grantee::Kind::role, "reader"}};
  std::string text;
  for (const Statement& statement : create_statements(catalogue(), chosen)) {
    if (statement.kind == StatementKind::grant || statement.kind == StatementKind::revoke)
      text += statement.text + "\n";
  }
  EXPECT_EQ(text, R"(GRANT USAGE ON SCHEMA "geocell" TO "alice"
GRANT USAGE ON SCHEMA "geocell" TO ROLE "reader"
REVOKE EXECUTE ON FUNCTION "geocell".__version_core() FROM PUBLIC
GRANT EXECUTE ON FUNCTION "geocell".__version_core() TO "alice"
GRANT EXECUTE ON FUNCTION "geocell".__version_core() TO ROLE "reader"
REVOKE EXECUTE ON FUNCTION "geocell".version_core() FROM PUBLIC
GRANT EXECUTE ON FUNCTION "geocell".version_core() TO "alice"
GRANT EXECUTE ON FUNCTION "geocell".version_core() TO ROLE "reader"
)");
}

TEST(RedshiftSql, Grantees) {
  EXPECT_EQ(parse_grantee("public")->kind, Grantee::Kind::everyone);
  EXPECT_EQ(parse_grantee("alice")->name, "alice");
  EXPECT_EQ(parse_grantee("user:public")->kind, Grantee::Kind::user);
  EXPECT_EQ(parse_grantee("group:g")->kind, Grantee::Kind::group);
  EXPECT_EQ(parse_grantee("role:sys:secadmin")->name, "sys:secadmin");
  EXPECT_FALSE(parse_grantee(""));
  EXPECT_FALSE(parse_grantee("role:"));
  EXPECT_FALSE(parse_grantee("a\nb"));
  EXPECT_FALSE(parse_grantee(std::string(128, 'a')));
}

TEST(RedshiftSql, RefusesOptionsThatAreNoNames) {
  const auto issue = [](auto change) {
    Options changed = options();
    change(changed);
    const auto issues = check_options(catalogue(), changed);
    return issues.empty() ? std::string() : issues.front();
  };
  const std::string schema_rule =
      "; should be letters, digits and _, not begin with a digit, and be at most 127 bytes long";
  for (const std::string schema : {"", "1a", "a;drop", "a b", "a\"b", "a.b", "ä"}) {
    EXPECT_EQ(issue([&](Options& o) { o.schema = schema; }),
              "Invalid schema \"" + schema + "\"" + schema_rule);
  }
  EXPECT_EQ(issue([](Options& o) { o.schema = std::string(127, 'a'); }), "");
  EXPECT_NE(issue([](Options& o) { o.schema = std::string(128, 'a'); }), "");
  for (const std::string role :
       {"", "Default", "arn:aws:iam::12:role/x", "arn:aws:iam::123456789012:user/x",
        "arn:aws:iam::123456789012:role/x'", "arn:aws:iam::123456789012:role/x, y"}) {
    EXPECT_EQ(
        issue([&](Options& o) { o.iam_role = role; }),
        "Invalid IAM role \"" + role +
            "\"; should be default or arn:aws:iam::<12 digits>:role/<name>, several with commas between");
  }
  EXPECT_EQ(issue([](Options& o) { o.iam_role = "arn:aws-cn:iam::123456789012:role/a/b"; }), "");
  for (const std::string lambda : {"", "a b", "a'b", "arn:aws:lambda:eu-west-1:1:function:f",
                                   "arn:aws:s3:eu-west-1:123456789012:function:f"}) {
    EXPECT_EQ(issue([&](Options& o) { o.lambda = [=](std::string_view) { return lambda; }; }),
              "Invalid Lambda \"" + lambda +
                  "\" for geocell; should be a name of at most 64 letters, digits, _ and -, or "
                  "arn:aws:lambda:<region>:<12 digits>:function:<name>");
  }
  EXPECT_EQ(issue([](Options& o) { o.retry_timeout_ms = -1; }),
            "Invalid retry timeout \"-1\"; should be between 0 and 2147483647 milliseconds");
  EXPECT_EQ(issue([](Options& o) { o.modules = {"h3"}; }),
            "Invalid module \"h3\"; should be one of core, quadbin, s2");
  EXPECT_EQ(
      issue([](Options& o) { o.functions = {"quadbin_steps"}; }),
      "Invalid function \"quadbin_steps\"; should be the name of a file in sql/functions, without .yaml");
  EXPECT_EQ(
      issue([](Options& o) { o.functions = {"quadbin_kring_cells"}; }),
      "Invalid function \"quadbin_kring_cells\"; it returns rows, which functions cannot do in Redshift");
}

// --- Plain SQL, on made-up functions ---

Function plain(const std::string& name, const std::string& value, std::optional<std::string> when = {}) {
  Function function;
  function.name = name;
  function.file = name + ".yaml";
  function.parameters = {{"a", "bigint", "P.", {}, false}};
  function.redshift.plain_sql = {{1, std::move(when), value}};
  return function;
}

TEST(RedshiftPlain, FindsWhatABodyNames) {
  EXPECT_EQ(called_functions("{a}($1) || '{\"z\": {b}' || {version} || '}' || {c"),
            (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(
      expand("{a}($1) || '{\"z\": ' || {b}", [](std::string_view name) { return "s." + std::string(name); }),
      "s.a($1) || '{\"z\": ' || s.b");
}

TEST(RedshiftPlain, Issues) {
  const auto issues = [](std::vector<Function> functions) { return to_text(check_plain_sql(functions)); };
  EXPECT_EQ(to_text(check_plain_sql(catalogue())), "");
  EXPECT_EQ(issues({plain("f", "$1 + {g}($1)"), plain("g", "1")}), "");
  const std::string should_be = "\" should name a function whose redshift sql has no when, or be {version}\n";
  EXPECT_EQ(issues({plain("f", "{g}($1)")}), "f.yaml: redshift sql: \"{g}" + should_be);
  EXPECT_EQ(issues({plain("f", "1", "{g}($1)"), plain("g", "1", "$1 > 0")}),
            "f.yaml: redshift sql: \"{g}" + should_be);
  EXPECT_EQ(issues({plain("f", "$1 + $2")}), "f.yaml: redshift sql: \"$2\" should be $1 to $1\n");
  EXPECT_EQ(issues({plain("f", "$x")}), "f.yaml: redshift sql: \"$x\" should be $1 to $1\n");
  EXPECT_EQ(issues({plain("f", "{g}($1)"), plain("g", "{f}($1)")}),
            "f.yaml: redshift sql: circular reference: f calls g calls f\n"
            "g.yaml: redshift sql: circular reference: g calls f calls g\n");
}

}  // namespace
}  // namespace geocell::sql::redshift
