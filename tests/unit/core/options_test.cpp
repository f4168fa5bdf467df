#include "core/options.hpp"

#include <gtest/gtest.h>

#include <array>
#include <stdexcept>

namespace sluice::engine {
namespace {

using namespace std::chrono_literals;

std::string error_of(const OptionSpec& spec, std::string_view text) {
  const auto value = parse_option(spec, text);
  return value ? "" : value.error().message;
}

TEST(Options, reads_durations_with_their_units) {
  EXPECT_EQ(parse_duration("10us"), 10us);
  EXPECT_EQ(parse_duration("250ms"), 250ms);
  EXPECT_EQ(parse_duration("1.5s"), 1500ms);
  EXPECT_EQ(parse_duration("2m"), 2min);
  EXPECT_EQ(parse_duration(" 1 h "), 1h);
  EXPECT_EQ(parse_duration("7d"), 168h);
  EXPECT_EQ(parse_duration("0"), 0us);
}

TEST(Options, refuses_what_is_no_duration) {
  for (const auto* text : {"", "5", "ms", "5 parsecs", "-1s", "1.s", ".5s", "1e3s", "0.5us", "1s 2s", "20MS",
                           "999999999999999d", "99999999999999999999s", "36501d"})
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
}

TEST(Options, reads_sizes_with_their_units) {
  EXPECT_EQ(parse_bytes("512"), 512);
  EXPECT_EQ(parse_bytes("512B"), 512);
  EXPECT_EQ(parse_bytes("100kB"), 100'000);
  EXPECT_EQ(parse_bytes("4MiB"), 4 * 1024 * 1024);
  EXPECT_EQ(parse_bytes("1.5 KiB"), 1536);
  EXPECT_EQ(parse_bytes("2TB"), 2'000'000'000'000);
}

TEST(Options, refuses_what_is_no_size) {
  for (const auto* text : {"", "MiB", "4M", "4mib", "-1", "1.5", "0.3B", "9999999TiB"})
    EXPECT_EQ(parse_bytes(text), std::nullopt) << text;
}

TEST(Options, writes_durations_and_sizes_so_that_they_read_back) {
  for (const auto* text : {"0ms", "1us", "1500ms", "90s", "2m", "36h", "7d"})
    EXPECT_EQ(duration_to_text(parse_duration(text).value()), text);
  for (const auto* text : {"0", "1", "1000001", "100kB", "1KiB", "4MiB", "3TB"})
    EXPECT_EQ(bytes_to_text(parse_bytes(text).value()), text);
}

TEST(Options, says_what_would_be_right) {
  EXPECT_EQ(error_of({.name = "linger", .type = OptionType::duration}, "5"),
            "\"5\" is not a duration; write a number and us, ms, s, m, h or d, such as 20ms");
  EXPECT_EQ(error_of({.name = "bytes", .type = OptionType::bytes}, "4M"),
            "\"4M\" is not a size; write bytes, or a number and kB, MB, GB, KiB, MiB or GiB, such as 4MiB");
  EXPECT_EQ(error_of({.name = "n", .type = OptionType::integer}, "10.5"), "\"10.5\" is not a whole number");
  EXPECT_EQ(error_of({.name = "n", .type = OptionType::integer}, "99999999999999999999"),
            "\"99999999999999999999\" is not a whole number");
  EXPECT_EQ(error_of({.name = "n", .type = OptionType::number}, "inf"), "\"inf\" is not a number");
  EXPECT_EQ(error_of({.name = "b", .type = OptionType::boolean}, "yes"), "\"yes\" is neither true nor false");
  EXPECT_EQ(error_of({.name = "m", .type = OptionType::map}, "x"),
            "\"x\" is not a mapping; write name: value pairs");
}

TEST(Options, holds_numbers_durations_and_sizes_within_their_range) {
  const OptionSpec both{.name = "n", .type = OptionType::integer, .minimum = 1, .maximum = 64};
  EXPECT_EQ(error_of(both, "64"), "");
  EXPECT_EQ(error_of(both, "65"), "\"65\" is out of range; 1 to 64 is possible");
  const OptionSpec one{.name = "n", .type = OptionType::integer, .minimum = 1, .maximum = 1};
  EXPECT_EQ(error_of(one, "2"), "\"2\" is not possible; write 1");
  const OptionSpec least{.name = "d", .type = OptionType::duration, .minimum = 1000};
  EXPECT_EQ(error_of(least, "10us"), "\"10us\" is too little; at least 1ms");
  EXPECT_EQ(error_of(least, "36500d"), "");
  EXPECT_EQ(error_of(least, "999999d"), "\"999999d\" is too much; at most 36500d");
  const OptionSpec most{.name = "s", .type = OptionType::bytes, .maximum = 16 << 20};
  EXPECT_EQ(error_of(most, "1GiB"), "\"1GiB\" is too much; at most 16MiB");
}

TEST(Options, knows_the_choices_of_a_text) {
  const OptionSpec spec{.name = "on_update", .choices = {"warn", "error", "fatal"}};
  EXPECT_EQ(std::get<std::string>(*parse_option(spec, "WARN")), "warn");
  EXPECT_EQ(error_of(spec, "eror"), "\"eror\" is not one of: warn, error, fatal; did you mean \"error\"?");
  EXPECT_EQ(error_of(spec, "x"), "\"x\" is not one of: warn, error, fatal");
}

TEST(Options, never_shows_a_secret) {
  const OptionSpec spec{.name = "pin", .type = OptionType::integer, .secret = true};
  EXPECT_EQ(error_of(spec, "hunter2"), "the value (not shown, it is secret) is not a whole number");
}

TEST(Options, makes_the_defaults_of_a_table) {
  const std::array specs{
      OptionSpec{.name = "uri"},
      OptionSpec{.name = "table", .fallback = "event_outbox"},
      OptionSpec{.name = "follow", .type = OptionType::boolean, .fallback = "true"},
      OptionSpec{.name = "batch", .type = OptionType::integer, .fallback = "1000"},
      OptionSpec{.name = "ratio", .type = OptionType::number, .fallback = "0.5"},
      OptionSpec{.name = "poll", .type = OptionType::duration, .fallback = "5ms"},
      OptionSpec{.name = "cache", .type = OptionType::bytes, .fallback = "8MiB"},
      OptionSpec{.name = "mode", .fallback = "", .choices = {"a", "b"}},
      OptionSpec{.name = "topics", .type = OptionType::texts, .fallback = "[]"},
      OptionSpec{.name = "client", .type = OptionType::map, .fallback = "{}"},
  };
  const Options options = default_options(specs);
  EXPECT_EQ(options.all().count("uri"), 0U);
  EXPECT_EQ(options.text("table"), "event_outbox");
  EXPECT_TRUE(options.boolean("follow"));
  EXPECT_EQ(options.integer("batch"), 1000);
  EXPECT_EQ(options.number("ratio"), 0.5);
  EXPECT_EQ(options.duration("poll"), 5ms);
  EXPECT_EQ(options.bytes("cache"), 8 << 20);
  EXPECT_EQ(options.text("mode"), "");
  EXPECT_TRUE(options.texts("topics").empty());
  EXPECT_TRUE(options.map("client").empty());
}

TEST(Options, treats_a_wrong_question_as_a_bug) {
  const Options options = default_options(std::array{OptionSpec{.name = "table", .fallback = "outbox"}});
  EXPECT_THROW(static_cast<void>(options.text("tabel")), std::logic_error);
  EXPECT_THROW(static_cast<void>(options.integer("table")), std::logic_error);
  EXPECT_THROW(static_cast<void>(default_options(
                   std::array{OptionSpec{.name = "n", .type = OptionType::integer, .fallback = "many"}})),
               std::logic_error);
}

}  // namespace
}  // namespace sluice::engine
