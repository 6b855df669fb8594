// Arrays of geometries and doubles, and records, through the extension's codecs in the server: values, and
// everything that is refused.
#include <gtest/gtest.h>

#include <string>

#include "tests/extension/session.hpp"

namespace geocell::test {
namespace {

class Codecs : public testing::Test {
 protected:
  void SetUp() override {
    const auto create = [&](const std::string& declaration, const std::string& symbol) {
      session_.run("CREATE FUNCTION pg_temp." + declaration + " AS '" GEOCELL_CODEC_FUNCTIONS "', '" +
                   symbol + "' LANGUAGE C STRICT");
    };
    create("total(double precision[]) RETURNS double precision", "codec_sum");
    create("reversed(text[]) RETURNS text[]", "codec_reversed_text");
    create("reversed(bytea[]) RETURNS bytea[]", "codec_reversed_bytea");
    create("reversed(geometry[]) RETURNS geometry[]", "codec_reversed_geometry");
    const std::string record =
        ", OUT count bigint, OUT west_deg double precision, OUT first text) RETURNS record";
    create("summary(text[]" + record, "codec_summary_text");
    create("summary(geometry[]" + record, "codec_summary_geometry");
    create("other(geometry[], OUT count bigint, OUT west_deg double precision) RETURNS record",
           "codec_summary_geometry");
  }

  // SELECT expression, as text; an error as its SQLSTATE and message.
  std::string of(const std::string& expression) {
    const QueryResult result = session_.query("SELECT (" + expression + ")::text");
    return result.ok ? result.value() : result.sqlstate + " " + result.message;
  }

  Session session_;
};

TEST_F(Codecs, DoubleArrays) {
  EXPECT_EQ(of("pg_temp.total(ARRAY[1, 2.5, -0.25])"), "3.25");
  EXPECT_EQ(of("pg_temp.total('{}')"), "0");
  EXPECT_EQ(of("pg_temp.total('[3:4]={1,2}')"), "3");  // whatever the lower bound
  EXPECT_EQ(of("pg_temp.total('{1,NaN}')"), "NaN");
  EXPECT_EQ(of("pg_temp.total('{1,-Infinity}')"), "-Infinity");
  EXPECT_EQ(of("pg_temp.total(NULL)"), "NULL");
  EXPECT_EQ(of("pg_temp.total('{1,NULL}')"), "22004 array must not contain nulls");
  EXPECT_EQ(of("pg_temp.total('{{1,2},{3,4}}')"), "22023 array must be one-dimensional");
  // So large that it is stored out of line, and detoasted.
  session_.run(
      "CREATE TEMP TABLE numbers AS SELECT array_agg(i::double precision) AS n FROM generate_series(1, "
      "100000) i");
  EXPECT_EQ(of("(SELECT pg_temp.total(n) FROM numbers)"), "5000050000");
}

TEST_F(Codecs, GeometryArrays) {
  EXPECT_EQ(of("pg_temp.reversed(ARRAY['POINT(1 2)', 'LINESTRING(0 0,1 1)'])"),
            "{\"LINESTRING(0 0,1 1)\",\"POINT(1 2)\"}");
  EXPECT_EQ(of("pg_temp.reversed(ARRAY['POINT(1 2)']::text[]) = ARRAY['POINT(1 2)']"), "true");
  EXPECT_EQ(of("pg_temp.reversed(ARRAY[ST_AsBinary(ST_Point(1, 2)), ST_AsEWKB(ST_Point(3, 4, 4326))]) = "
               "ARRAY[ST_AsEWKB(ST_Point(3, 4, 4326)), ST_AsBinary(ST_Point(1, 2))]"),
            "true");
  const std::string three =
      "ARRAY[ST_Point(1, 2, 4326), 'SRID=4326;POLYGON((0 0,1 0,1 1,0 0))'::geometry, 'SRID=4326;LINESTRING "
      "EMPTY']";
  EXPECT_EQ(of("(SELECT string_agg(ST_AsEWKT(g), ' ' ORDER BY i) FROM unnest(pg_temp.reversed(" + three +
               ")) WITH ORDINALITY AS members(g, i))"),
            "SRID=4326;LINESTRING EMPTY SRID=4326;POLYGON((0 0,1 0,1 1,0 0)) SRID=4326;POINT(1 2)");
  EXPECT_EQ(of("pg_temp.reversed(pg_temp.reversed(" + three + ")) = " + three), "true");
  EXPECT_EQ(of("cardinality(pg_temp.reversed('{}'::geometry[]))"), "0");
  EXPECT_EQ(of("pg_typeof(pg_temp.reversed('{}'::geometry[]))"), "geometry[]");
  // Members of other reference systems are transformed, each on its own.
  EXPECT_EQ(of("(SELECT string_agg(ST_AsEWKT(ST_SnapToGrid(g, 1e-9)), ' ' ORDER BY i) FROM "
               "unnest(pg_temp.reversed(ARRAY["
               "ST_Transform(ST_Point(10, 50, 4326), 3857), ST_Point(1, 2, 4326)])) WITH ORDINALITY AS "
               "members(g, i))"),
            "SRID=4326;POINT(1 2) SRID=4326;POINT(10 50)");

  EXPECT_EQ(of("pg_temp.reversed(ARRAY[ST_Point(1, 2), NULL])"), "22004 array must not contain nulls");
  EXPECT_EQ(of("pg_temp.reversed(ARRAY[ARRAY['POINT(1 2)']])"), "22023 array must be one-dimensional");
  EXPECT_EQ(of("pg_temp.reversed(ARRAY['POINT(1 2)', 'POINT(1'])").substr(0, 6), "22P02 ");
  EXPECT_EQ(of("pg_temp.reversed(ARRAY['\\x00'::bytea])").substr(0, 6), "22P03 ");
  EXPECT_EQ(of("pg_temp.reversed(ARRAY['CIRCULARSTRING(0 0,1 1,2 0)'::geometry])").substr(0, 6), "0A000 ");
}

TEST_F(Codecs, Records) {
  EXPECT_EQ(of("pg_temp.summary(ARRAY[ST_Point(5, 1), ST_Point(-3, 2)])"), "(2,-3,\"POINT(5 1)\")");
  EXPECT_EQ(of("SELECT first FROM pg_temp.summary(ARRAY['POINT(1 2)'])"), "POINT(1 2)");
  EXPECT_EQ(of("pg_temp.summary(ARRAY['POINT EMPTY'])"), "(1,180,)");
  EXPECT_EQ(of("pg_temp.summary('{}'::geometry[]) IS NULL"), "true");
  EXPECT_EQ(of("(SELECT sum(count) FROM generate_series(1, 1000) i, pg_temp.summary(ARRAY[ST_Point(i / 10.0, "
               "0)]))"),
            "1000");
  EXPECT_EQ(of("pg_temp.summary(ARRAY['SRID=3857;POINT(1 2)'])").substr(0, 6), "0A000 ");
  EXPECT_EQ(of("pg_temp.other(ARRAY[ST_Point(1, 2)])"), "XX000 the install script declares another row type");
}

}  // namespace
}  // namespace geocell::test
