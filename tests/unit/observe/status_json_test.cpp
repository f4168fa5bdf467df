#include "observe/status_json.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "observe/status_file.hpp"
#include "support/manual_clock.hpp"
#include "support/temp_folder.hpp"

namespace sluice::engine {
namespace {

PipelineReport report_with(const Figures& figures) {
  PipelineReport report;
  report.status.id = "activity";
  report.status.state = PipelineState::running;
  report.status.partitions.push_back({.partition = {"outbox", 3},
                                      .next = {17},
                                      .safe = {15},
                                      .end = Position{20},
                                      .unfinished = 2,
                                      .paused = false});
  report.status.targets.push_back({.name = "store",
                                   .writers = 4,
                                   .busy = 1,
                                   .queued = 9,
                                   .in_flight = 8,
                                   .waiting = 1,
                                   .retrying_since = std::nullopt,
                                   .retry_reason = {}});
  report.figures = figures;
  return report;
}

TEST(StatusJson, holds_what_the_format_promises) {
  ManualClock clock;
  Observer observer(clock);
  const std::vector<SettledEvent> events{
      {Settled::applied,
       Code::internal,
       "e-1",
       "UserCreated",
       {.created = clock.wall() - milliseconds(9),
        .captured = {},
        .appended = {},
        .started = clock.wall() - milliseconds(1),
        .settled = clock.wall()}},
      {Settled::dead_letter,
       Code::handler_rejected,
       "e-2",
       "UserCreated",
       {.created = {}, .captured = {}, .appended = {}, .started = clock.wall(), .settled = clock.wall()}}};
  observer.settled(events);
  observer.batch_written("store", 3, 5, milliseconds(4));

  const PipelineReport report = report_with(observer.figures());
  const auto json = status_json({&report, 1}, clock.wall(), milliseconds(12'500));
  EXPECT_EQ(json["version"], 1);
  EXPECT_EQ(json["time"], "2026-11-21T12:00:00.000000Z");
  EXPECT_DOUBLE_EQ(json["uptime_s"].get<double>(), 12.5);
  const auto& pipeline = json["pipelines"][0];
  EXPECT_EQ(pipeline["id"], "activity");
  EXPECT_EQ(pipeline["state"], "running");
  EXPECT_EQ(pipeline["events"]["applied"], 1);
  EXPECT_EQ(pipeline["events"]["dead_letters"], 1);
  EXPECT_EQ(pipeline["events"]["total"], 2);
  EXPECT_EQ(pipeline["types"]["UserCreated"]["count"], 2);
  EXPECT_DOUBLE_EQ(pipeline["latency_ms"]["total"]["p50"].get<double>(), 9);
  EXPECT_DOUBLE_EQ(pipeline["latency_ms"]["processing"]["max"].get<double>(), 1);
  EXPECT_FALSE(pipeline["latency_ms"].contains("capture"));
  EXPECT_EQ(pipeline["partitions"][0]["topic"], "outbox");
  EXPECT_EQ(pipeline["partitions"][0]["end"], 20);
  EXPECT_EQ(pipeline["targets"][0]["batches"], 1);
  EXPECT_DOUBLE_EQ(pipeline["targets"][0]["batch_ms"].get<double>(), 4);
  EXPECT_EQ(pipeline["last_events"][0]["id"], "e-2");
  EXPECT_EQ(pipeline["last_events"][0]["outcome"], "dead_letter");
  EXPECT_EQ(pipeline["errors"]["handler.rejected"], 1);
}

TEST(StatusJson, is_valid_when_an_id_is_not_utf8) {
  ManualClock clock;
  Observer observer(clock);
  const std::vector<SettledEvent> events{
      {Settled::applied,
       Code::internal,
       "\xff\xfe",
       "T",
       {.created = {}, .captured = {}, .appended = {}, .started = clock.wall(), .settled = clock.wall()}}};
  observer.settled(events);
  const PipelineReport report = report_with(observer.figures());
  EXPECT_TRUE(nlohmann::json::accept(json_line(status_json({&report, 1}, clock.wall(), milliseconds(0)))));
}

TEST(StatusFile, replaces_the_whole_file_and_leaves_nothing_beside_it) {
  const TempFolder folder;
  const StatusFile file(folder.file("status.json"));
  ASSERT_TRUE(file.write("a longer first text"));
  ASSERT_TRUE(file.write("second"));
  EXPECT_EQ(folder.read("status.json"), "second\n");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

TEST(StatusFile, says_what_cannot_be_written) {
  const TempFolder folder;
  const auto written = StatusFile(folder.path() / "missing" / "status.json").write("x");
  ASSERT_FALSE(written);
  EXPECT_NE(written.error().message.find("missing"), std::string::npos);
}

}  // namespace
}  // namespace sluice::engine
