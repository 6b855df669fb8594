#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "geocell/geometry.hpp"
#include "tests/core/geometry_cases.hpp"
#include "tests/core/geometry_checks.hpp"

namespace geocell {
namespace {

using tests::broken_promise;
using tests::GeometryCase;
using tests::kGeometryCases;

TEST(Wkt, ReadsAndWritesAsPostgis) {
  for (const GeometryCase& c : kGeometryCases) {
    const auto geometry = read_wkt(c.ewkt);
    ASSERT_TRUE(geometry.ok()) << c.ewkt << ": " << geometry.error().message;
    EXPECT_EQ(write_hex_wkb(*geometry), c.ewkb_2d) << c.ewkt;
    EXPECT_EQ(write_wkt(*geometry), c.wkt_2d);
    EXPECT_EQ(broken_promise(geometry), "");
  }
}

TEST(Wkt, ReadsWhatPeopleWrite) {
  const struct {
    std::string_view text;
    std::string_view wkt;
    std::int32_t srid;
  } cases[] = {
      {"point(1 2)", "POINT(1 2)", 0},
      {" \t\r\n\v\fPoInT \n ( \t1\n2\r\n ) \n", "POINT(1 2)", 0},
      {"srid=4326;POINT(1 2)", "POINT(1 2)", 4326},
      {" SRID=0; POINT(1 2)", "POINT(1 2)", 0},
      {"SRID=-1;POINT(1 2)", "POINT(1 2)", -1},
      {"SRID=2147483647;POINT(1 2)", "POINT(1 2)", 2147483647},
      {"POINTZ(1 2 3)", "POINT(1 2)", 0},
      {"pointzm (1 2 3 4)", "POINT(1 2)", 0},
      {"POINTM(1 2 3)", "POINT(1 2)", 0},
      {"POINT zm (1 2 3 4)", "POINT(1 2)", 0},
      {"POINT(1 2 3)", "POINT(1 2)", 0},
      {"POINT(1 2 3 4)", "POINT(1 2)", 0},
      {"POINT Z EMPTY", "POINT EMPTY", 0},
      {"POINTZ empty", "POINT EMPTY", 0},
      {"MULTIPOINT(1 2,3 4)", "MULTIPOINT((1 2),(3 4))", 0},
      {"MULTIPOINT((1 2),3 4, EMPTY ,( 5 6 ))", "MULTIPOINT((1 2),(3 4),EMPTY,(5 6))", 0},
      {"MULTIPOINTZM(-1 -2 3 4,+5 +6 7 8)", "MULTIPOINT((-1 -2),(5 6))", 0},
      {"MULTILINESTRINGZ((1 2 3,4 5 6),EMPTY)", "MULTILINESTRING((1 2,4 5),EMPTY)", 0},
      {"GEOMETRYCOLLECTION(POINT Z(1 2 3),POINTZ(4 5 6))", "GEOMETRYCOLLECTION(POINT(1 2),POINT(4 5))", 0},
      {"GEOMETRYCOLLECTION Z(POINT(1 2 3),LINESTRING EMPTY)",
       "GEOMETRYCOLLECTION(POINT(1 2),LINESTRING EMPTY)", 0},
      {"POLYGON Z((0 0 1,1 0 2,1 1 3,0 0 4))", "POLYGON((0 0,1 0,1 1,0 0))", 0},
      {"LINESTRING(.5 5.,-.5 -5.)", "LINESTRING(0.5 5,-0.5 -5)", 0},
      {"LINESTRING(1e2 1E+2,1.5e-2 0e99999)", "LINESTRING(100 100,0.015 0)", 0},
      {"POINT(-0 -0.0e5)", "POINT(-0 -0)", 0},
      {"POINT(0.1 0.30000000000000004)", "POINT(0.1 0.30000000000000004)", 0},
      {"POINT(9007199254740993 123456789012345678901234567890)",
       "POINT(9007199254740992 1.2345678901234568e+29)", 0},
      {"POINT(1.7976931348623157e308 -1.7976931348623157e308)",
       "POINT(1.7976931348623157e+308 -1.7976931348623157e+308)", 0},
      // below the smallest double: rounds to a zero of its sign, as strtod does; subnormals stay
      {"POINT(5e-324 2.2250738585072009e-308)", "POINT(5e-324 2.225073858507201e-308)", 0},
      {"POINT(1e-400 -1e-400)", "POINT(0 -0)", 0},
      {"POINT(1e-99999999999999999999 -1e-99999999999999999999)", "POINT(0 -0)", 0},
      {"POINT(0e99999999999999999999 1)", "POINT(0 1)", 0},
  };
  for (const auto& c : cases) {
    const auto geometry = read_wkt(c.text);
    ASSERT_TRUE(geometry.ok()) << c.text << ": " << geometry.error().message;
    EXPECT_EQ(write_wkt(*geometry), c.wkt);
    EXPECT_EQ(geometry->srid, c.srid);
    EXPECT_EQ(broken_promise(geometry), "");
  }
}

TEST(Wkt, LongDigitStringsAreJudgedByTheirValue) {
  const std::string zeros(400, '0');
  const struct {
    std::string number;
    std::string_view wkt;  // empty: out of range
  } cases[] = {
      {"1" + zeros, ""},
      {"-1" + zeros, ""},
      {"1" + zeros + ".5", ""},
      {"1" + zeros + "e-400", "POINT(1 1)"},
      {"1" + zeros + "e-1", ""},
      {"0." + zeros + "1", "POINT(0 1)"},
      {"0." + zeros + "1e401", "POINT(1 1)"},
      {"0." + zeros + "1e10", "POINT(0 1)"},
      {"0." + zeros + "1e1000", ""},
      {zeros + "1", "POINT(1 1)"},
      {"1e309", ""},
      {"1e+309", ""},
      {"1.8e308", ""},
      {"1e99999999999999999999", ""},
  };
  for (const auto& c : cases) {
    const auto geometry = read_wkt("POINT(" + c.number + " 1)");
    ASSERT_EQ(geometry.ok(), !c.wkt.empty()) << c.number;
    if (geometry.ok()) {
      EXPECT_EQ(write_wkt(*geometry), c.wkt);
    } else {
      EXPECT_EQ(geometry.error().code, ErrorCode::not_finite);
      EXPECT_TRUE(geometry.error().message.starts_with("Invalid WKT at byte 6: number \""))
          << geometry.error().message;
      EXPECT_EQ(broken_promise(geometry), "");
    }
  }
}

TEST(Wkt, ErrorsNameTheByte) {
  constexpr auto kText = ErrorCode::invalid_text;
  const struct {
    std::string_view text;
    ErrorCode code;
    std::string_view message;
  } cases[] = {
      {"", kText,
       "Invalid WKT at byte 0: expected a geometry type such as POINT but found the end of the text"},
      {"  ", kText,
       "Invalid WKT at byte 2: expected a geometry type such as POINT but found the end of the text"},
      {"(1 2)", kText, "Invalid WKT at byte 0: expected a geometry type such as POINT but found \"(\""},
      {"CIRCLE(1 2)", kText,
       "Invalid WKT at byte 0: expected a geometry type such as POINT but found \"CIRCLE\""},
      {"POINTY(1 2)", kText,
       "Invalid WKT at byte 0: expected a geometry type such as POINT but found \"POINTY\""},
      {"\xEF\xBB\xBFPOINT(1 2)", kText,
       "Invalid WKT at byte 0: expected a geometry type such as POINT but found \"\\xef\""},
      {"SRID", kText, "Invalid WKT at byte 4: expected \"=\" but found the end of the text"},
      {"SRID=;POINT(1 2)", kText,
       "Invalid WKT at byte 5: expected an SRID (a 32-bit integer) but found \";\""},
      {"SRID=99999999999;POINT(1 2)", kText,
       "Invalid WKT at byte 5: expected an SRID (a 32-bit integer) but found \"9\""},
      {"SRID=4326 POINT(1 2)", kText, "Invalid WKT at byte 10: expected \";\" but found \"P\""},
      {"SRID=43.26;POINT(1 2)", kText, "Invalid WKT at byte 7: expected \";\" but found \".\""},
      {"SRID=4326;", kText,
       "Invalid WKT at byte 10: expected a geometry type such as POINT but found the end of the text"},
      {"GEOMETRYCOLLECTION(SRID=4326;POINT(1 2))", kText,
       "Invalid WKT at byte 19: expected a geometry type such as POINT but found \"SRID\""},
      {"POINT", kText, "Invalid WKT at byte 5: expected \"(\" or EMPTY but found the end of the text"},
      {"POINT Z", kText, "Invalid WKT at byte 7: expected \"(\" or EMPTY but found the end of the text"},
      {"POINT Q(1 2)", kText, "Invalid WKT at byte 6: expected \"(\" or EMPTY but found \"Q\""},
      {"POINTZ Z(1 2 3)", kText, "Invalid WKT at byte 7: expected \"(\" or EMPTY but found \"Z\""},
      {"POINT 1 2", kText, "Invalid WKT at byte 6: expected \"(\" or EMPTY but found \"1\""},
      {"POINT()", kText, "Invalid WKT at byte 6: expected a number but found \")\""},
      {"POINT(1)", kText, "Invalid WKT at byte 7: expected a number but found \")\""},
      {"POINT(1 2", kText, "Invalid WKT at byte 9: expected \")\" but found the end of the text"},
      {"POINT(1 2,3 4)", kText, "Invalid WKT at byte 9: expected \")\" but found \",\""},
      {"POINT(1 2 3 4 5)", kText, "Invalid WKT at byte 14: expected \")\" but found \"5\""},
      {"POINT(1 x)", kText, "Invalid WKT at byte 8: expected a number but found \"x\""},
      {"POINT(1-2)", kText, "Invalid WKT at byte 7: expected white space but found \"-\""},
      {"POINT(1e 2)", kText, "Invalid WKT at byte 7: expected white space but found \"e\""},
      {"POINT(0x10 2)", kText, "Invalid WKT at byte 7: expected white space but found \"x\""},
      {"POINT(1,5 2)", kText, "Invalid WKT at byte 7: expected a number but found \",\""},
      {"POINT(+-1 2)", kText, "Invalid WKT at byte 6: expected a number but found \"+\""},
      {"POINT(. 2)", kText, "Invalid WKT at byte 6: expected a number but found \".\""},
      {"POINT(- 2)", kText, "Invalid WKT at byte 6: expected a number but found \"-\""},
      {"POINT(infinite 2)", kText, "Invalid WKT at byte 6: expected a number but found \"i\""},
      {"POINT(nan 2)", ErrorCode::not_finite, "Invalid WKT at byte 6: number \"nan\" is not a finite double"},
      {"POINT(1 -inf)", ErrorCode::not_finite,
       "Invalid WKT at byte 8: number \"-inf\" is not a finite double"},
      {"POINT(1 +Infinity)", ErrorCode::not_finite,
       "Invalid WKT at byte 8: number \"+Infinity\" is not a finite double"},
      {"POINT(1e400 2)", ErrorCode::not_finite,
       "Invalid WKT at byte 6: number \"1e400\" is not a finite double"},
      {"POINT Z(1 2 1e400)", ErrorCode::not_finite,
       "Invalid WKT at byte 12: number \"1e400\" is not a finite double"},
      {"POINT(1 2) x", kText, "Invalid WKT at byte 11: expected the end of the text but found \"x\""},
      {"POINT(1 2);", kText, "Invalid WKT at byte 10: expected the end of the text but found \";\""},
      {std::string_view("POINT(1 2)\0", 11), kText,
       "Invalid WKT at byte 10: expected the end of the text but found \"\\x00\""},
      {"POINT Z(1 2)", kText, "Invalid WKT at byte 8: point has 2 numbers; should have 3 as stated before"},
      {"POINT M(1 2 3 4)", kText,
       "Invalid WKT at byte 8: point has 4 numbers; should have 3 as stated before"},
      {"LINESTRING(1 2,3 4 5)", kText,
       "Invalid WKT at byte 15: point has 3 numbers; should have 2 as stated before"},
      {"GEOMETRYCOLLECTION(POINT(1 2),POINT Z(1 2 3))", kText,
       "Invalid WKT at byte 30: point has 3 numbers; should have 2 as stated before"},
      {"LINESTRING(1 2)", kText, "Invalid WKT at byte 10: line has 1 point; should have none or at least 2"},
      {"LINESTRING()", kText, "Invalid WKT at byte 11: expected a number but found \")\""},
      {"LINESTRING(1 2,)", kText, "Invalid WKT at byte 15: expected a number but found \")\""},
      {"LINESTRING(1 2;3 4)", kText, "Invalid WKT at byte 14: expected white space but found \";\""},
      {"POLYGON(1 2)", kText, "Invalid WKT at byte 8: expected \"(\" but found \"1\""},
      {"POLYGON(EMPTY)", kText, "Invalid WKT at byte 8: expected \"(\" but found \"E\""},
      {"POLYGON((0 0,1 0,0 0))", kText, "Invalid WKT at byte 8: ring has 3 points; should have at least 4"},
      {"POLYGON((0 0,1 0,1 1,0 0),(0 0,1 0,1 1,0 1))", kText,
       "Invalid WKT at byte 26: ring is not closed; starts at (0 0) and ends at (0 1)"},
      {"MULTIPOINT(1 2,x)", kText, "Invalid WKT at byte 15: expected \"(\" or EMPTY but found \"x\""},
      {"MULTIPOINT(1 2,POINT(1 2))", kText,
       "Invalid WKT at byte 15: expected \"(\" or EMPTY but found \"P\""},
      {"MULTILINESTRING((1 2,3 4),5 6)", kText,
       "Invalid WKT at byte 26: expected \"(\" or EMPTY but found \"5\""},
      {"MULTIPOLYGON((0 0,1 0,1 1,0 0))", kText, "Invalid WKT at byte 14: expected \"(\" but found \"0\""},
      {"GEOMETRYCOLLECTION()", kText,
       "Invalid WKT at byte 19: expected a geometry type such as POINT but found \")\""},
      {"GEOMETRYCOLLECTION(EMPTY)", kText,
       "Invalid WKT at byte 19: expected a geometry type such as POINT but found \"EMPTY\""},
      {"GEOMETRYCOLLECTION(POINT(1 2)", kText,
       "Invalid WKT at byte 29: expected \",\" or \")\" but found the end of the text"},
      {"circularstring(0 0,1 1,2 0)", ErrorCode::unsupported,
       "Invalid WKT at byte 0: geometry type CIRCULARSTRING is not supported; should be made of points, "
       "straight lines and polygons"},
      {"GEOMETRYCOLLECTION(CURVEPOLYGON EMPTY)", ErrorCode::unsupported,
       "Invalid WKT at byte 19: geometry type CURVEPOLYGON is not supported; should be made of points, "
       "straight lines and polygons"},
      {"TINZ(((0 0 0,1 0 0,1 1 0,0 0 0)))", ErrorCode::unsupported,
       "Invalid WKT at byte 0: geometry type TIN is not supported; should be made of points, straight lines "
       "and polygons"},
      {"POLYHEDRALSURFACE ZM EMPTY", ErrorCode::unsupported,
       "Invalid WKT at byte 0: geometry type POLYHEDRALSURFACE is not supported; should be made of points, "
       "straight lines and polygons"},
  };
  for (const auto& c : cases) {
    const auto geometry = read_wkt(c.text);
    ASSERT_FALSE(geometry.ok()) << c.text;
    EXPECT_EQ(geometry.error().message, c.message);
    EXPECT_EQ(geometry.error().code, c.code);
    EXPECT_EQ(broken_promise(geometry), "");
  }
}

TEST(Wkt, DepthIsLimited) {
  const auto nested = [](int collections, const std::string& inner) {
    std::string text;
    for (int i = 0; i < collections; ++i) text += "GEOMETRYCOLLECTION(";
    return text + inner + std::string(static_cast<std::size_t>(collections), ')');
  };
  EXPECT_EQ(broken_promise(read_wkt(nested(63, "POINT(1 2)"))), "");
  EXPECT_TRUE(read_wkt(nested(63, "POINT(1 2)")).ok());
  EXPECT_TRUE(read_wkt(nested(63, "MULTIPOINT EMPTY")).ok());
  EXPECT_TRUE(read_wkt(nested(62, "MULTIPOINT(1 2)")).ok());
  for (const std::string& text :
       {nested(64, "POINT(1 2)"), nested(63, "MULTIPOINT(1 2)"), nested(63, "MULTIPOINT(EMPTY)"),
        nested(63, "MULTIPOLYGON(((0 0,1 0,1 1,0 0)))"), nested(1000000, "POINT(1 2)")}) {
    const auto geometry = read_wkt(text);
    ASSERT_FALSE(geometry.ok()) << text.size();
    EXPECT_TRUE(geometry.error().message.ends_with(": geometries are nested more than 64 deep"))
        << geometry.error().message;
  }
  EXPECT_FALSE(read_wkt(std::string(1000000, '(')).ok());
  EXPECT_FALSE(read_wkt("POLYGON" + std::string(1000000, '(')).ok());
  EXPECT_FALSE(read_wkt("MULTIPOLYGON" + std::string(1000000, '(')).ok());
}

TEST(Wkt, TruncationIsAnError) {
  for (const GeometryCase& c : kGeometryCases) {
    for (std::size_t size = 0; size < c.ewkt.size(); ++size) {
      const std::vector<char> exact(c.ewkt.begin(),
                                    c.ewkt.begin() + static_cast<std::ptrdiff_t>(size));  // for ASan
      const auto geometry = read_wkt({exact.data(), exact.size()});
      ASSERT_FALSE(geometry.ok()) << c.ewkt << " cut at " << size;
      EXPECT_EQ(broken_promise(geometry), "");
    }
  }
}

TEST(Wkt, EveryValueAtEveryByteIsReadOrRefused) {
  for (const GeometryCase& c : kGeometryCases) {
    for (std::size_t i = 0; i < c.ewkt.size(); ++i) {
      std::string text(c.ewkt);
      for (int value = 0; value < 256; ++value) {
        text[i] = static_cast<char>(value);
        ASSERT_EQ(broken_promise(read_wkt(text)), "") << text;
      }
    }
  }
}

TEST(Wkt, GarbageIsRefused) {
  constexpr std::string_view kPieces[] = {"POINT", "(", ")",       ",",   " ",     "1",
                                          "-",     "e", ".",       "Z",   "EMPTY", "MULTIPOINT",
                                          "SRID=", ";", "POLYGON", "\xff"};
  std::mt19937_64 random(11);
  for (int round = 0; round < 40000; ++round) {
    std::string text;
    for (std::uint64_t n = random() % 24; n > 0; --n) {
      text += round % 2 == 0 ? std::string(kPieces[random() % std::size(kPieces)])
                             : std::string(1, static_cast<char>(random()));
    }
    ASSERT_EQ(broken_promise(read_wkt(text)), "") << text;
  }
}

}  // namespace
}  // namespace geocell
