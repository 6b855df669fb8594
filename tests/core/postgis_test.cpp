#include <gtest/gtest.h>

#include <cstring>
#include <limits>
#include <span>
#include <string>
#include <string_view>

#include "geocell/geometry.hpp"
#include "tests/core/geometry_cases.hpp"
#include "tests/core/geometry_checks.hpp"

namespace geocell {
namespace {

using tests::as_bytes;
using tests::broken_promise;

struct Serialized {
  std::string_view ewkt;
  std::string_view hex;
};

// As PostGIS 3.3.2 keeps them on a page of a table (pageinspect's tuple_data_split), without PostgreSQL's
// length.
// clang-format off
constexpr Serialized kSerialized[] = {
    {"POINT(1 2)", "000000400100000001000000000000000000f03f0000000000000040"},
    {"POINT EMPTY", "000000400100000000000000"},
    {"SRID=4326;POINT(-179.5 85.25)", "0010e640010000000100000000000000007066c00000000000505540"},
    {"POINT(1 2)", "000000410100000001000000000000000000f03f00000000000000400000000000000840"},
    {"POINT(1 2)", "000000420100000001000000000000000000f03f00000000000000400000000000000840"},
    {"SRID=3857;POINT(1 2)",
     "000f11430100000001000000000000000000f03f000000000000004000000000000008400000000000001040"},
    {"LINESTRING(0 0,1 2)",
     "00000040020000000200000000000000000000000000000000000000000000000000f03f0000000000000040"},
    {"LINESTRING EMPTY", "000000400200000000000000"},
    {"POLYGON EMPTY", "000000400300000000000000"},
    {"POLYGON((0 0,1 0,1 1,0 0))",
     "00000044000000000000803f000000000000803f03000000010000000400000000000000000000000000000000000000"
     "00000000000000000000f03f0000000000000000000000000000f03f000000000000f03f000000000000000000000000"
     "00000000"},
    {"POLYGON((0 0,9 0,9 9,0 0),(1 0.5,2 0.5,2 1,1 0.5))",
     "000000440000000000001041000000000000104103000000020000000400000004000000000000000000000000000000"
     "000000000000000000002240000000000000000000000000000022400000000000002240000000000000000000000000"
     "00000000000000000000f03f000000000000e03f0000000000000040000000000000e03f000000000000004000000000"
     "0000f03f000000000000f03f000000000000e03f"},
    {"MULTIPOINT((0 0),(1 1))",
     "00000044000000000000803f000000000000803f04000000020000000100000001000000000000000000000000000000"
     "000000000100000001000000000000000000f03f000000000000f03f"},
    {"MULTILINESTRING((0 0,1 1),(2 2,3 3))",
     "000000440000000000004040000000000000404005000000020000000200000002000000000000000000000000000000"
     "00000000000000000000f03f000000000000f03f02000000020000000000000000000040000000000000004000000000"
     "000008400000000000000840"},
    {"SRID=4326;MULTIPOLYGON(((0 0,1 0,1 1,0 0)),((5 5,6 5,6 6,5 5)))",
     "0010e644000000000000c040000000000000c04006000000020000000300000001000000040000000000000000000000"
     "000000000000000000000000000000000000f03f0000000000000000000000000000f03f000000000000f03f00000000"
     "000000000000000000000000030000000100000004000000000000000000000000001440000000000000144000000000"
     "0000184000000000000014400000000000001840000000000000184000000000000014400000000000001440"},
    {"GEOMETRYCOLLECTION(POINT(1 2),LINESTRING(0 0,1 1))",
     "00000044000000000000803f000000000000004007000000020000000100000001000000000000000000f03f00000000"
     "00000040020000000200000000000000000000000000000000000000000000000000f03f000000000000f03f"},
    {"GEOMETRYCOLLECTION EMPTY", "000000400700000000000000"},
    {"SRID=4326;LINESTRING(0 0,1 2)",
     "0010e6410200000002000000000000000000000000000000000000000000000000001440000000000000f03f00000000"
     "000000400000000000001840"},
    {"SRID=4326;LINESTRING(0 0,1 1)",
     "0010e644000000000000803f000000000000803f02000000020000000000000000000000000000000000000000000000"
     "0000f03f000000000000f03f"},
    {"MULTIPOINT(EMPTY,(1 1))",
     "000000440000803f0000803f0000803f0000803f04000000020000000100000000000000010000000100000000000000"
     "0000f03f000000000000f03f"},
    {"SRID=999999;POINT(1 2)", "0f423f400100000001000000000000000000f03f0000000000000040"},
};
// clang-format on

// By the documented layout: what PostGIS before 3.0 wrote, and what other writers may.
constexpr Serialized kByHand[] = {
    // version 1, with a box
    {"SRID=4326;POINT(1 2)",
     "0010e6040000803f0000803f00000040000000400100000001000000000000000000f03f0000000000000040"},
    // geodetic, with a box of three dimensions
    {"POINT(1 2)",
     "0000004c0000803f0000803f0000803f0000803f0000803f0000803f0100000001000000000000000000f03f000000000000004"
     "0"},
    // extended flags, without a box
    {"POINT(1 2)", "0000005001000000000000000100000001000000000000000000f03f0000000000000040"},
    // a negative SRID
    {"SRID=-1;POINT(1 2)", "1fffff400100000001000000000000000000f03f0000000000000040"},
};

std::string bytes_of(std::string_view hex) {
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes += static_cast<char>(digit(hex[i]) * 16 + digit(hex[i + 1]));
  }
  return bytes;
}

Result<Geometry> read(std::string_view bytes) { return read_postgis(as_bytes(bytes)); }

std::string error_of(std::string_view hex) {
  const auto geometry = read(bytes_of(hex));
  EXPECT_EQ(broken_promise(geometry), "") << hex;
  return geometry.ok() ? "no error" : geometry.error().message;
}

// The words of a header in version 2 without a box, and of what follows.
std::string word(std::uint32_t value) { return {reinterpret_cast<const char*>(&value), sizeof value}; }
const std::string kHeader = bytes_of("00000040");

void expect_geometry(const Serialized& c) {
  const std::string bytes = bytes_of(c.hex);
  const auto geometry = read(bytes);
  ASSERT_TRUE(geometry.ok()) << c.ewkt << ": " << geometry.error().message;
  const std::string srid = geometry->srid == 0 ? "" : "SRID=" + std::to_string(geometry->srid) + ";";
  EXPECT_EQ(srid + write_wkt(*geometry), c.ewkt);
  EXPECT_EQ(postgis_srid(as_bytes(bytes)), geometry->srid);
  EXPECT_EQ(broken_promise(geometry), "") << c.ewkt;
}

TEST(Postgis, ReadsWhatPostgisWrote) {
  for (const Serialized& c : kSerialized) expect_geometry(c);
}

TEST(Postgis, ReadsEveryHeader) {
  for (const Serialized& c : kByHand) expect_geometry(c);
}

// PostGIS adds a box to most; without one it is the same value to it.
TEST(Postgis, WritesWhatPostgisWroteWithoutABox) {
  for (const Serialized& c : kSerialized) {
    const std::string bytes = bytes_of(c.hex);
    if (bytes[3] != '\x40') continue;  // with a box, or in three dimensions
    EXPECT_EQ(write_postgis(*read(bytes)), bytes) << c.ewkt;
  }
}

TEST(Postgis, ReadsBackEveryGeometryOfTheOtherReaders) {
  for (const tests::GeometryCase& c : tests::kGeometryCases) {
    const auto geometry = read_hex_wkb(c.ewkb_little);
    ASSERT_TRUE(geometry.ok()) << c.ewkt;
    const auto again = read(write_postgis(*geometry));
    ASSERT_TRUE(again.ok()) << c.ewkt << ": " << again.error().message;
    EXPECT_EQ(write_hex_wkb(*again), c.ewkb_2d) << c.ewkt;
  }
}

TEST(Postgis, EveryTruncationIsAnError) {
  for (const auto& cases : {std::span<const Serialized>(kSerialized), std::span<const Serialized>(kByHand)}) {
    for (const Serialized& c : cases) {
      const std::string bytes = bytes_of(c.hex);
      for (std::size_t size = 0; size < bytes.size(); ++size) {
        // In memory of its own, so that a sanitizer sees a read past the end.
        const std::string part = bytes.substr(0, size);
        const auto geometry = read(part);
        ASSERT_FALSE(geometry.ok()) << c.ewkt << " cut to " << size;
        EXPECT_EQ(geometry.error().code, ErrorCode::invalid_binary);
        EXPECT_EQ(broken_promise(geometry), "") << c.ewkt << " cut to " << size;
      }
      EXPECT_FALSE(read(bytes + '\0').ok()) << c.ewkt;
    }
  }
}

// Each byte replaced by others: an error or a geometry that keeps all promises.
TEST(Postgis, AnyChangedByteIsAnErrorOrAGeometry) {
  for (const Serialized& c : kSerialized) {
    std::string bytes = bytes_of(c.hex);
    for (char& byte : bytes) {
      const char right = byte;
      for (const int wrong : {0, 1, 0x7f, 0x80, 0xff, right ^ 4}) {
        byte = static_cast<char>(wrong);
        EXPECT_EQ(broken_promise(read(bytes)), "") << c.ewkt;
      }
      byte = right;
    }
  }
}

TEST(Postgis, CountsThatCannotBeTrueTakeNoMemory) {
  constexpr std::uint32_t kMany = 0xffffffff;
  for (std::uint32_t type = 1; type <= 7; ++type) {
    for (const std::uint32_t count : {kMany, kMany / 2, kMany / 16, 3u}) {
      const auto geometry = read(kHeader + word(type) + word(count));
      ASSERT_FALSE(geometry.ok()) << type << " " << count;
      EXPECT_EQ(geometry.error().code, ErrorCode::invalid_binary);
      EXPECT_EQ(broken_promise(geometry), "");
    }
  }
  // a ring of more points than there are, in a polygon whose table is complete
  EXPECT_FALSE(read(kHeader + word(3) + word(2) + word(kMany) + word(kMany)).ok());
}

TEST(Postgis, ErrorsNameTheByteAndTheRule) {
  EXPECT_EQ(error_of(""), "Invalid PostGIS geometry at byte 0: the header needs 4 bytes but 0 bytes remain");
  EXPECT_EQ(error_of("00000044"
                     "0000"),
            "Invalid PostGIS geometry at byte 4: the box needs 16 bytes but 2 bytes remain");
  EXPECT_EQ(error_of("00000040"
                     "01000000"
                     "02000000"),
            "Invalid PostGIS geometry at byte 4: point has 2 points; should have none or 1");
  EXPECT_EQ(error_of("00000040"
                     "02000000"
                     "01000000"),
            "Invalid PostGIS geometry at byte 4: line has 1 point; should have none or at least 2");
  EXPECT_EQ(error_of("00000040"
                     "02000000"
                     "02000000"
                     "00"),
            "Invalid PostGIS geometry at byte 12: claims 2 points but 1 byte remains");
  EXPECT_EQ(error_of("00000040"
                     "03000000"
                     "01000000"
                     "0000000000000000"),
            "Invalid PostGIS geometry at byte 20: ring has 0 points; should have at least 4");
  EXPECT_EQ(error_of("00000040"
                     "04000000"
                     "01000000"
                     "02000000"
                     "00000000"),
            "Invalid PostGIS geometry at byte 12: MULTIPOINT holds a LINESTRING; should hold only POINT");
  EXPECT_EQ(error_of("00000040"
                     "00000000"
                     "00000000"),
            "Invalid PostGIS geometry at byte 4: geometry type is 0; should be 1 to 7");
  EXPECT_EQ(
      error_of("00000040"
               "08000000"
               "00000000"),
      "Invalid PostGIS geometry at byte 4: geometry type CIRCULARSTRING is not supported; should be made of "
      "points, straight lines and polygons");
  EXPECT_EQ(read(kHeader + word(15) + word(0)).error().code, ErrorCode::unsupported);
  EXPECT_EQ(error_of("00000040"
                     "07000000"
                     "00000000"
                     "00"),
            "Invalid PostGIS geometry at byte 12: 1 byte follows the geometry");
  EXPECT_EQ(error_of("00000040"
                     "01000000"
                     "01000000"
                     "000000000000f07f"
                     "0000000000000000"),
            "Invalid longitude \"Infinity\"; should be a finite number");
  EXPECT_EQ(error_of("00000040"
                     "01000000"
                     "01000000"
                     "0000000000000000"
                     "000000000000f87f"),
            "Invalid latitude \"NaN\"; should be a finite number");
}

TEST(Postgis, NestsAsDeepAsTheModelAllows) {
  std::string bytes = kHeader;
  for (int depth = 1; depth < kMaxGeometryDepth; ++depth) bytes += word(7) + word(1);
  const std::string innermost = word(7) + word(0);
  EXPECT_EQ(broken_promise(read(bytes + innermost)), "");
  EXPECT_TRUE(read(bytes + innermost).ok());
  const auto deeper = read(bytes + word(7) + word(1) + innermost);
  ASSERT_FALSE(deeper.ok());
  EXPECT_EQ(deeper.error().message,
            "Invalid PostGIS geometry at byte 516: geometries are nested more than 64 deep");
}

// More points than the reader checks at once; the first that is wrong is named.
TEST(Postgis, LongLines) {
  std::string line = "LINESTRING(0 0";
  for (int i = 1; i < 1000; ++i) line += "," + std::to_string(i % 180) + " " + std::to_string(i % 90);
  const auto geometry = read_wkt(line + ")");
  std::string bytes = write_postgis(*geometry);
  EXPECT_TRUE(tests::same_shape(*read(bytes), *geometry));
  const double nan = std::numeric_limits<double>::quiet_NaN();
  std::memcpy(bytes.data() + 12 + 777 * sizeof(LngLat) + sizeof(double), &nan, sizeof nan);
  EXPECT_EQ(read(bytes).error().message, "Invalid latitude \"NaN\"; should be a finite number");
}

}  // namespace
}  // namespace geocell
