#include "observe/metrics_file.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>
#include <vector>

#include "base/result.hpp"
#include "support/temp_folder.hpp"

namespace sluice::engine {
namespace {

constexpr Timestamp noon{microseconds(1'795'262'400'000'000)};

SettledEvent applied(std::string_view id, std::string_view type) {
  return {Settled::applied,
          Code::internal,
          id,
          type,
          {.created = noon,
           .captured = noon + microseconds(1500),
           .appended = noon + microseconds(2000),
           .started = noon + microseconds(2250),
           .settled = noon + microseconds(5000)}};
}

std::vector<nlohmann::json> lines_of(const TempFolder& folder, std::string_view name) {
  std::istringstream text(folder.read(name));
  std::vector<nlohmann::json> lines;
  for (std::string line; std::getline(text, line);) lines.push_back(nlohmann::json::parse(line));
  return lines;
}

TEST(MetricsFile, writes_one_line_for_each_applied_event_with_its_clocks) {
  const TempFolder folder;
  {
    MetricsFile file(folder.file("metrics.json"));
    file.offer(std::vector{applied("id-1", "UserCreated"), applied("quote\"", "ActivityCreated")});
  }
  const auto lines = lines_of(folder, "metrics.json");
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0]["event_id"], "id-1");
  EXPECT_EQ(lines[0]["event_type"], "UserCreated");
  EXPECT_NEAR(lines[0]["t0_created"].get<double>(), 1'795'262'400.0, 1e-6);
  EXPECT_NEAR(lines[0]["t1_kafka"].get<double>(), 1'795'262'400.0015, 1e-6);
  EXPECT_NEAR(lines[0]["t2_appended"].get<double>(), 1'795'262'400.002, 1e-6);
  EXPECT_NEAR(lines[0]["t3_start"].get<double>(), 1'795'262'400.00225, 1e-6);
  EXPECT_NEAR(lines[0]["t5_end"].get<double>(), 1'795'262'400.005, 1e-6);
  EXPECT_DOUBLE_EQ(lines[0]["kafka_lag_ms"].get<double>(), 0.25);
  EXPECT_DOUBLE_EQ(lines[0]["processing_time_ms"].get<double>(), 2.75);
  EXPECT_DOUBLE_EQ(lines[0]["total_latency_ms"].get<double>(), 5);
  EXPECT_EQ(lines[0]["timestamp"], lines[0]["t5_end"]);
  EXPECT_EQ(lines[1]["event_id"], "quote\"");
}

TEST(MetricsFile, writes_null_for_a_clock_that_is_unknown) {
  const TempFolder folder;
  SettledEvent event = applied("1", "A");
  event.clocks.created.reset();
  event.clocks.appended.reset();
  { MetricsFile(folder.file("m")).offer(std::vector{event}); }
  const auto lines = lines_of(folder, "m");
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_TRUE(lines[0]["t0_created"].is_null());
  EXPECT_TRUE(lines[0]["kafka_lag_ms"].is_null());
}

TEST(MetricsFile, leaves_out_what_was_not_applied) {
  const TempFolder folder;
  SettledEvent dead = applied("1", "A");
  dead.how = Settled::dead_letter;
  { MetricsFile(folder.file("m")).offer(std::vector{dead, applied("2", "A")}); }
  ASSERT_EQ(lines_of(folder, "m").size(), 1U);
}

TEST(MetricsFile, adds_to_the_file_that_is_there) {
  const TempFolder folder;
  for (int run = 0; run < 2; ++run) MetricsFile(folder.file("m")).offer(std::vector{applied("1", "A")});
  EXPECT_EQ(lines_of(folder, "m").size(), 2U);
}

TEST(MetricsFile, drops_and_counts_what_its_queue_cannot_take) {
  const TempFolder folder;
  std::uint64_t dropped = 0;
  const std::vector<SettledEvent> events(100, applied("1", "A"));
  {
    MetricsFile file(folder.file("m"), 10);
    file.offer(events);
    dropped = file.dropped();
  }
  EXPECT_EQ(dropped, 90U);
  EXPECT_EQ(lines_of(folder, "m").size(), 10U);
}

TEST(MetricsFile, counts_as_dropped_what_a_full_disk_refuses) {
  MetricsFile file("/dev/full");
  file.offer(std::vector{applied("1", "A")});
  while (file.dropped() == 0) std::this_thread::yield();
  EXPECT_EQ(file.dropped(), 1U);
}

TEST(MetricsFile, says_which_file_cannot_be_opened) {
  const TempFolder folder;
  EXPECT_THROW(MetricsFile(folder.path() / "missing" / "m"), ConfigurationError);
}

}  // namespace
}  // namespace sluice::engine
