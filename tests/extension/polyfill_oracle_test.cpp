// quadbin_polyfill in a real PostgreSQL equals brute force with PostGIS's own predicates over the cells
// around the geometry, written in SQL.
#include <gtest/gtest.h>

#include <iostream>

#include "data/topojson.hpp"
#include "tests/extension/session.hpp"
#include "tests/support/shapes.hpp"
#include "tests/support/source_dir.hpp"

namespace geocell {
namespace {

// PostGIS's answers in the three modes. Every copy of the world that the geometry's bounds touch is asked
// when it reaches beyond 180 degrees. The members of a collection are asked one by one: PostGIS 3.3 raises a
// TopologyException where they overlap. The centre mode a second time, by ST_Disjoint: ST_Intersects
// of a polygon and a point does not go to GEOS, but to PostGIS's own point-in-polygon, which rounds.
constexpr const char* kBruteForce = R"sql(
create function pg_temp.brute_force(shape geometry, z integer)
returns table (center bigint[], intersects bigint[], contains bigint[], disjoint_center bigint[]) as $$
  with copies as (
    select 360.0::float8 * k as turn
    from generate_series(floor((st_xmin(shape) - 180) / 360)::integer,
                         ceil((st_xmax(shape) + 180) / 360)::integer) k
    where case when st_xmin(shape) >= -180 and st_xmax(shape) <= 180 then k = 0
               else 360 * k + 180 >= st_xmin(shape) and 360 * k - 180 <= st_xmax(shape) end),
  bounds as (
    select (1 - asinh(tan(radians(greatest(least(st_ymax(shape), 89.9), -89.9)))) / pi()) / 2 * 2 ^ z as first_row,
           (1 - asinh(tan(radians(greatest(least(st_ymin(shape), 89.9), -89.9)))) / pi()) / 2 * 2 ^ z as last_row),
  tiles as (
    select turn, x, y
    from copies, bounds,
      lateral generate_series(greatest(0, floor(first_row)::bigint - 1),
                              least((2 ^ z)::bigint - 1, floor(last_row)::bigint + 1)) y,
      lateral generate_series(greatest(0, floor((st_xmin(shape) - turn + 180) / 360 * 2 ^ z)::bigint - 1),
                              least((2 ^ z)::bigint - 1,
                                    floor((st_xmax(shape) - turn + 180) / 360 * 2 ^ z)::bigint + 1)) x),
  cells as (
    select id, st_makeenvelope(box[1] + turn, box[2], box[3] + turn, box[4]) as box,
           st_translate(st_setsrid(quadbin_center(id), 0), turn, 0) as center
    from (select turn, quadbin_fromzxy(z, x::integer, y::integer) as id from tiles) t,
      lateral quadbin_bbox(id) box),
  members as (
    select (st_dump(shape)).geom as member where geometrytype(shape) = 'GEOMETRYCOLLECTION'
    union all
    select shape where geometrytype(shape) <> 'GEOMETRYCOLLECTION'),
  answers as (
    select id, st_intersects(member, center) as center, st_intersects(member, box) as intersects,
           st_contains(member, box) as contains, not st_disjoint(member, center) as disjoint_center
    from members, cells)
  select coalesce(array_agg(distinct id order by id) filter (where center), '{}'),
         coalesce(array_agg(distinct id order by id) filter (where intersects), '{}'),
         coalesce(array_agg(distinct id order by id) filter (where contains), '{}'),
         coalesce(array_agg(distinct id order by id) filter (where disjoint_center), '{}')
  from answers
$$ language sql)sql";

constexpr const char* kCompare = R"sql(
select center = ours_center, intersects = ours_intersects, contains = ours_contains, disjoint_center = ours_center,
       cardinality(center) + cardinality(intersects) + cardinality(contains),
       center, ours_center, intersects, ours_intersects, contains, ours_contains
from (select $1::text::geometry as shape, $2::text::integer as z) input,
     lateral pg_temp.brute_force(shape, z),
     lateral (select quadbin_polyfill(shape, z, 'center') as ours_center,
                     quadbin_polyfill(shape, z, 'intersects') as ours_intersects,
                     quadbin_polyfill(shape, z, 'contains') as ours_contains) ours)sql";

class PolyfillOracle : public testing::Test {
 protected:
  void SetUp() override {
    session_.run(
        "set jit = off");  // compiling the brute force would take longer than running it, for each shape
    session_.run(kBruteForce);
  }

  void compare(const std::string& name, const std::string& geometry, int resolution) {
    const test::Field parameters[] = {geometry, std::to_string(resolution)};
    const test::QueryResult result = session_.query(kCompare, parameters);
    ASSERT_TRUE(result.ok) << result.message << "\n" << name << "\n" << geometry;
    const auto& row = result.rows.at(0);
    const auto report = [&](std::size_t column) {
      return "PostGIS " + *row[column] + "\ngeocell " + *row[column + 1] + "\n" + name + "\n" + geometry;
    };
    if (row[0] != "t" && row[3] == "t") {
      rounded_by_postgis_.push_back(name);
    } else {
      EXPECT_EQ(row[0], "t") << "center: " << report(5);
    }
    EXPECT_EQ(row[1], "t") << "intersects: " << report(7);
    EXPECT_EQ(row[2], "t") << "contains: " << report(9);
    ++cases_;
    cells_ += std::stoull(*row[4]);
  }

  void compare_countries(const std::string& scale, int resolution) {
    const std::string file = geocell::test::source_dir() + "/data/natural-earth/countries-" + scale + ".json";
    for (const topojson::Country& country : topojson::read_countries_file(file)) {
      const test::Field wkt[] = {country.wkt()};
      const test::QueryResult valid = session_.query("select st_makevalid($1::text::geometry)::text", wkt);
      compare(country.name, valid.value(), resolution);
    }
    EXPECT_EQ(rounded_by_postgis_, std::vector<std::string>());
    print("countries 1:" + scale + " at z" + std::to_string(resolution));
  }

  void print(const std::string& what) const {
    std::cout << "[ compared ] " << what << ": " << cases_ << " geometries x resolutions, each in 3 modes; "
              << cells_ << " cells\n";
  }

  test::Session session_;
  int cases_ = 0;
  std::uint64_t cells_ = 0;
  std::vector<std::string> rounded_by_postgis_;
};

TEST_F(PolyfillOracle, HostileShapes) {
  for (const shapes::Shape& shape : shapes::valid_shapes()) compare(shape.name, shape.wkt, shape.resolution);
  print("hostile shapes");
  for (const std::string& name : rounded_by_postgis_) std::cout << "rounded by PostGIS: " << name << "\n";
  EXPECT_GE(cases_, 500);
}

TEST_F(PolyfillOracle, Countries110mAt6) { compare_countries("110m", 6); }
TEST_F(PolyfillOracle, Countries110mAt7) { compare_countries("110m", 7); }
TEST_F(PolyfillOracle, Countries110mAt8) { compare_countries("110m", 8); }
TEST_F(PolyfillOracle, Countries50mAt8) { compare_countries("50m", 8); }

// The same geometry as geometry, WKT, EWKB, hex EWKB, with an SRID, with Z and M, and row by row.
TEST_F(PolyfillOracle, OverloadsAgree) {
  constexpr const char* kOverloads = R"sql(
    select ours, quadbin_polyfill($1::text, z, mode), quadbin_polyfill(st_asewkb(shape), z, mode),
           quadbin_polyfill(encode(st_asewkb(shape, 'XDR'), 'hex'), z, mode),
           quadbin_polyfill(st_setsrid(shape, 4326), z, mode), quadbin_polyfill(st_force4d(shape), z, mode),
           (select coalesce(array_agg(cell), '{}') from quadbin_polyfill_cells(shape, z, mode) cell)
    from (select $1::text::geometry as shape, $2::text::integer as z, $3::text as mode) input,
         lateral quadbin_polyfill(shape, z, mode) ours)sql";
  int compared = 0;
  for (const shapes::Shape& shape : shapes::valid_shapes()) {
    if (shape.resolution > 6 && shape.resolution != 26) continue;
    for (const char* mode : {"center", "intersects", "contains"}) {
      const test::Field parameters[] = {shape.wkt, std::to_string(shape.resolution), mode};
      const test::QueryResult result = session_.query(kOverloads, parameters);
      ASSERT_TRUE(result.ok) << result.message << "\n" << shape.name << "\n" << shape.wkt;
      const auto& answers = result.rows.at(0);
      for (const test::Field& answer : answers) EXPECT_EQ(answer, answers[0]) << mode << " " << shape.wkt;
      ++compared;
    }
  }
  EXPECT_GE(compared, 500);
}

}  // namespace
}  // namespace geocell
