#include "kit/screen.hpp"

#include <gmock/gmock.h>

#include <sstream>

#include "kit/watch.hpp"
#include "support/temp_folder.hpp"

namespace sluice::kit {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr const char* status_text =
    R"({"version":1,"time":"2026-11-21T08:00:01.000000Z","uptime_s":61.5,"pipelines":[
  {"id":"activity","state":"STATE","reason":"","events":{"applied":59,"dead_letters":1,"ignored":0,"passed_over":0,"total":60},
   "rates":{"now":1200.0,"average":1100.5,"peak":1500.0},
   "types":{"UserCreated":{"count":45},"ActivityCreated":{"count":15}},
   "latency_ms":{"total":{"p50":1.25,"p95":3.0,"p99":4.5,"min":0.5,"avg":1.5,"max":9.0}},
   "last_events":[{"type":"UserCreated","id":"e1","latency_ms":1.5,"time":"2026-11-21T08:00:00.900000Z"}]}]})";

std::string status_with(std::string_view state) {
  std::string text = status_text;
  return text.replace(text.find("STATE"), 5, state);
}

Progress progress_of(std::string_view state) {
  const engine::TempFolder folder;
  Progress progress;
  progress.engine = read_engine_status(folder.write("status.json", status_with(state))).value();
  progress.target = 100;
  progress.outbox = 80;
  progress.labels = {"anna_rivera_991"};
  return progress;
}

TEST(EngineStatus, is_absent_while_there_is_no_file) {
  const engine::TempFolder folder;
  EXPECT_FALSE(read_engine_status(folder.file("status.json")).has_value());
  EXPECT_FALSE(read_engine_status(folder.write("status.json", "{\"version\":1,")).has_value());
}

TEST(Screen, shows_how_far_it_is_how_fast_and_what_came) {
  std::string all;
  for (const std::string& line : screen(progress_of("running"), false)) all += line + "\n";
  EXPECT_THAT(all,
              AllOf(HasSubstr("activity, running, up 1:01"), HasSubstr("60.0 %"),
                    HasSubstr("60 of 100 processed"), HasSubstr("40 remaining"), HasSubstr("80 rows"),
                    HasSubstr("1,200/s now"), HasSubstr("1 (1.7 %)"), HasSubstr("p50 1.2"),
                    HasSubstr("UserCreated 45 (75.0 %)"), HasSubstr("UserCreated anna_rivera_991, 1.5 ms")));
}

TEST(Screen, shows_states_in_colour_only_where_it_may) {
  EXPECT_THAT(screen(progress_of("failed"), true).front(), HasSubstr("\033[31mfailed\033[0m"));
  EXPECT_THAT(screen(progress_of("failed"), false).front(), testing::Not(HasSubstr("\033")));
}

TEST(ProgressLine, says_the_most_important_in_one_line) {
  EXPECT_EQ(progress_line(progress_of("running")),
            "running: 60 of 100 events (60.0 %), 1,200/s, p50 1.2 ms, p99 4.5 ms, 1 dead letters");
}

TEST(Sparkline, draws_heights_relative_to_the_largest) {
  EXPECT_EQ(sparkline({}), "");
  EXPECT_EQ(sparkline({0, 4, 8}), "▁▅█");
}

TEST(Watch, ends_when_the_target_is_reached) {
  const engine::TempFolder folder;
  WatchSettings settings;
  settings.status = folder.write("status.json", status_with("running"));
  settings.target = 60;
  std::ostringstream out;
  EXPECT_EQ(watch(settings, out), WatchEnd::target_reached);
  EXPECT_THAT(out.str(), HasSubstr("60 of 60"));
}

TEST(Watch, ends_when_the_engine_has_ended) {
  const engine::TempFolder folder;
  WatchSettings settings;
  settings.target = 100;
  settings.status = folder.write("status.json", status_with("failed"));
  std::ostringstream out;
  EXPECT_EQ(watch(settings, out), WatchEnd::engine_ended);

  settings.status = folder.file("none");
  settings.engine_process = 0x7fffffff;  // no such process
  EXPECT_EQ(watch(settings, out), WatchEnd::engine_ended);
}

}  // namespace
}  // namespace sluice::kit
