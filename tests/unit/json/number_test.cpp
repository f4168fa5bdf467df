// What is a number by JSON's grammar (RFC 8259, section 6): on the way of every event, most are digits alone.
#include "json/number.hpp"

#include <gtest/gtest.h>

namespace sluice::engine {
namespace {

TEST(JsonNumber, is_what_the_grammar_says) {
  for (const char* token : {"0", "7", "10", "1795248397648558000", "18446744073709551616", "-0", "-10", "0.5",
                            "10.25", "1e5", "1E+5", "-1.5e-10"}) {
    EXPECT_TRUE(is_json_number(token)) << token;
    EXPECT_NE(parse_json_number(token).kind, JsonNumber::Kind::invalid) << token;
  }
}

TEST(JsonNumber, is_nothing_else) {
  for (const char* token : {"", "00", "01", "0123", "-", "-01", "+1", "1.", ".5", "1e", "1e+", "0x1", "1a",
                            "1 2", "12:", "NaN", "Infinity", "١"}) {
    EXPECT_FALSE(is_json_number(token)) << token;
    EXPECT_EQ(parse_json_number(token).kind, JsonNumber::Kind::invalid) << token;
  }
}

}  // namespace
}  // namespace sluice::engine
