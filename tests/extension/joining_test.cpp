// The point-in-polygon join of docs/joining.md gives the rows of ST_Contains: the countries of Natural Earth
// and 100,000 points, some of which lie on the borders.
#include <gtest/gtest.h>

#include <string>

#include "data/topojson.hpp"
#include "tests/extension/session.hpp"
#include "tests/support/source_dir.hpp"

namespace geocell {
namespace {

// A golden-ratio sequence on the map, without chance; and the vertices of the countries and the middles
// between neighbouring ones. Both keep to the grid's latitudes.
constexpr const char* kPoints = R"sql(
create temp table points as
select row_number() over (order by st_x(geom), st_y(geom)) as id, geom
from (select st_setsrid(st_makepoint(360 * mod(i * 0.6180339887498949, 1) - 180, 170.0 * i / 90000 - 85), 4326) as geom
      from generate_series(1, 90000) i
      union all
      (select v.geom from polygons p, lateral st_dumppoints(p.geom) v where abs(st_y(v.geom)) < 85 limit 9000)
      union all
      select st_centroid(st_collect(st_pointn(ring, i), st_pointn(ring, i + 1)))
      from (select st_exteriorring((st_dump(geom)).geom) as ring from polygons order by id limit 60) rings,
        lateral generate_series(1, least(st_npoints(ring) - 1, 40)) i
      where abs(st_y(st_pointn(ring, i))) < 84 and abs(st_y(st_pointn(ring, i + 1))) < 84) all_points)sql";

class Joining : public testing::Test {
 protected:
  // Russia and Fiji go beyond 180 degrees in the source, where ST_Contains does not look for points.
  void load() {
    session_.run("create temp table polygons (id integer, geom geometry)");
    int id = 0;
    const std::string file = test::source_dir() + "/data/natural-earth/countries-110m.json";
    for (const topojson::Country& country : topojson::read_countries_file(file)) {
      session_.run("insert into polygons select " + std::to_string(++id) +
                   ", st_collectionextract(st_wrapx(st_wrapx(st_makevalid('SRID=4326;" + country.wkt() +
                   "'::geometry), 180, -360), -180, 360), 3)");
    }
    session_.run(kPoints);
    session_.run("create index on points using gist (geom)");
    session_.run(
        "create temp table by_contains as select p.id as polygon, q.id as point from polygons p "
        "join points q on st_contains(p.geom, q.geom)");
  }

  void join(int resolution) {
    const std::string z = std::to_string(resolution);
    session_.run("drop table if exists polygon_ranges, point_cells, by_cells");
    session_.run(
        "create temp table polygon_ranges as select p.id, r.first, r.last, r.interior from polygons p, "
        "quadbin_polyfill_ranges(p.geom, " +
        z + ", 'intersects') as r");
    session_.run("create temp table point_cells as select id, geom, quadbin_fromgeogpoint(geom, " + z +
                 ") as cell from points");
    session_.run("create index on point_cells (cell)");
    session_.run("analyze polygon_ranges");
    session_.run("analyze point_cells");
    session_.run(
        "create temp table by_cells as select r.id as polygon, q.id as point from polygon_ranges r "
        "join point_cells q on q.cell between r.first and r.last join polygons p on p.id = r.id "
        "where r.interior or st_contains(p.geom, q.geom)");
  }

  test::Session session_;
};

TEST_F(Joining, GivesTheRowsOfContains) {
  load();
  EXPECT_EQ(session_.value("select count(*) > 90000 from points"), "t");
  EXPECT_EQ(session_.value("select count(*) > 20000 from by_contains"), "t");
  EXPECT_EQ(session_.value("select count(*) > 1000 from points q where exists (select from polygons p where "
                           "st_touches(p.geom, q.geom))"),
            "t");
  for (const int resolution : {3, 6, 9}) {
    SCOPED_TRACE(resolution);
    join(resolution);
    EXPECT_EQ(session_.value("select count(*) from (table by_cells except all table by_contains) more"), "0");
    EXPECT_EQ(session_.value("select count(*) from (table by_contains except all table by_cells) less"), "0");
    EXPECT_EQ(session_.value("select count(*) > 0 from polygon_ranges where interior"), "t");
  }
}

}  // namespace
}  // namespace geocell
