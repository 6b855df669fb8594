#include "gateway/engines/redshift/redshift_quotes.hpp"

#include <gtest/gtest.h>

#include "gateway/system/failure.hpp"

namespace geocell::gateway {
namespace {

TEST(RedshiftQuotes, QuotesAreDoubled) {
  EXPECT_EQ(quote_identifier("a\"b"), "\"a\"\"b\"");
  EXPECT_EQ(quote_literal("it's"), "'it''s'");
  EXPECT_THROW(quote_literal("a\\b"), Failure);
}

}  // namespace
}  // namespace geocell::gateway
