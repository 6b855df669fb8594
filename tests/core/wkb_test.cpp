#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "geocell/geometry.hpp"
#include "tests/core/geometry_cases.hpp"
#include "tests/core/geometry_checks.hpp"

namespace geocell {
namespace {

using tests::as_bytes;
using tests::broken_promise;
using tests::GeometryCase;
using tests::kGeometryCases;

constexpr std::string_view kOne = "000000000000F03F";       // 1.0
constexpr std::string_view kTwo = "0000000000000040";       // 2.0
constexpr std::string_view kNan = "000000000000F87F";       // a quiet NaN
constexpr std::string_view kInfinity = "000000000000F07F";  // +inf
constexpr std::string_view kPoint12 = "0101000000000000000000F03F0000000000000040";
constexpr std::string_view kRing =
    "04000000"  // (0 0,1 0,1 1,0 0)
    "00000000000000000000000000000000000000000000F03F0000000000000000"
    "000000000000F03F000000000000F03F00000000000000000000000000000000";

std::string bytes_of(std::string_view hex) {
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'A' + 10; };
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes += static_cast<char>(digit(hex[i]) * 16 + digit(hex[i + 1]));
  return bytes;
}

Result<Geometry> read(std::string_view bytes) { return read_wkb(as_bytes(bytes)); }

std::string joined(std::initializer_list<std::string_view> parts) {
  std::string all;
  for (const std::string_view part : parts) all += part;
  return all;
}

std::string little_uint32(std::uint32_t value) {
  std::string bytes;
  for (int shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(value >> shift & 0xff);
  return bytes;
}

TEST(Wkb, ReadsEveryFormPostgisWrites) {
  for (const GeometryCase& c : kGeometryCases) {
    for (const std::string_view hex : {c.ewkb_little, c.ewkb_big}) {
      const auto geometry = read(bytes_of(hex));
      ASSERT_TRUE(geometry.ok()) << c.ewkt << ": " << geometry.error().message;
      EXPECT_EQ(write_hex_wkb(*geometry), c.ewkb_2d) << c.ewkt;
      EXPECT_EQ(write_wkb(*geometry), bytes_of(c.ewkb_2d)) << c.ewkt;
      EXPECT_EQ(broken_promise(geometry), "") << c.ewkt;
    }
    for (const std::string_view hex : {c.iso_little, c.iso_big}) {
      const auto geometry = read(bytes_of(hex));
      ASSERT_TRUE(geometry.ok()) << c.ewkt << ": " << geometry.error().message;
      EXPECT_EQ(geometry->srid, 0);
      EXPECT_EQ(write_wkt(*geometry), c.wkt_2d) << c.ewkt;
    }
  }
}

TEST(Wkb, ModelOfANestedGeometry) {
  const auto g =
      read_wkt("GEOMETRYCOLLECTION(POINT(1 2),MULTIPOLYGON(EMPTY,((0 0,1 0,1 1,0 0),(5 5,6 5,6 6,5 5))))");
  ASSERT_TRUE(g.ok());
  const auto again = read(write_wkb(*g));
  ASSERT_TRUE(again.ok());
  for (const Geometry* geometry : {&*g, &*again}) {
    ASSERT_EQ(geometry->elements.size(), 5u);
    EXPECT_EQ(geometry->type(), GeometryType::geometrycollection);
    EXPECT_EQ(geometry->elements[0].child_count, 2u);
    EXPECT_EQ(geometry->elements[1].type, GeometryType::point);
    EXPECT_EQ(geometry->elements[2].child_count, 2u);
    EXPECT_EQ(geometry->elements[3].ring_count, 0u);
    EXPECT_EQ(geometry->elements[4].ring_count, 2u);
    EXPECT_EQ(geometry->elements[4].first_ring, 1u);
    ASSERT_EQ(geometry->rings.size(), 3u);
    EXPECT_EQ(geometry->rings[2].first, 5u);
    EXPECT_EQ(geometry->rings[2].count, 4u);
    EXPECT_EQ(geometry->points.size(), 9u);
    EXPECT_EQ(geometry->points[6], (LngLat{6, 5}));
  }
}

// PostGIS never writes these, but says what they are: each part has its own byte order,
// type code and SRID flag.
TEST(Wkb, ReadsMixedForms) {
  const struct {
    std::string hex;
    std::string_view wkt;
    std::int32_t srid;
  } cases[] = {
      // a little-endian MULTIPOINT of a big-endian point
      {"010400000001000000"
       "00000000013FF00000000000004000000000000000",
       "MULTIPOINT((1 2))", 0},
      // ISO code 1001 with the EWKB flag for Z too
      {"01E9030080"
       "000000000000F03F0000000000000040"
       "0000000000000840",
       "POINT(1 2)", 0},
      // ISO code 1001 with the EWKB flag for M: ZM
      {"01E9030040"
       "000000000000F03F0000000000000040"
       "00000000000008400000000000000840",
       "POINT(1 2)", 0},
      // the member repeats the SRID, or says 0
      {"0107000020E610000001000000"
       "0101000020E6100000000000000000F03F0000000000000040",
       "GEOMETRYCOLLECTION(POINT(1 2))", 4326},
      {"0107000020E610000001000000"
       "010100002000000000000000000000F03F0000000000000040",
       "GEOMETRYCOLLECTION(POINT(1 2))", 4326},
      // Z and M may be anything, NaN included; a ring is closed in x and y
      {"0101000080"
       "000000000000F03F0000000000000040"
       "000000000000F87F",
       "POINT(1 2)", 0},
      {"0101000080"
       "000000000000F87F000000000000F87F"
       "0000000000000840",
       "POINT EMPTY", 0},
      {"01EB0300000100000004000000"
       "000000000000000000000000000000000000000000000840"
       "000000000000F03F00000000000000000000000000000840"
       "000000000000F03F000000000000F03F0000000000000840"
       "00000000000000000000000000000000000000000000F03F",
       "POLYGON((0 0,1 0,1 1,0 0))", 0},
      {"0101000020FFFFFFFF000000000000F03F0000000000000040", "POINT(1 2)", -1},
  };
  for (const auto& c : cases) {
    const auto geometry = read(bytes_of(c.hex));
    ASSERT_TRUE(geometry.ok()) << c.hex << ": " << geometry.error().message;
    EXPECT_EQ(write_wkt(*geometry), c.wkt);
    EXPECT_EQ(geometry->srid, c.srid);
  }
}

TEST(Wkb, ErrorsNameTheByte) {
  const struct {
    std::string hex;
    ErrorCode code;
    std::string_view message;
  } cases[] = {
      {"", ErrorCode::invalid_binary,
       "Invalid WKB at byte 0: the byte order needs 1 byte but 0 bytes remain"},
      {"02", ErrorCode::invalid_binary, "Invalid WKB at byte 0: byte order is 2; should be 0 or 1"},
      {"01010000", ErrorCode::invalid_binary,
       "Invalid WKB at byte 1: the geometry type needs 4 bytes but 3 bytes remain"},
      {"0100000000", ErrorCode::invalid_binary,
       "Invalid WKB at byte 1: geometry type is 0; should be 1 to 7"},
      {"0112000000", ErrorCode::invalid_binary,
       "Invalid WKB at byte 1: geometry type is 18; should be 1 to 7"},
      {"01A10F0000", ErrorCode::invalid_binary,
       "Invalid WKB at byte 1: geometry type is 4001; should be 1 to 7"},
      {"01FFFFFFFF", ErrorCode::invalid_binary,
       "Invalid WKB at byte 1: geometry type is 4294967295; should be 1 to 7"},
      {"0108000000", ErrorCode::unsupported,
       "Invalid WKB at byte 1: geometry type CIRCULARSTRING is not supported; should be made of points, "
       "straight lines and polygons"},
      {"0109000020E6100000", ErrorCode::unsupported,
       "Invalid WKB at byte 1: geometry type COMPOUNDCURVE is not supported; should be made of points, "
       "straight lines and polygons"},
      {"01F2030000", ErrorCode::unsupported,
       "Invalid WKB at byte 1: geometry type CURVEPOLYGON is not supported; should be made of points, "
       "straight lines and polygons"},
      {"000000000B", ErrorCode::unsupported,
       "Invalid WKB at byte 1: geometry type MULTICURVE is not supported; should be made of points, straight "
       "lines and polygons"},
      {"000000000C", ErrorCode::unsupported,
       "Invalid WKB at byte 1: geometry type MULTISURFACE is not supported; should be made of points, "
       "straight lines and polygons"},
      {"010F000080", ErrorCode::unsupported,
       "Invalid WKB at byte 1: geometry type POLYHEDRALSURFACE is not supported; should be made of points, "
       "straight lines and polygons"},
      {"0110000000", ErrorCode::unsupported,
       "Invalid WKB at byte 1: geometry type TIN is not supported; should be made of points, straight lines "
       "and polygons"},
      {"0111000000", ErrorCode::unsupported,
       "Invalid WKB at byte 1: geometry type TRIANGLE is not supported; should be made of points, straight "
       "lines and polygons"},
      {"010700000001000000010800000000000000", ErrorCode::unsupported,
       "Invalid WKB at byte 10: geometry type CIRCULARSTRING is not supported; should be made of points, "
       "straight lines and polygons"},
      {"0101000020E610", ErrorCode::invalid_binary,
       "Invalid WKB at byte 5: the SRID needs 4 bytes but 2 bytes remain"},
      {joined({"0101000000", kOne, "00"}), ErrorCode::invalid_binary,
       "Invalid WKB at byte 5: the point needs 16 bytes but 9 bytes remain"},
      {"01020000", ErrorCode::invalid_binary,
       "Invalid WKB at byte 1: the geometry type needs 4 bytes but 3 bytes remain"},
      {"0102000000FF", ErrorCode::invalid_binary,
       "Invalid WKB at byte 5: the number of points needs 4 bytes but 1 byte remains"},
      {"0102000020E6100000FFFFFFFF000000000000000000000000", ErrorCode::invalid_binary,
       "Invalid WKB at byte 9: claims 4294967295 points but 12 bytes remain"},
      {"010200000001000000000000000000000000000000000000", ErrorCode::invalid_binary,
       "Invalid WKB at byte 5: claims 1 point but 15 bytes remain"},
      {joined({"010200000001000000", kOne, kTwo}), ErrorCode::invalid_binary,
       "Invalid WKB at byte 5: line has 1 point; should have none or at least 2"},
      {"0103000000FFFFFFFF00", ErrorCode::invalid_binary,
       "Invalid WKB at byte 5: claims 4294967295 rings but 1 byte remains"},
      {"010300000001000000FFFFFF7F", ErrorCode::invalid_binary,
       "Invalid WKB at byte 9: claims 2147483647 points but 0 bytes remain"},
      {"01030000000100000000000000", ErrorCode::invalid_binary,
       "Invalid WKB at byte 9: ring has 0 points; should have at least 4"},
      {joined({"01030000000100000003000000", kOne, kOne, kTwo, kOne, kOne, kOne}), ErrorCode::invalid_binary,
       "Invalid WKB at byte 9: ring has 3 points; should have at least 4"},
      {joined({"010300000002000000", kRing, "04000000", kOne, kOne, kTwo, kOne, kTwo, kTwo, kOne, kTwo}),
       ErrorCode::invalid_binary,
       "Invalid WKB at byte 77: ring is not closed; starts at (1 1) and ends at (1 2)"},
      {"0104000000FFFFFFFF", ErrorCode::invalid_binary,
       "Invalid WKB at byte 5: claims 4294967295 members but 0 bytes remain"},
      {"0107000000020000000107000000000000000107000000000000", ErrorCode::invalid_binary,
       "Invalid WKB at byte 5: claims 2 members but 17 bytes remain"},
      {joined({"010400000001000000", "010200000000000000", kOne, kTwo}), ErrorCode::invalid_binary,
       "Invalid WKB at byte 10: MULTIPOINT holds a LINESTRING; should hold only POINT"},
      {"010500000001000000010300000000000000", ErrorCode::invalid_binary,
       "Invalid WKB at byte 10: MULTILINESTRING holds a POLYGON; should hold only LINESTRING"},
      {"010600000001000000010600000000000000", ErrorCode::invalid_binary,
       "Invalid WKB at byte 10: MULTIPOLYGON holds a MULTIPOLYGON; should hold only POLYGON"},
      {"0107000020E6100000010000000101000020110F0000000000000000F03F0000000000000040",
       ErrorCode::invalid_binary, "Invalid WKB at byte 18: SRID 3857 differs from the outer geometry's 4326"},
      {"0107000000010000000101000020110F0000000000000000F03F0000000000000040", ErrorCode::invalid_binary,
       "Invalid WKB at byte 14: SRID 3857 differs from the outer geometry's 0"},
      {joined({kPoint12, "00"}), ErrorCode::invalid_binary,
       "Invalid WKB at byte 21: 1 byte follows the geometry"},
      {joined({kPoint12, kPoint12}), ErrorCode::invalid_binary,
       "Invalid WKB at byte 21: 21 bytes follow the geometry"},
      {joined({"0101000000", kNan, kOne}), ErrorCode::not_finite,
       "Invalid WKB at byte 5: x is NaN; should be a finite number"},
      {joined({"0101000000", kOne, kNan}), ErrorCode::not_finite,
       "Invalid WKB at byte 13: y is NaN; should be a finite number"},
      {joined({"0101000000", kInfinity, kNan}), ErrorCode::not_finite,
       "Invalid WKB at byte 5: x is Infinity; should be a finite number"},
      {joined({"0101000000", kOne, "000000000000F0FF"}), ErrorCode::not_finite,
       "Invalid WKB at byte 13: y is -Infinity; should be a finite number"},
      {joined({"010200000002000000", kOne, kTwo, kNan, kNan}), ErrorCode::not_finite,
       "Invalid WKB at byte 25: x is NaN; should be a finite number"},
      {joined({"01EA03000002000000", kOne, kTwo, kNan, kOne, kInfinity, kNan}), ErrorCode::not_finite,
       "Invalid WKB at byte 41: y is Infinity; should be a finite number"},
      {"0000000002000000027FF00000000000003FF00000000000003FF00000000000003FF0000000000000",
       ErrorCode::not_finite, "Invalid WKB at byte 9: x is Infinity; should be a finite number"},
  };
  for (const auto& c : cases) {
    const auto geometry = read(bytes_of(c.hex));
    ASSERT_FALSE(geometry.ok()) << c.hex;
    EXPECT_EQ(geometry.error().message, c.message) << c.hex;
    EXPECT_EQ(geometry.error().code, c.code) << c.hex;
  }
}

TEST(Wkb, NotFiniteFarInsideALongLine) {
  std::string bytes = bytes_of("0102000000E8030000");  // 1000 points, more than one buffer full
  for (int i = 0; i < 1000; ++i) bytes += bytes_of(i == 777 ? joined({kTwo, kNan}) : joined({kOne, kTwo}));
  const auto geometry = read(bytes);
  ASSERT_FALSE(geometry.ok());
  EXPECT_EQ(geometry.error().message, "Invalid WKB at byte " + std::to_string(9 + 777 * 16 + 8) +
                                          ": y is NaN; should be a finite number");
}

TEST(Wkb, AllFiniteBitPatternsNearTheLimitsSurvive) {
  for (const std::string_view hex :
       {"FFFFFFFFFFFFEF7F", "FFFFFFFFFFFFEFFF", "0100000000000000", "0000000000000080", "FFFFFFFFFFFF0F00",
        "FFFFFFFFFFFF0F80", "0000000000001000"}) {
    const std::string wkb = joined({"0101000000", hex, kOne});
    const auto geometry = read(bytes_of(wkb));
    ASSERT_TRUE(geometry.ok()) << geometry.error().message;
    EXPECT_EQ(write_hex_wkb(*geometry), wkb);
    EXPECT_EQ(broken_promise(geometry), "");
  }
}

TEST(Wkb, TruncationAtEveryByteIsAnError) {
  for (const GeometryCase& c : kGeometryCases) {
    for (const std::string_view hex : {c.ewkb_little, c.ewkb_big, c.iso_little}) {
      const std::string bytes = bytes_of(hex);
      for (std::size_t size = 0; size < bytes.size(); ++size) {
        const std::vector<char> exact(bytes.begin(),
                                      bytes.begin() + static_cast<std::ptrdiff_t>(size));  // for ASan
        const auto geometry = read({exact.data(), exact.size()});
        ASSERT_FALSE(geometry.ok()) << c.ewkt << " cut at " << size;
        EXPECT_EQ(geometry.error().code, ErrorCode::invalid_binary);
        EXPECT_EQ(broken_promise(geometry), "");
      }
    }
  }
}

TEST(Wkb, EveryValueAtEveryByteIsReadOrRefused) {
  std::size_t accepted = 0;
  for (const GeometryCase& c : kGeometryCases) {
    const std::string original = bytes_of(c.ewkb_little);
    if (original.size() > 80) continue;
    for (std::size_t i = 0; i < original.size(); ++i) {
      std::string bytes = original;
      for (int value = 0; value < 256; ++value) {
        bytes[i] = static_cast<char>(value);
        const auto geometry = read(bytes);
        accepted += geometry.ok() ? 1 : 0;
        ASSERT_EQ(broken_promise(geometry), "") << c.ewkt << " with byte " << i << " = " << value;
      }
    }
  }
  EXPECT_GT(accepted, 10000u);
}

TEST(Wkb, RandomMutationsAreReadOrRefused) {
  std::mt19937_64 random(20260101);
  for (int round = 0; round < 20000; ++round) {
    const GeometryCase& c = kGeometryCases[random() % std::size(kGeometryCases)];
    std::string bytes = bytes_of(round % 2 == 0 ? c.ewkb_little : c.iso_big);
    for (std::uint64_t n = 1 + random() % 4; n > 0; --n)
      bytes[random() % bytes.size()] = static_cast<char>(random());
    ASSERT_EQ(broken_promise(read(bytes)), "") << "round " << round;
  }
}

TEST(Wkb, GarbageIsRefused) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 20000; ++round) {
    std::string bytes(random() % 64, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    if (round % 2 == 0 && bytes.size() > 5) bytes.replace(0, 5, bytes_of("01") + little_uint32(random() % 8));
    ASSERT_EQ(broken_promise(read(bytes)), "") << "round " << round;
  }
}

// Each claims billions of items; reading must fail before it takes memory for them.
TEST(Wkb, GiantClaimsTakeNoMemory) {
  for (std::uint32_t type = 2; type <= 7; ++type) {
    for (const std::uint32_t flags : {0u, 0x80000000u, 0xC0000000u}) {
      for (const std::uint32_t claim : {0xFFFFFFFFu, 0x80000000u, 0x10000000u, 0x0FFFFFFFu}) {
        const auto geometry =
            read("\x01" + little_uint32(type | flags) + little_uint32(claim) + std::string(64, '\0'));
        ASSERT_FALSE(geometry.ok());
        EXPECT_EQ(geometry.error().message.find("Invalid WKB at byte 5: claims " + std::to_string(claim)), 0u)
            << geometry.error().message;
      }
    }
  }
}

std::string nested_collections(int depth) {
  std::string bytes;
  for (int i = 1; i < depth; ++i) bytes += "\x01" + little_uint32(7) + little_uint32(1);
  return bytes + "\x01" + little_uint32(7) + little_uint32(0);
}

TEST(Wkb, DepthIsLimited) {
  const auto deepest = read(nested_collections(kMaxGeometryDepth));
  ASSERT_TRUE(deepest.ok());
  EXPECT_EQ(broken_promise(deepest), "");
  for (const int depth : {kMaxGeometryDepth + 1, 1000000}) {
    const auto geometry = read(nested_collections(depth));
    ASSERT_FALSE(geometry.ok());
    EXPECT_EQ(geometry.error().message, "Invalid WKB at byte 576: geometries are nested more than 64 deep");
    EXPECT_EQ(geometry.error().code, ErrorCode::invalid_binary);
  }
}

TEST(HexWkb, ReadsEitherCase) {
  const auto geometry = read_hex_wkb("0101000020e6100000000000000000f03F0000000000000040");
  ASSERT_TRUE(geometry.ok());
  EXPECT_EQ(write_hex_wkb(*geometry), "0101000020E6100000000000000000F03F0000000000000040");
}

TEST(HexWkb, ErrorsNameTheCharacter) {
  const struct {
    std::string_view text;
    ErrorCode code;
    std::string_view message;
  } cases[] = {
      {"", ErrorCode::invalid_text,
       "Invalid hex WKB at byte 0: the byte order needs 1 byte but 0 bytes remain"},
      {"0", ErrorCode::invalid_text,
       "Invalid hex WKB at byte 1: the number of hex digits is 1; should be even"},
      {"010", ErrorCode::invalid_text,
       "Invalid hex WKB at byte 3: the number of hex digits is 3; should be even"},
      {"01g1", ErrorCode::invalid_text, "Invalid hex WKB at byte 2: \"g\" is not a hex digit"},
      {"01 0", ErrorCode::invalid_text, "Invalid hex WKB at byte 2: \" \" is not a hex digit"},
      {"01\xC3\xA9", ErrorCode::invalid_text, "Invalid hex WKB at byte 2: \"\\xc3\" is not a hex digit"},
      {"0102000000FFFFFFFF", ErrorCode::invalid_text,
       "Invalid hex WKB at byte 10: claims 4294967295 points but 0 bytes remain"},
      {"0108000000", ErrorCode::unsupported,
       "Invalid hex WKB at byte 2: geometry type CIRCULARSTRING is not supported; should be made of points, "
       "straight lines and polygons"},
      {"0101000000000000000000F03F000000000000F07F", ErrorCode::not_finite,
       "Invalid hex WKB at byte 26: y is Infinity; should be a finite number"},
  };
  for (const auto& c : cases) {
    const auto geometry = read_hex_wkb(c.text);
    ASSERT_FALSE(geometry.ok()) << c.text;
    EXPECT_EQ(geometry.error().message, c.message);
    EXPECT_EQ(geometry.error().code, c.code);
  }
}

}  // namespace
}  // namespace geocell
