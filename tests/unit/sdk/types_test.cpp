#include <gtest/gtest.h>

#include <cctype>
#include <string>

#include <sluice/types.hpp>

namespace sluice {
namespace {

std::int64_t ms(std::string_view text) {
  const auto date = Date::parse(text);
  return date ? date->since_epoch().count() : -1;
}

TEST(Uuid, is_kept_in_lower_case) {
  const auto uuid = Uuid::parse("0C5C7FD0-A6A3-4450-a513-270E269E0D37");
  ASSERT_TRUE(uuid);
  EXPECT_EQ(uuid->text(), "0c5c7fd0-a6a3-4450-a513-270e269e0d37");
  EXPECT_EQ(uuid, Uuid::parse("0c5c7fd0-a6a3-4450-a513-270e269e0d37"));
}

TEST(Uuid, is_nothing_else) {
  for (const char* text :
       {"", "0c5c7fd0", "0c5c7fd0-a6a3-4450-a513-270e269e0d3", "0c5c7fd0-a6a3-4450-a513-270e269e0d3g",
        "0c5c7fd0aa6a3-4450-a513-270e269e0d37", "{c5c7fd0-a6a3-4450-a513-270e269e0d37"})
    EXPECT_FALSE(Uuid::parse(text)) << text;
}

TEST(Uuid, has_a_digit_or_a_dash_at_every_place) {
  const std::string good = "0c5c7fd0-a6a3-4450-a513-270e269e0d37";
  for (std::size_t place = 0; place < good.size(); ++place) {
    for (int code = 0; code < 256; ++code) {
      std::string text = good;
      text[place] = static_cast<char>(code);
      const bool digit = code < 128 && std::isxdigit(code) != 0;
      EXPECT_EQ(Uuid::parse(text).has_value(), good[place] == '-' ? code == '-' : digit) << text;
    }
  }
}

TEST(Date, is_read_from_every_form_of_iso_8601_that_events_carry) {
  EXPECT_EQ(ms("2026-11-21T08:06:32.584684Z"), 1'795'248'392'584);
  EXPECT_EQ(ms("2026-11-21 08:06:32.584684+00:00"), 1'795'248'392'584);
  EXPECT_EQ(ms("2026-11-21T10:06:32.5+02:00"), 1'795'248'392'500);
  EXPECT_EQ(ms("2026-11-21T02:36:32-0530"), 1'795'248'392'000);
  EXPECT_EQ(ms("2026-11-21T10:06:32+02"), 1'795'248'392'000);
  EXPECT_EQ(ms("2026-11-21T08:06"), 1'795'248'360'000);
  EXPECT_EQ(ms("1970-01-01"), 0);
  EXPECT_EQ(ms("1952-02-14"), -564'278'400'000);
}

TEST(Date, is_nothing_else) {
  for (const char* text : {"", "now", "2026", "2026-13-01", "2026-02-29", "2026-11-21T", "2026-11-21T25:00",
                           "2026-11-21T08:06:32.Z", "2026-11-21T08:06:32Zulu", "2026-11-21T08:06:32+2",
                           "2026-11-21T08:06:32.1234567890Z", "12026-11-21"})
    EXPECT_FALSE(Date::parse(text)) << text;
}

TEST(Date, cuts_what_is_finer_than_a_millisecond_towards_the_past) {
  EXPECT_EQ(Date(Time(std::chrono::microseconds{1999})).since_epoch().count(), 1);
  EXPECT_EQ(Date(Time(std::chrono::microseconds{-1})).since_epoch().count(), -1);
}

TEST(Date, is_written_so_that_texts_sort_as_dates_do) {
  EXPECT_EQ(Date::parse("2026-11-21T10:06:32.5+02:00")->text(), "2026-11-21T08:06:32.500Z");
  EXPECT_EQ(Date::parse("0007-01-02")->text(), "0007-01-02T00:00:00.000Z");
}

}  // namespace
}  // namespace sluice
