#include "kit/time.hpp"

#include <gtest/gtest.h>

namespace sluice::kit {
namespace {

using namespace std::chrono;

constexpr Micros example = sys_days{2026y / 11 / 21} + 8h + 6min + 32s + 584'684us;

TEST(Time, is_written_as_the_outbox_has_it) {
  EXPECT_EQ(to_text(example), "2026-11-21T08:06:32.584684Z");
  EXPECT_EQ(to_text(example, "+00:00"), "2026-11-21T08:06:32.584684+00:00");
  EXPECT_EQ(to_milliseconds_text(example), "2026-11-21T08:06:32.584Z");
  EXPECT_EQ(to_milliseconds_text(sys_days{1952y / 2 / 14}), "1952-02-14T00:00:00.000Z");
}

TEST(Time, is_read_in_every_usual_form) {
  for (const char* text : {"2026-11-21T08:06:32.584684Z", "2026-11-21 08:06:32.584684",
                           "2026-11-21T09:06:32.584684+01:00", "2026-11-21T02:36:32.5846849-05:30"})
    EXPECT_EQ(parse_time(text), example) << text;
  EXPECT_EQ(parse_time("2026-11-21T08:06:32Z"), floor<seconds>(example));
}

TEST(Time, is_not_made_up) {
  for (const char* text :
       {"", "2026-11-21", "2026-13-01T00:00:00Z", "2026-11-31T00:00:00Z", "2026-11-21T25:00:00Z",
        "2026-11-21T08:06:32.Z", "2026-11-21T08:06:32ZZ", "yesterday"})
    EXPECT_EQ(parse_time(text), std::nullopt) << text;
}

}  // namespace
}  // namespace sluice::kit
