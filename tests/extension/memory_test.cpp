// Memory of a session stays flat, whatever goes wrong in it (DESIGN.md: the three zones).
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/extension/session.hpp"

namespace geocell::test {
namespace {

constexpr std::size_t kMaxGrowthBytes = 2 << 20;

// The statement `count` times in one call of the server; errors are caught by PL/pgSQL,
// and must be there or not.
void repeat(Session& session, const std::string& statement, int count, bool fails) {
  const std::string sql =
      "DO $test$ DECLARE caught int := 0; BEGIN FOR i IN 1.." + std::to_string(count) + " LOOP BEGIN " +
      statement + "; EXCEPTION WHEN OTHERS THEN caught := caught + 1; END; END LOOP;" + " IF caught <> " +
      (fails ? std::to_string(count) : "0") + " THEN RAISE 'caught %', caught; END IF; END $test$";
  session.run(sql);
}

class Flat : public testing::TestWithParam<const char*> {};

TEST_P(Flat, AfterManyErrors) {
  Session session;
  const std::string statement = GetParam();
  repeat(session, statement, 2000, true);
  const std::size_t before = session.backend_bytes();
  repeat(session, statement, 100'000, true);
  EXPECT_LT(session.backend_bytes(), before + kMaxGrowthBytes);
}

INSTANTIATE_TEST_SUITE_P(
    Errors, Flat,
    testing::Values(
        "PERFORM quadbin_polyfill('POLYGON((0 0,1 0,1 1,0 0', 4)",                      // WKT without its end
        "PERFORM quadbin_kring(quadbin_fromlonglat(0, 0, 26), 6000)",                   // limit
        "PERFORM quadbin_tochildren(5192650370358181887, 26)",                          // limit
        "PERFORM quadbin_resolution(42)",                                               // invalid cell
        "PERFORM quadbin_tochildren_cells(42, 3)",                                      // the same in a set
        "PERFORM quadbin_polyfill('\\x0106000000ffffffff'::bytea, 4)",                  // 4 billion members
        "PERFORM quadbin_polyfill('\\x010300000001000000ffffffff0000'::bytea, 4)",      // 4 billion points
        "PERFORM quadbin_polyfill(ST_GeomFromText('CIRCULARSTRING(0 0,1 1,2 0)'), 4)",  // PostGIS's, not ours
        "PERFORM s2_fromtoken('not a token')"));

class FlatSets : public testing::TestWithParam<const char*> {};

// A set that is not read to its end gives its memory back, in the select list,
// as a table and under a nested loop.
TEST_P(FlatSets, AfterManyAbandonedSets) {
  Session session;
  const std::string statement = GetParam();
  repeat(session, statement, 50, false);
  const std::size_t before = session.backend_bytes();
  repeat(session, statement, 2000, false);
  EXPECT_LT(session.backend_bytes(), before + kMaxGrowthBytes);
}

INSTANTIATE_TEST_SUITE_P(
    Sets, FlatSets,
    testing::Values(
        "PERFORM quadbin_kring_cells(5247772294570311679, 150) LIMIT 1",
        "PERFORM * FROM quadbin_kring_cells(5247772294570311679, 60) LIMIT 1",
        "PERFORM count(*) FROM generate_series(1, 3) k, LATERAL (SELECT quadbin_kring_cells("
        "5247772294570311679, 60 + k) LIMIT 2) AS ring",
        "PERFORM 1 / (cell - cell) FROM (SELECT quadbin_kring_cells(5247772294570311679, 60) AS cell) AS s "
        "WHERE cell IS NULL",
        // what calls keep for each other, PostGIS's transformation among it
        "PERFORM quadbin_polyfill(ST_SetSRID(ST_MakePoint(n, 0), 3857), 8) FROM generate_series(1, 3) AS n",
        "PERFORM quadbin_polyfill_cells(ST_SetSRID(ST_MakePoint(n, 0), 3857), 8) FROM generate_series(1, 3) "
        "AS n LIMIT 2"));

// The error comes while the set is half read.
TEST(FlatErrorsInSets, AfterManyErrors) {
  Session session;
  const std::string statement =
      "PERFORM 1 / (cell - cell) FROM (SELECT quadbin_kring_cells(5247772294570311679, 100) AS cell) AS s";
  repeat(session, statement, 50, true);
  const std::size_t before = session.backend_bytes();
  repeat(session, statement, 3000, true);
  EXPECT_LT(session.backend_bytes(), before + kMaxGrowthBytes);
}

}  // namespace
}  // namespace geocell::test
