#include "base/time.hpp"

#include <gtest/gtest.h>

namespace sluice::engine {
namespace {

std::string normal(std::string_view text) {
  const auto time = parse_timestamp(text);
  return time ? to_text(*time) : "none";
}

TEST(Timestamp, is_read_as_Debezium_and_PostgreSQL_print_it) {
  EXPECT_EQ(normal("2026-11-21T08:06:32.584684Z"), "2026-11-21T08:06:32.584684Z");
  EXPECT_EQ(normal("2026-11-21 08:06:32.58+00"), "2026-11-21T08:06:32.580000Z");
  EXPECT_EQ(normal("2026-11-21T08:06:32+02:00"), "2026-11-21T06:06:32.000000Z");
  EXPECT_EQ(normal("2026-11-21T08:06:32-0130"), "2026-11-21T09:36:32.000000Z");
  EXPECT_EQ(normal("2026-11-21T08:06:32"), "2026-11-21T08:06:32.000000Z");
  EXPECT_EQ(normal("2026-11-21t08:06:32.5z"), "2026-11-21T08:06:32.500000Z");
}

TEST(Timestamp, is_cut_to_microseconds) {
  EXPECT_EQ(normal("2026-11-21T08:06:32.999999999Z"), "2026-11-21T08:06:32.999999Z");
  EXPECT_EQ(normal("1969-12-31T23:59:59.9999999Z"), "1969-12-31T23:59:59.999999Z");
}

TEST(Timestamp, reaches_over_all_four_digit_years) {
  EXPECT_EQ(normal("0000-01-01T00:00:00Z"), "0000-01-01T00:00:00.000000Z");
  EXPECT_EQ(normal("1969-12-31T23:59:59.5Z"), "1969-12-31T23:59:59.500000Z");
  EXPECT_EQ(normal("9999-12-31T23:59:59.999999Z"), "9999-12-31T23:59:59.999999Z");
}

TEST(Timestamp, knows_the_calendar) {
  EXPECT_EQ(normal("2024-02-29T00:00:00Z"), "2024-02-29T00:00:00.000000Z");
  EXPECT_EQ(normal("2026-02-29T00:00:00Z"), "none");
  EXPECT_EQ(normal("2026-13-01T00:00:00Z"), "none");
  EXPECT_EQ(normal("2026-00-10T00:00:00Z"), "none");
  EXPECT_EQ(normal("2026-11-31T00:00:00Z"), "none");
  EXPECT_EQ(normal("2026-12-31T23:59:60Z"), "2027-01-01T00:00:00.000000Z");
}

TEST(Timestamp, refuses_what_is_no_time) {
  for (const char* text :
       {"", "yesterday", "2026-11-21", "2026-11-21T08:06", "2026-11-21T24:00:00Z", "2026-11-21T08:60:00Z",
        "2026-11-21T08:06:32.Z", "2026-11-21T08:06:32.1234567890Z", "2026-11-21T08:06:32Zx",
        "2026-11-21T08:06:32+", "2026-11-21T08:06:32+2", "2026-11-21T08:06:32+24:00",
        "2026-11-21T08:06:32+02:60", "2026-11-21T08:06:32 Z", "+2026-11-21T08:06:32Z", "26-11-21T08:06:32Z",
        "2026/11/21T08:06:32Z", "1795248397783"})
    EXPECT_EQ(normal(text), "none") << text;
}

}  // namespace
}  // namespace sluice::engine
