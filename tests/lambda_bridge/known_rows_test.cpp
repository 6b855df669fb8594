// Equal rows are found, and no others.
#include "lambda_bridge/rows/known_rows.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <string>

namespace geocell::bridge {
namespace {

Element text(std::string_view value) {
  Element element;
  element.kind = Element::Kind::text;
  element.text = value;
  return element;
}

TEST(KnownRows, RowsThatDifferInOneCharacterAreDifferent) {
  KnownRows rows;
  const std::string original(500, '0');
  std::deque<std::string> texts;
  const Element first[] = {text(original)};
  EXPECT_EQ(rows.find_or_add(first, 1000), std::nullopt);
  for (std::size_t i = 0; i < original.size(); ++i) {
    std::string& changed = texts.emplace_back(original);
    changed[i] = '1';
    const Element row[] = {text(changed)};
    ASSERT_EQ(rows.find_or_add(row, i), std::nullopt) << i;
  }
  const std::string copy = original;
  const Element again[] = {text(copy)};
  EXPECT_EQ(rows.find_or_add(again, 2000), 1000U);
}

TEST(KnownRows, ARowTakenBackIsNotFound) {
  KnownRows rows;
  Element element;
  element.kind = Element::Kind::integer;
  for (element.integer = 0; element.integer < 1000; ++element.integer) {
    const Element row[] = {element, text("x")};
    const auto number = static_cast<std::size_t>(element.integer);
    ASSERT_EQ(rows.find_or_add(row, number), std::nullopt);
    if (number % 2 == 1) rows.drop_last();
  }
  for (element.integer = 0; element.integer < 1000; element.integer += 2) {
    const Element row[] = {element, text("x")};
    ASSERT_EQ(rows.find_or_add(row, 5000), static_cast<std::size_t>(element.integer));
  }
  element.integer = 1;
  const Element taken_back[] = {element, text("x")};
  EXPECT_EQ(rows.find_or_add(taken_back, 5000), std::nullopt);
}

}  // namespace
}  // namespace geocell::bridge
