#include "gateway/artifacts/selection.hpp"

#include <gtest/gtest.h>

#include "gateway/engines/redshift/sql_objects.hpp"
#include "gateway/system/failure.hpp"

namespace geocell::gateway {
namespace {

using Names = std::set<std::string>;

// E25, with this repository's folders: what is common to all functions touches
// all (nothing said of single ones).
TEST(Selection, ChangedFilesNameFunctions) {
  EXPECT_EQ(touched_functions(""), Names{});
  EXPECT_EQ(touched_functions("README.md docs/s2.md"), Names{});
  EXPECT_EQ(
      touched_functions("control/geocell.control.in extension/guard.hpp sql/updates/geocell--0.1.0.sql"),
      Names{});
  EXPECT_EQ(touched_functions("sql/functions/quadbin/quadbin_bbox.yaml docs/a.md"), Names{"quadbin_bbox"});
  EXPECT_EQ(touched_functions("sql/functions/quadbin/quadbin_bbox.yaml\nsql/functions/s2/s2_center.yaml"),
            (Names{"quadbin_bbox", "s2_center"}));
  for (const char* common :
       {"Makefile", "CMakeLists.txt", "core/src/quadbin/ids.cpp", "lambda_bridge/bootstrap/main.cpp",
        "sql/generator/engines/redshift/redshift_sql.cpp", "gateway/verbs/main.cpp", "scripts/build.sh",
        "cmake/options.cmake", "CMakePresets.json"}) {
    EXPECT_EQ(touched_functions(std::string("docs/a.md ") + common), std::nullopt) << common;
  }
}

std::vector<sql::Function> catalogue() {
  std::vector<sql::Function> functions(3);
  functions[0].module = functions[1].module = "quadbin";
  functions[2].module = "s2";
  functions[0].name = "quadbin_bbox";
  functions[1].name = "quadbin_center";
  functions[2].name = "s2_center";
  return functions;
}

Names names(const std::vector<sql::Function>& functions) {
  Names result;
  for (const auto& function : functions) result.insert(function.name);
  return result;
}

TEST(Selection, FiltersCombine) {
  const auto all = catalogue();
  EXPECT_EQ(names(select(all, {}, std::nullopt)).size(), 3U);
  EXPECT_EQ(names(select(all, {{"S2"}, {}, false}, std::nullopt)), Names{"s2_center"});
  EXPECT_EQ(names(select(all, {{"quadbin"}, {"QUADBIN_BBOX"}, false}, std::nullopt)), Names{"quadbin_bbox"});
  EXPECT_EQ(names(select(all, {{"quadbin"}, {"s2_center"}, false}, std::nullopt)), Names{});
  EXPECT_THROW(select(all, {{"h3"}, {}, false}, std::nullopt), Failure);
  EXPECT_THROW(select(all, {{}, {"nothing"}, false}, std::nullopt), Failure);
}

TEST(Selection, DiffWithoutInformationIsEverything) {
  const auto all = catalogue();
  EXPECT_EQ(select(all, {{}, {}, true}, std::nullopt).size(), 3U);
  EXPECT_EQ(select(all, {{}, {}, true}, "").size(), 0U);
  EXPECT_EQ(names(select(all, {{}, {}, true}, "sql/functions/s2/s2_center.yaml")), Names{"s2_center"});
  EXPECT_EQ(select(all, {{}, {}, false}, "").size(), 3U);
}

// What the generator writes and what Redshift's catalogue says has to compare.
TEST(SqlObjects, SignaturesCompareAcrossSpellings) {
  EXPECT_EQ(signature_key("Quadbin_X", "VARCHAR(MAX), FLOAT8,INT4"),
            "quadbin_x(text,double precision,integer)");
  EXPECT_EQ(signature_key("quadbin_x", "character varying, double precision, integer"),
            "quadbin_x(text,double precision,integer)");
  EXPECT_EQ(signature_key("f", ""), "f()");
  EXPECT_EQ(signature_key("f", "DECIMAL(18,2), BIGINT"), "f(decimal,bigint)");
  EXPECT_EQ(signature_key("f", "geometry, pg_catalog.super"), "f(geometry,super)");
}

}  // namespace
}  // namespace geocell::gateway
