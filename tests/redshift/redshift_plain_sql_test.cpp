// The Redshift functions that are plain SQL, run by PostgreSQL: their bodies are valid in both dialects, but
// for three built-in functions of Redshift that the test brings along. External functions only tell that they
// were called, so that the test sees which calls stay in SQL;
// what the Lambda then answers is golden_bridge_test's.
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "sql/generator/catalogue/catalogue.hpp"
#include "sql/generator/engines/redshift/redshift_plain.hpp"
#include "sql/generator/engines/redshift/redshift_sql.hpp"
#include "tests/extension/session.hpp"
#include "tests/support/golden.hpp"
#include "tests/support/source_dir.hpp"

namespace geocell::test {
namespace {

using nlohmann::json;

constexpr const char* kExternalCall = "external function called";

// STRTOL is written from AWS's description: the value of the digits in a base, of an empty text 0.
constexpr const char* kBuiltIns = R"sql(
DROP SCHEMA IF EXISTS redshift_built_ins CASCADE;
CREATE SCHEMA redshift_built_ins;
CREATE FUNCTION redshift_built_ins.json_parse(varchar) RETURNS json IMMUTABLE LANGUAGE sql AS 'SELECT $1::json';
CREATE FUNCTION redshift_built_ins.json_serialize(json) RETURNS varchar IMMUTABLE LANGUAGE sql AS 'SELECT $1::varchar';
CREATE FUNCTION redshift_built_ins.strtol(varchar, integer) RETURNS bigint IMMUTABLE STRICT LANGUAGE plpgsql AS $$
DECLARE
  value numeric := 0;
  digit integer;
BEGIN
  FOR i IN 1 .. length($1) LOOP
    digit := strpos('0123456789abcdefghijklmnopqrstuvwxyz', lower(substr($1, i, 1))) - 1;
    IF digit < 0 OR digit >= $2 THEN
      RAISE EXCEPTION 'strtol: invalid digit in "%"', $1;
    END IF;
    value := value * $2 + digit;
  END LOOP;
  RETURN value;
END $$;
CREATE FUNCTION redshift_built_ins.st_geomfromewkb(varchar) RETURNS geometry IMMUTABLE LANGUAGE sql
  AS 'SELECT $1::geometry';
SET search_path = public, redshift_built_ins;
)sql";

std::string replace_all(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
  return text;
}

std::string in_postgres(const sql::redshift::Statement& statement) {
  const std::string text =
      replace_all(replace_all(statement.text, "VARCHAR(MAX)", "VARCHAR"), "SUPER", "JSON");
  if (statement.kind != sql::redshift::StatementKind::create_external) return text;
  const std::size_t begin = text.find("FUNCTION ");
  return "CREATE " + text.substr(begin, text.find("\nLAMBDA") - begin) +
         "\nLANGUAGE plpgsql AS $$BEGIN RAISE EXCEPTION '" + kExternalCall + "'; END$$";
}

std::map<std::string, sql::Function, std::less<>> plain_functions() {
  std::map<std::string, sql::Function, std::less<>> functions;
  for (const auto& function : sql::load_catalogue(std::string(source_dir()) + "/sql/functions").functions) {
    if (!function.redshift.plain_sql.empty()) functions.emplace(function.name, function);
  }
  return functions;
}

class RedshiftPlainSql : public testing::Test {
 protected:
  void SetUp() override {
    const auto catalogue = sql::load_catalogue(std::string(source_dir()) + "/sql/functions");
    ASSERT_EQ(sql::to_text(catalogue.issues), "");
    sql::redshift::Options options;
    options.schema = "redshift_plain";
    options.lambda = [](std::string_view name) { return std::string(name); };
    ASSERT_EQ(sql::redshift::check_options(catalogue.functions, options), std::vector<std::string>());
    run_script(kBuiltIns);
    session_.run("DROP SCHEMA IF EXISTS redshift_plain CASCADE");
    session_.run("CREATE SCHEMA redshift_plain");
    for (const auto& statement : sql::redshift::create_statements(catalogue.functions, options)) {
      session_.run(in_postgres(statement));
    }
  }

  void run_script(const char* script) {
    const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(session_.connection(), script),
                                                               &PQclear);
    ASSERT_EQ(PQresultStatus(result.get()), PGRES_COMMAND_OK) << PQerrorMessage(session_.connection());
  }

  // The call of a golden vector with the types of Redshift's functions.
  QueryResult call(const sql::Function& function, const json& arguments) {
    std::vector<Field> values;
    std::string text;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      const json& value = arguments[i];
      values.push_back(value.is_null()     ? Field()
                       : value.is_string() ? Field(value.get<std::string>())
                                           : Field(value.dump()));
      text += (i == 0 ? "$" : ", $") + std::to_string(i + 1) + "::" + function.parameters.at(i).type;
    }
    return session_.query("SELECT redshift_plain." + function.name + "(" + text + ")", values);
  }

  Session session_;
};

// Texts of JSON compare as documents, everything else as PostgreSQL writes it.
void expect_value(const QueryResult& actual, const json& expected, const std::string& type) {
  ASSERT_TRUE(actual.ok) << actual.value();
  if (expected.is_null() || actual.is_null()) {
    EXPECT_EQ(actual.value(), expected.is_null() ? "NULL" : expected.dump());
  } else if (type == "text") {
    EXPECT_EQ(actual.value(), expected.get<std::string>());
  } else if (type == "boolean") {
    EXPECT_EQ(actual.value(), expected.get<bool>() ? "t" : "f");
  } else {
    EXPECT_EQ(json::parse(actual.value()), expected);
  }
}

TEST_F(RedshiftPlainSql, GivesTheGoldenValuesWithoutALambda) {
  const auto functions = plain_functions();
  std::map<std::string, int> counts;
  for (const GoldenCase& golden : load_golden_cases()) {
    const auto found = functions.find(golden.function);
    if (found == functions.end()) continue;
    ASSERT_NE(sql::redshift::plain_sql(found->second, golden.args.size()), nullptr) << golden.where;
    SCOPED_TRACE(golden.where + ": " + golden.function + golden.args.dump());
    ++counts[golden.function];
    const QueryResult actual = call(found->second, golden.args);
    if (golden.error) {
      EXPECT_EQ(actual.message, kExternalCall) << actual.value();
    } else {
      expect_value(actual, *golden.result, found->second.returns.type);
    }
  }
  int total = 0;
  for (const auto& [name, count] : counts) total += count;
  std::printf("golden vectors through Redshift's plain SQL: %d cases of %zu functions\n", total,
              counts.size());
  for (const auto& [name, function] : functions) {
    EXPECT_EQ(counts.contains(name), function.runs_in("postgres")) << name << " has no golden vectors";
  }
}

// Each pair: an expression of Redshift's function and one of the extension's,
// over the columns of the samples.
struct Twin {
  const char* samples;
  const char* redshift;
  const char* extension;
};

// Cells of every resolution, spread over the world by a multiplicative sequence, and their texts.
constexpr const char* kSamples = R"sql(
CREATE TEMPORARY TABLE quadbin_samples AS
  SELECT i % 27 AS z, quadbin_fromlonglat(i * 137.507764 % 360 - 180, i * 71.138 % 172 - 86, i % 27) AS cell
  FROM generate_series(1, 27 * 200) AS i;
CREATE TEMPORARY TABLE s2_samples AS
  SELECT i % 31 AS z, s2_fromlonglat(i * 137.507764 % 360 - 180, i * 71.138 % 180 - 90, i % 31) AS cell
  FROM generate_series(1, 31 * 200) AS i;
CREATE TEMPORARY TABLE number_samples AS
  SELECT ((i * 2654435761 % 4294967296 << 32) | (i * 40503 * 65537 % 4294967296)) # (cell >> (i % 64)::integer) AS n
  FROM generate_series(1::bigint, 400) AS i, LATERAL (SELECT cell FROM quadbin_samples LIMIT 20) AS cells
  UNION SELECT -9223372036854775808 UNION SELECT 9223372036854775807 UNION SELECT 0 UNION SELECT -1
  UNION SELECT cell FROM quadbin_samples UNION SELECT cell FROM s2_samples
  UNION SELECT cell # (1::bigint << (z * 2)) FROM quadbin_samples UNION SELECT cell # (1::bigint << (z * 2)) FROM s2_samples;
)sql";

constexpr Twin kTwins[] = {
    {"quadbin_samples", "quadbin_resolution(cell)", "quadbin_resolution(cell)"},
    {"quadbin_samples, generate_series(0, 26) AS r WHERE r <= z", "quadbin_toparent(cell, r)",
     "quadbin_toparent(cell, r)"},
    {"quadbin_samples, generate_series(0, 26) AS r WHERE r >= z", "quadbin_range(cell, r)::text",
     "array_to_json(quadbin_range(cell, r))::text"},
    {"quadbin_samples", "quadbin_tozxy(cell)::text", "quadbin_tozxy(cell)::text"},
    {"quadbin_samples, json_to_record(quadbin_tozxy(cell)) AS t(x integer, y integer)",
     "quadbin_fromzxy(z, x, y)", "quadbin_fromzxy(z, x, y)"},
    {"quadbin_samples, unnest(ARRAY['left', 'RIGHT', 'Up', 'down']) AS direction",
     "quadbin_sibling(cell, direction)", "quadbin_sibling(cell, direction)"},
    {"quadbin_samples AS a, (SELECT cell AS b, z AS bz FROM quadbin_samples LIMIT 108) AS b",
     "quadbin_distance(cell, b)", "quadbin_distance(cell, b)"},
    {"quadbin_samples", "quadbin_toquadkey(cell)", "quadbin_toquadkey(cell)"},
    {"quadbin_samples", "quadbin_fromquadkey(quadbin_toquadkey(cell))", "cell"},
    {"number_samples", "quadbin_isvalid(n)", "quadbin_isvalid(n)"},
    {"number_samples", "__quadbin_int_tostring(n)", "__quadbin_int_tostring(n)"},
    {"number_samples", "__quadbin_string_toint(__quadbin_int_tostring(n))", "n"},
    {"number_samples", "s2_isvalid(n)", "s2_isvalid(n)"},
    {"s2_samples", "s2_resolution(cell)", "s2_resolution(cell)"},
    {"s2_samples WHERE z > 0", "s2_toparent(cell)", "s2_toparent(cell)"},
    {"s2_samples, generate_series(0, 30) AS r WHERE r <= z", "s2_toparent(cell, r)", "s2_toparent(cell, r)"},
    {"s2_samples", "s2_range(cell)::text", "array_to_json(s2_range(cell))::text"},
    {"s2_samples", "s2_totoken(cell)", "s2_totoken(cell)"},
    {"s2_samples", "s2_fromtoken(s2_totoken(cell))", "cell"},
    {"s2_samples", "s2_touint64repr(cell)", "s2_touint64repr(cell)"},
    {"s2_samples", "s2_fromuint64repr(s2_touint64repr(cell))", "cell"},
    {"s2_samples", "s2_tohilbertquadkey(cell)", "s2_tohilbertquadkey(cell)"},
    {"s2_samples", "s2_fromhilbertquadkey(s2_tohilbertquadkey(cell))", "cell"},
    {"quadbin_samples, json_to_record(quadbin_tozxy(cell)) AS t(x bigint, y bigint)",
     "__quadbin_fromquadint(z | (x << 5) | (y << (z + 5)))", "cell"},
};

TEST_F(RedshiftPlainSql, AgreesWithTheExtensionOnSamplesOfEveryResolution) {
  run_script(kSamples);
  std::set<std::string> tested;
  for (const Twin& twin : kTwins) {
    SCOPED_TRACE(twin.redshift);
    tested.insert(std::string(twin.redshift).substr(0, std::string(twin.redshift).find('(')));
    const QueryResult result =
        session_.query(std::string("SELECT count(*) > 100, count(*) FILTER (WHERE redshift_plain.") +
                       twin.redshift + " IS DISTINCT FROM " + twin.extension + ") FROM " + twin.samples);
    ASSERT_TRUE(result.ok) << result.message;
    EXPECT_EQ(result.rows[0][0], "t");
    EXPECT_EQ(result.rows[0][1], "0");
  }
  for (const auto& [name, function] : plain_functions()) {
    EXPECT_EQ(tested.contains(name), function.runs_in("postgres")) << name;
  }
}

}  // namespace
}  // namespace geocell::test
