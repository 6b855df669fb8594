// JSON strings, against nlohmann-json.
#include "lambda_bridge/json/json_escape.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

namespace geocell::bridge {
namespace {

std::string written(const std::string& text) {
  std::string json;
  append_json_string(json, text);
  return json;
}

// nlohmann-json spells five control characters as \b \f \n \r \t, which mean the same.
std::string read_back(const std::string& json) { return nlohmann::json::parse(json).get<std::string>(); }

TEST(JsonEscape, EveryCharacterAtEveryPlaceOfAChunk) {
  for (std::size_t size = 1; size <= 40; ++size) {
    for (std::size_t place = 0; place < size; ++place) {
      for (int byte = 0; byte < 0x80; ++byte) {
        std::string text(size, 'x');
        text[place] = static_cast<char>(byte);
        const std::string json = written(text);
        ASSERT_EQ(read_back(json), text) << "byte " << byte << " at " << place << " of " << size;
        const std::size_t extra = byte < 0x20 ? 5 : byte == '"' || byte == '\\' ? 1 : 0;
        ASSERT_EQ(json.size(), size + 2 + extra);
      }
    }
  }
}

TEST(JsonEscape, NeighboursAndNothing) {
  EXPECT_EQ(written(""), "\"\"");
  EXPECT_EQ(written("\"\"\\\\\"\"\\\\\"\"\\\\\"\"\\\\\"\"\\\\"),
            R"("\"\"\\\\\"\"\\\\\"\"\\\\\"\"\\\\\"\"\\\\")");
  EXPECT_EQ(written(std::string("\x01\x1f\0", 3)), R"("\u0001\u001f\u0000")");
}

TEST(JsonEscape, BytesAboveAsciiStay) {
  std::string text;
  for (int i = 0; i < 20; ++i) text += "é\U0001F30D";
  EXPECT_EQ(written(text), '"' + text + '"');
}

}  // namespace
}  // namespace geocell::bridge
