// The catalogue of this repository against the core, and what the generator writes from a catalogue.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>

#include "geocell/functions.hpp"
#include "geocell/version.hpp"
#include "sql/generator/catalogue/catalogue.hpp"
#include "sql/generator/catalogue/drift.hpp"
#include "sql/generator/docs/display_signature.hpp"
#include "sql/generator/docs/examples.hpp"
#include "sql/generator/docs/markdown.hpp"
#include "sql/generator/engines/postgres/postgres_sql.hpp"
#include "sql/generator/engines/postgres/upgrade.hpp"
#include "sql/generator/engines/quoting.hpp"
#include "sql/generator/sql_engine_table.hpp"
#include "tests/support/source_dir.hpp"

namespace geocell::sql {
namespace {

const std::filesystem::path kSource = test::source_dir();

std::string read(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  EXPECT_TRUE(stream.is_open()) << path;
  std::ostringstream text;
  text << stream.rdbuf();
  return std::move(text).str();
}

const Catalogue& catalogue() {
  static const Catalogue loaded = load_catalogue(kSource / "sql/functions");
  return loaded;
}

TEST(Signatures, TheCatalogueHasNoIssue) {
  EXPECT_EQ(to_text(catalogue().issues), "");
  EXPECT_FALSE(catalogue().functions.empty());
}

TEST(Signatures, AgreeWithTheCore) { EXPECT_EQ(to_text(find_drift(catalogue().functions, functions())), ""); }

TEST(Signatures, TheCommittedReferenceIsFresh) {
  std::map<std::string, std::string> committed;
  for (const auto& entry : std::filesystem::directory_iterator(kSource / "docs/reference")) {
    committed[entry.path().filename().string()] = read(entry.path());
  }
  const auto fresh = markdown_reference(catalogue().functions, kEngineTable);
  const char* hint = "; cmake --build --preset release --target geocell_sql_docs writes it";
  for (const auto& [name, text] : fresh) {
    EXPECT_TRUE(committed[name] == text)
        << "docs/reference/" << name << " differs from sql/functions" << hint;
  }
  for (const auto& [name, text] : committed) {
    EXPECT_TRUE(fresh.contains(name))
        << "docs/reference/" << name << " belongs to no module of sql/functions";
  }
}

TEST(Signatures, OutputIsTheSameEachTime) {
  const Catalogue again = load_catalogue(kSource / "sql/functions");
  // The order in which the files come does not matter for SQL either.
  const std::vector<Function> reversed(again.functions.rbegin(), again.functions.rend());
  using namespace postgres;
  EXPECT_EQ(install_script(geocell_extension(catalogue().functions)),
            install_script(geocell_extension(reversed)));
  EXPECT_EQ(install_script(geocell_postgis_extension(catalogue().functions)),
            install_script(geocell_postgis_extension(reversed)));
  EXPECT_EQ(markdown_reference(catalogue().functions, kEngineTable),
            markdown_reference(again.functions, kEngineTable));
  EXPECT_EQ(examples_script(catalogue().functions), examples_script(again.functions));
}

TEST(Signatures, EveryFunctionIsInAnExtension) {
  std::set<std::string> created;
  for (const auto& extension : {postgres::geocell_extension(catalogue().functions),
                                postgres::geocell_postgis_extension(catalogue().functions)}) {
    std::set<std::string> signatures;
    for (const auto& function : extension.functions) {
      EXPECT_TRUE(signatures.insert(function.signature).second)
          << function.signature << " in " << extension.name;
      created.insert(function.signature.substr(0, function.signature.find('(')));
    }
  }
  for (const Function& function : catalogue().functions) {
    EXPECT_EQ(created.contains(function.name), function.runs_in("postgres")) << function.name;
  }
}

// --- Drift, on made-up functions. ---

Function described(const std::string& name, std::vector<Parameter> parameters, Returns returns) {
  Function function;
  function.name = name;
  function.module = "quadbin";
  function.file = name + ".yaml";
  function.description = "Gives x.";
  function.parameters = std::move(parameters);
  function.returns = std::move(returns);
  function.since = "0.1.0";
  return function;
}

Parameter parameter(const std::string& name, const std::string& type) {
  return {name, type, "P.", {}, false};
}
Parameter optional(const std::string& name, const std::string& type) { return {name, type, "P.", {}, true}; }
Parameter with_default(const std::string& name, const std::string& type, const std::string& value) {
  return {name, type, "P.", value, false};
}

Result<std::int64_t> plain(std::int64_t a, std::int32_t) { return a; }
bool takes_null(Nullable<std::int64_t> a) { return a.value.has_value(); }
Result<CellRuns> cells(const CallContext&, const Geometry&, std::optional<std::string_view>) {
  return CellRuns();
}

FunctionInfo bound_cells() { return function_info<&cells>("f", facts::one_row, facts::no_smaller_form); }

std::string drift(const Function& function, const FunctionInfo& info) {
  return to_text(find_drift(std::vector{function}, std::vector{info}));
}

TEST(Drift, NoneWhenBothAgree) {
  EXPECT_EQ(
      drift(described("f", {parameter("a", "bigint"), parameter("b", "integer")}, {"bigint", "R.", false}),
            function_info<&plain>("f")),
      "");
  Function nullable = described("f", {parameter("a", "bigint")}, {"boolean", "R.", false});
  nullable.null_rule = NullRule::handled;
  EXPECT_EQ(drift(nullable, function_info<&takes_null>("f")), "");
  for (const Parameter& mode : {optional("mode", "text"), with_default("mode", "text", "center")}) {
    EXPECT_EQ(drift(described("f", {parameter("g", "geometry"), mode}, {"bigint", "R.", true}),
                    function_info<&cells>("f", facts::rows_unknown, facts::no_smaller_form)),
              "");
    EXPECT_EQ(
        drift(described("f", {parameter("g", "geometry"), mode}, {"bigint", "R.", true}), bound_cells()),
        "f.yaml: returns a set, but its row in the core's table does not say facts::rows\n");
    EXPECT_EQ(
        drift(described("f", {parameter("g", "geometry"), mode}, {"bigint[]", "R.", false}), bound_cells()),
        "");
  }
}

TEST(Drift, Names) {
  const auto f =
      described("f", {parameter("a", "bigint"), parameter("b", "integer")}, {"bigint", "R.", false});
  const std::string table = "core/src/functions/<module>.def";
  EXPECT_EQ(to_text(find_drift(std::vector{f}, {})),
            "f.yaml: describes f, which " + table + " does not bind\n");
  EXPECT_EQ(
      to_text(find_drift({}, std::vector{function_info<&plain>("f")})),
      table + ": binds f, which sql/functions/<module>/f.yaml should describe; there is no such file\n");
  EXPECT_EQ(to_text(find_drift(std::vector{f},
                               std::vector{function_info<&plain>("f"), function_info<&plain>("f")})),
            table + ": binds f twice\n");
}

TEST(Drift, ArityTypesAndResult) {
  EXPECT_EQ(
      drift(described("f", {parameter("a", "bigint")}, {"bigint", "R.", false}), function_info<&plain>("f")),
      "f.yaml: has 1 parameters, but its C++ function takes 2\n");
  EXPECT_EQ(drift(described("f", {parameter("a", "text"), parameter("b", "bigint")}, {"text", "R.", false}),
                  function_info<&plain>("f")),
            "f.yaml: parameter \"a\" has type text, but its C++ type is bigint\n"
            "f.yaml: parameter \"b\" has type bigint, but its C++ type is integer\n"
            "f.yaml: returns text, but its C++ result is bigint\n");
  EXPECT_EQ(
      drift(described("f", {parameter("a", "bigint"), parameter("b", "integer")}, {"bigint", "R.", true}),
            function_info<&plain>("f")),
      "f.yaml: returns a set, but its C++ result is not a set\n");
  EXPECT_EQ(
      drift(described("f", {parameter("g", "geometry"), optional("mode", "text")}, {"bigint", "R.", false}),
            bound_cells()),
      "f.yaml: returns bigint, but its C++ result is bigint[]\n");
}

TEST(Drift, NullAndOptionalArguments) {
  EXPECT_EQ(drift(described("f", {parameter("g", "geometry"), parameter("mode", "text")},
                            {"bigint[]", "R.", false}),
                  bound_cells()),
            "f.yaml: parameter \"mode\" is std::optional in C++, but has neither default nor optional\n");
  EXPECT_EQ(
      drift(described("f", {parameter("a", "bigint"), optional("b", "integer")}, {"bigint", "R.", false}),
            function_info<&plain>("f")),
      "f.yaml: parameter \"b\" may be left out, but is not std::optional in C++\n");
  EXPECT_EQ(drift(described("f", {parameter("a", "bigint")}, {"boolean", "R.", false}),
                  function_info<&takes_null>("f")),
            "f.yaml: null_rule is strict, but an argument is Nullable in C++\n");
  Function handled =
      described("f", {parameter("a", "bigint"), parameter("b", "integer")}, {"bigint", "R.", false});
  handled.null_rule = NullRule::handled;
  EXPECT_EQ(drift(handled, function_info<&plain>("f")),
            "f.yaml: null_rule is handled, but no argument is Nullable in C++\n");
}

// --- PostgreSQL. ---

namespace pg = postgres;

std::string statements(const pg::Extension& extension) {
  std::string text;
  for (const auto& function : extension.functions) {
    if (function.signature != "geocell_cells_support(internal)")
      text += pg::create_statement(function, false);
  }
  return text;
}

TEST(Postgres, BaseTypesGoToGeocell) {
  Function function = described("quadbin_x", {parameter("a", "bigint"), parameter("end", "integer")},
                                {"json[]", "R.", false});
  function.postgres.cost = 12.5;
  EXPECT_EQ(
      statements(pg::geocell_extension(std::vector{function})),
      "CREATE FUNCTION quadbin_x(a bigint, \"end\" integer) RETURNS json[]\n"
      "  AS 'MODULE_PATHNAME', 'geocell_quadbin_x' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 12.5;\n");
  EXPECT_EQ(statements(pg::geocell_postgis_extension(std::vector{function})), "");
  function.null_rule = NullRule::handled;
  function.volatility = Volatility::stable;
  function.postgres = {100000, {}, Volatility::volatile_, Parallel::restricted};
  EXPECT_EQ(
      statements(pg::geocell_extension(std::vector{function})),
      "CREATE FUNCTION quadbin_x(a bigint, \"end\" integer) RETURNS json[]\n"
      "  AS 'MODULE_PATHNAME', 'geocell_quadbin_x' LANGUAGE C VOLATILE PARALLEL RESTRICTED COST 100000;\n");
}

TEST(Postgres, GeometryArgumentsAreTextAndBytesWithoutPostgis) {
  Function function = described("f", {parameter("geom", "geometry"), parameter("resolution", "integer")},
                                {"bigint", "R.", true});
  function.postgres.rows = 100;
  const std::string rest =
      " LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 100 SUPPORT geocell_cells_support;\n";
  EXPECT_EQ(statements(pg::geocell_extension(std::vector{function})),
            "CREATE FUNCTION f(geom text, resolution integer) RETURNS SETOF bigint\n"
            "  AS 'MODULE_PATHNAME', 'geocell_f_text'" +
                rest +
                "CREATE FUNCTION f(geom bytea, resolution integer) RETURNS SETOF bigint\n"
                "  AS 'MODULE_PATHNAME', 'geocell_f_bytea'" +
                rest);
  EXPECT_EQ(statements(pg::geocell_postgis_extension(std::vector{function})),
            "CREATE FUNCTION f(geom geometry, resolution integer) RETURNS SETOF bigint\n"
            "  AS 'MODULE_PATHNAME', 'geocell_f_geometry'" +
                rest);
}

TEST(Postgres, GeometryResultsNeedPostgis) {
  const std::vector functions{described("f", {parameter("a", "bigint")}, {"geometry", "R.", false}),
                              described("g", {parameter("geom", "geometry")}, {"geometry", "R.", false})};
  EXPECT_EQ(statements(pg::geocell_extension(functions)), "");
  EXPECT_EQ(statements(pg::geocell_postgis_extension(functions)),
            "CREATE FUNCTION f(a bigint) RETURNS geometry\n"
            "  AS 'MODULE_PATHNAME', 'geocell_f_geometry' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;\n"
            "CREATE FUNCTION g(geom geometry) RETURNS geometry\n"
            "  AS 'MODULE_PATHNAME', 'geocell_g_geometry' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;\n");
}

TEST(Postgres, OptionalParametersAreOverloadsByArity) {
  const std::vector functions{
      described("f", {parameter("a", "bigint"), optional("b", "integer"), optional("c", "text")},
                {"text", "R.", false})};
  const std::string rest =
      " RETURNS text\n  AS 'MODULE_PATHNAME', 'geocell_f' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;\n";
  EXPECT_EQ(statements(pg::geocell_extension(functions)),
            "CREATE FUNCTION f(a bigint)" + rest + "CREATE FUNCTION f(a bigint, b integer)" + rest +
                "CREATE FUNCTION f(a bigint, b integer, c text)" + rest);
  EXPECT_EQ(display_signature(functions[0]), "f(a bigint [, b integer [, c text]]) → text");
}

TEST(Postgres, DefaultsAreQuoted) {
  const std::vector functions{
      described("f",
                {with_default("a", "text", "it's; DROP TABLE t; --"), with_default("b", "text", "C:\\'"),
                 with_default("c", "integer", "-5"), with_default("d", "boolean", "true"),
                 with_default("e", "double precision", "0.5")},
                {"text", "R.", false})};
  EXPECT_EQ(pg::geocell_extension(functions).functions[1].interface,
            "f(a text DEFAULT 'it''s; DROP TABLE t; --', b text DEFAULT E'C:\\\\''', c integer DEFAULT -5, "
            "d boolean DEFAULT true, e double precision DEFAULT 0.5) RETURNS text");
  EXPECT_EQ(pg::geocell_extension(functions).functions[1].signature,
            "f(text, text, integer, boolean, double precision)");
}

TEST(Engines, Quoting) {
  EXPECT_EQ(quote_identifier_if_needed("quadbin_x1"), "quadbin_x1");
  EXPECT_EQ(quote_identifier_if_needed("__x"), "__x");
  for (const std::string keyword :
       {"all", "end", "from", "to", "user", "with", "left", "position", "between", "binary"}) {
    EXPECT_EQ(quote_identifier_if_needed(keyword), "\"" + keyword + "\"");
  }
  EXPECT_EQ(quote_identifier_if_needed("resolution"), "resolution");
  EXPECT_EQ(quote_identifier_if_needed("Upper"), "\"Upper\"");
  EXPECT_EQ(quote_identifier_if_needed("1a"), "\"1a\"");
  EXPECT_EQ(quote_identifier_if_needed(""), "\"\"");
  EXPECT_EQ(quote_identifier_if_needed("a\"; DROP TABLE t; --"), "\"a\"\"; DROP TABLE t; --\"");
  EXPECT_EQ(quote_literal(""), "''");
  EXPECT_EQ(quote_literal("it's"), "'it''s'");
  EXPECT_EQ(quote_literal("\\'"), "E'\\\\'''");
  EXPECT_EQ(quote_identifier("resolution"), "\"resolution\"");
  EXPECT_EQ(quote_plain_literal("it's"), "'it''s'");
  EXPECT_EQ(quote_plain_literal("a\\b"), std::nullopt);
}

TEST(Postgres, Records) {
  const std::vector functions{
      described("f", {parameter("a", "geometry[]")}, {"cell_range", "R.", true}),
      described("g", {parameter("a", "double precision[]")}, {"cell_range", "R.", false}),
      described("h", {}, {"cell_range", "R.", false})};
  std::vector<std::string> interfaces;
  for (const auto& function : pg::geocell_extension(functions).functions) {
    interfaces.push_back(function.interface);
  }
  interfaces.erase(interfaces.begin());  // the support function
  EXPECT_EQ(interfaces,
            (std::vector<std::string>{
                "f(a text[]) RETURNS TABLE(first bigint, last bigint, interior boolean)",
                "f(a bytea[]) RETURNS TABLE(first bigint, last bigint, interior boolean)",
                "g(a double precision[], OUT first bigint, OUT last bigint, OUT interior boolean) "
                "RETURNS record",
                "h(OUT first bigint, OUT last bigint, OUT interior boolean) RETURNS record"}));
  EXPECT_EQ(pg::geocell_extension(functions).functions[3].signature, "g(double precision[])");
  EXPECT_EQ(pg::geocell_postgis_extension(functions).functions[0].signature, "f(geometry[])");
}

// --- The table of engines. ---

TEST(Engines, EveryOneSpellsEveryType) {
  for (const Engine& engine : kEngineTable) {
    ASSERT_NE(find_engine(engine.name), nullptr);
    for (const SqlTypeRow& type : kSqlTypeRows) EXPECT_NE(engine.type_name(type.name), "") << type.name;
  }
}

// An engine as a colleague would add it: what iterates over the table needs no other line.
TEST(Engines, AThirdOneIsARow) {
  constexpr Engine kThird = {"redshift",  // the traits of one that exists; a new one has its own
                             [](std::string_view type) { return "T:" + std::string(type); },
                             [](std::span<const Function> catalogue) {
                               std::vector<Issue> issues;
                               for (const Function& function : catalogue) {
                                 issues.push_back({function.file, 0, 0, "not for this engine"});
                               }
                               return issues;
                             },
                             [](const Function& function) { return "as " + function.name; }};
  const std::vector engines{kEngineTable[0], kThird};
  const std::vector functions{described("f", {}, {"bigint", "R.", false})};
  const std::string page = markdown_reference(functions, engines).at("quadbin.md");
  EXPECT_NE(page.find("- PostgreSQL: extension `geocell`; immutable, parallel safe.\n- Redshift: as f.\n"),
            std::string::npos)
      << page;
  EXPECT_EQ(to_text(engines[1].check(functions)), "f.yaml: not for this engine\n");
  EXPECT_EQ(engines[1].type_name("bigint"), "T:bigint");
}

TEST(Postgres, CommentIsTheFirstParagraphOnOneLine) {
  Function function = described("f", {}, {"text", "R.", false});
  function.description = "Gives the cell's\nid.\n\n'; DROP TABLE t; --";
  const auto script = pg::install_script(pg::geocell_extension(std::vector{function}));
  EXPECT_NE(script.find("\nCOMMENT ON FUNCTION f() IS 'Gives the cell''s id.';\n"), std::string::npos)
      << script;
  EXPECT_EQ(script.find("DROP TABLE"), std::string::npos);
}

TEST(Postgres, ScriptRefusesToBeFedToPsql) {
  const auto script = pg::install_script(pg::geocell_extension(catalogue().functions));
  EXPECT_NE(script.find("\n\\echo Use \"CREATE EXTENSION geocell\" to load this file. \\quit\n"),
            std::string::npos);
  EXPECT_LT(script.find("\\quit"), script.find("CREATE FUNCTION"));
  // What is declared with SUPPORT needs the support function before it.
  EXPECT_LT(script.find("CREATE FUNCTION geocell_cells_support(internal)"),
            script.find("SUPPORT geocell_cells_support"));
}

// --- Upgrades. ---

pg::Extension extension_of(std::vector<Function> functions) { return pg::geocell_extension(functions); }

// What PostgreSQL would have after the statements of an upgrade script.
std::map<std::string, std::string> applied(const std::vector<pg::CreateFunction>& old_functions,
                                           const std::string& script) {
  std::map<std::string, std::string> state;
  for (const auto& function : old_functions) {
    state[function.signature] = function.interface + function.attributes + function.comment;
  }
  std::istringstream lines(script);
  std::string create;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("DROP FUNCTION ")) {
      EXPECT_EQ(state.erase(line.substr(14, line.size() - 15)), 1u) << line;
    } else if (line.starts_with("CREATE ")) {
      create = line.substr(line.find("FUNCTION ") + 9);
      std::getline(lines, line);
      create += line.substr(2, line.size() - 3);
    } else if (line.starts_with("COMMENT ON FUNCTION ")) {
      const auto is = line.find(" IS ");
      const std::string signature = line.substr(20, is - 20);
      const std::string comment = line.substr(is + 4, line.size() - is - 5);
      const std::string old_comment =
          state.contains(signature) ? state[signature].substr(state[signature].rfind(" SAFE") + 5) : "";
      if (create.empty()) create = state[signature].substr(0, state[signature].size() - old_comment.size());
      state[signature] = create + comment;
      create.clear();
    }
  }
  return state;
}

TEST(Upgrade, LeadsToTheSameAsAFreshInstall) {
  Function kept = described("kept", {parameter("a", "bigint")}, {"text", "R.", false});
  Function commented = described("commented", {}, {"text", "R.", false});
  Function cheaper = described("cheaper", {}, {"text", "R.", false});
  Function renamed = described("renamed", {parameter("a", "bigint")}, {"text", "R.", false});
  const Function gone = described("gone", {optional("a", "bigint")}, {"text", "R.", false});
  const auto old_extension = extension_of({kept, commented, cheaper, renamed, gone});
  commented.description = "Gives y.";
  cheaper.postgres.cost = 5;
  renamed.parameters[0].name = "b";
  const Function added = described("added", {optional("a", "bigint")}, {"text", "R.", false});
  const auto new_extension = extension_of({kept, commented, cheaper, renamed, added});

  std::vector<Issue> issues;
  const auto old_functions = pg::parse_install_script(pg::install_script(old_extension), "old.sql", issues);
  EXPECT_EQ(to_text(issues), "");
  EXPECT_EQ(old_functions, old_extension.functions);
  const std::string script = pg::upgrade_script(old_functions, new_extension, "0.2.0");
  EXPECT_EQ(script,
            "-- Upgrade script of extension geocell. "
            "Generated by geocell-sql from sql/functions; not to be edited.\n"
            "\\echo Use \"ALTER EXTENSION geocell UPDATE TO '0.2.0'\" to load this file. \\quit\n"
            "\n"
            "DROP FUNCTION renamed(bigint);\n"
            "DROP FUNCTION gone(bigint);\n"
            "DROP FUNCTION gone();\n"
            "\n"
            "CREATE FUNCTION added() RETURNS text\n"
            "  AS 'MODULE_PATHNAME', 'geocell_added' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;\n"
            "COMMENT ON FUNCTION added() IS 'Gives x.';\n"
            "\n"
            "CREATE FUNCTION added(a bigint) RETURNS text\n"
            "  AS 'MODULE_PATHNAME', 'geocell_added' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;\n"
            "COMMENT ON FUNCTION added(bigint) IS 'Gives x.';\n"
            "\n"
            "CREATE OR REPLACE FUNCTION cheaper() RETURNS text\n"
            "  AS 'MODULE_PATHNAME', 'geocell_cheaper' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 5;\n"
            "COMMENT ON FUNCTION cheaper() IS 'Gives x.';\n"
            "COMMENT ON FUNCTION commented() IS 'Gives y.';\n"
            "\n"
            "CREATE FUNCTION renamed(b bigint) RETURNS text\n"
            "  AS 'MODULE_PATHNAME', 'geocell_renamed' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;\n"
            "COMMENT ON FUNCTION renamed(bigint) IS 'Gives x.';\n");
  EXPECT_EQ(applied(old_functions, script), applied(new_extension.functions, ""));
}

TEST(Upgrade, FromEverySnapshot) {
  int snapshots = 0;
  std::vector<std::filesystem::directory_entry> entries;
  for (const char* folder : {"sql/updates", "tests/extension/updates"}) {
    std::ranges::copy(std::filesystem::directory_iterator(kSource / folder), std::back_inserter(entries));
  }
  for (const auto& entry : entries) {
    if (entry.path().extension() != ".sql") continue;
    const std::string name = entry.path().filename().string();
    std::vector<Issue> issues;
    const auto old_functions = pg::parse_install_script(read(entry.path()), name, issues);
    EXPECT_EQ(to_text(issues), "");
    EXPECT_FALSE(old_functions.empty()) << name;
    const auto extension = name.starts_with("geocell--")
                               ? pg::geocell_extension(catalogue().functions)
                               : pg::geocell_postgis_extension(catalogue().functions);
    EXPECT_TRUE(name.starts_with(extension.name + "--")) << name;
    EXPECT_EQ(applied(old_functions, pg::upgrade_script(old_functions, extension, version())),
              applied(extension.functions, ""))
        << name;
    ++snapshots;
  }
  EXPECT_EQ(snapshots, 2);
}

TEST(Upgrade, NothingToDoGivesNoStatement) {
  const auto extension = pg::geocell_extension(catalogue().functions);
  const std::string script = pg::upgrade_script(extension.functions, extension, version());
  EXPECT_EQ(script, pg::script_header(extension, "Upgrade script of extension",
                                      "ALTER EXTENSION geocell UPDATE TO '" + version() + "'"));
}

TEST(Upgrade, RefusesScriptsOfOthers) {
  const auto issues_of = [](const std::string& script) {
    std::vector<Issue> issues;
    pg::parse_install_script(script, "old.sql", issues);
    return to_text(issues);
  };
  EXPECT_EQ(issues_of(""), "");
  EXPECT_EQ(issues_of("-- x\n\nCREATE TABLE t();\n"),
            "old.sql:3:1: should be a CREATE FUNCTION as geocell-sql writes it\n");
  const std::string broken =
      ": should go on with \"  AS …;\" and \"COMMENT ON FUNCTION … IS '…';\", a line each\n";
  EXPECT_EQ(issues_of("CREATE FUNCTION f() RETURNS text\n"), "old.sql:1:1" + broken);
  EXPECT_EQ(issues_of("CREATE FUNCTION f() RETURNS text\n  LANGUAGE C;\n"), "old.sql:2:1" + broken);
  EXPECT_EQ(issues_of("CREATE FUNCTION f() RETURNS text\n  AS 'x';\n\nCOMMENT ON FUNCTION f() IS 'x';\n"),
            "old.sql:3:1" + broken);
}

// --- Reference and examples. ---

Function documented() {
  Function function = described("quadbin_x", {parameter("a", "bigint"), with_default("mode", "text", "a|b")},
                                {"bigint", "The cell.", true});
  function.engines = {"postgres"};
  function.parameters[0].description = "The cell | the\nother.";
  function.examples = {{"", "quadbin_x(1)", "{1,2}", false, {}},
                       {"Nothing", "(SELECT quadbin_x(NULL))", {}, true, {}},
                       {"", "(SELECT count(*) FROM quadbin_x(1))", "2", false, {}},
                       {"", "quadbin_x(1, 'it''s | `')", {}, false, "Invalid mode \"it's\""}};
  return function;
}

TEST(Reference, ShowsEverythingOfAFunction) {
  Function internal = described("__quadbin_y", {}, {"text", "R.", false});
  internal.internal = true;
  const auto files = markdown_reference(std::vector{internal, documented()}, kEngineTable);
  ASSERT_EQ(files.size(), 2u);
  EXPECT_EQ(files.at("quadbin.md"),
            R"md(# quadbin

<!-- Generated by geocell-sql from sql/functions; edit the YAML there. -->

| function | result | description |
|---|---|---|
| [quadbin_x](#quadbin_x) | `setof bigint` | Gives x. |

## quadbin_x

```
quadbin_x(a bigint, mode text DEFAULT 'a|b') → setof bigint
```

Gives x.

| parameter | type | meaning |
|---|---|---|
| `a` | `bigint` | The cell \| the other. |
| `mode` | `text` | P. Default: `a\|b`. |

- Returns `setof bigint`: The cell.
- NULL: the result is NULL when any argument is NULL.
- PostgreSQL: extension `geocell`; immutable, parallel safe.
- Not available in Redshift, where functions cannot return rows.
- Since 0.1.0.

```sql
SELECT quadbin_x(1);
-- → {1,2}

-- Nothing
SELECT (SELECT quadbin_x(NULL));
-- → NULL

SELECT (SELECT count(*) FROM quadbin_x(1));
-- → 2
```

| call | error |
|---|---|
| `` quadbin_x(1, 'it''s \| `') `` | `Invalid mode "it's"` |

## Internal functions

They serve other functions and compatibility, and may change in any release.

- `__quadbin_y() → text`: Gives x.
)md");
  EXPECT_EQ(files.at("README.md"),
            R"md(# Function reference

<!-- Generated by geocell-sql from sql/functions; edit the YAML there. -->

## [quadbin](quadbin.md)

| function | result | description |
|---|---|---|
| [quadbin_x](quadbin.md#quadbin_x) | `setof bigint` | Gives x. |
)md");
}

TEST(Examples, EachIsARowOfTheScript) {
  const std::string script = examples_script(std::vector{documented()});
  const auto has = [&](const std::string& text) { EXPECT_NE(script.find(text), std::string::npos) << text; };
  has("VALUES (1, 'quadbin_x(1)', "
      "'SELECT coalesce(array_agg(cell), ''{}'')::text FROM (SELECT quadbin_x(1)) AS cells(cell)',\n"
      "  '{1,2}', NULL);\n");
  has("VALUES (2, '(SELECT quadbin_x(NULL))', 'SELECT ((SELECT quadbin_x(NULL)))::text',\n  NULL, NULL);\n");
  has("VALUES (3, '(SELECT count(*) FROM quadbin_x(1))', 'SELECT ((SELECT count(*) FROM "
      "quadbin_x(1)))::text',\n  '2', "
      "NULL);\n");
  has("VALUES (4, 'quadbin_x(1, ''it''''s | `'')', ");
  has(",\n  NULL, 'Invalid mode \"it''s\"');\n");
}

}  // namespace
}  // namespace geocell::sql
