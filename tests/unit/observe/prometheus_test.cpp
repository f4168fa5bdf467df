#include "observe/prometheus.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "support/manual_clock.hpp"

namespace sluice::engine {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr ProcessFigures process{.cpu_seconds = 1.5,
                                 .resident_bytes = 50'000'000,
                                 .virtual_bytes = 900'000'000,
                                 .threads = 12,
                                 .open_files = 20,
                                 .max_open_files = 1024,
                                 .start_time = 1'795'000'000};

// Everything that can be told, told.
PipelineReport full_report() {
  PipelineReport report;
  PipelineStatus& status = report.status;
  status.id = "activity";
  status.state = PipelineState::running;
  status.source_retrying = Retrying{Timestamp(), "broker down"};
  status.breaker = BreakerStatus{.letters = 3, .window = 100, .ratio = 0.5};
  status.partitions.push_back({.partition = {"outbox", 3},
                               .next = {17},
                               .safe = {15},
                               .end = Position{20},
                               .unfinished = 2,
                               .paused = true,
                               .read = 9,
                               .handled = 8,
                               .waiting = 1});
  report.stalls.push_back({.kind = StallKind::partition,
                           .partition = {"outbox", 3},
                           .safe = Position{15},
                           .target = {},
                           .change = {},
                           .since = {},
                           .reason = {}});
  status.targets.push_back({.name = "store",
                            .writers = 4,
                            .busy = 1,
                            .queued = 9,
                            .in_flight = 8,
                            .waiting = 1,
                            .retrying_since = Timestamp(milliseconds(1'795'000'000'500)),
                            .retry_reason = "refused"});
  status.source = {{"brokers", 3},        {"brokers_up", 2},       {"round_trip_ms", 12},
                   {"queued_records", 5}, {"queued_bytes", 6'000}, {"received_records", 70},
                   {"received_bytes", 8}, {"rebalances", 1}};
  status.unfinished_events = 2;
  status.unfinished_bytes = 2'400;
  status.records_read = 17;
  status.bytes_read = 20'400;
  status.letters.count(false, 2);
  status.letters.count(true, 2);
  status.commits.count(true);
  status.position_saves.count(true);

  const ManualClock clock;
  Observer observer(clock);
  const Clocks clocks{.created = clock.wall() - milliseconds(40),
                      .captured = clock.wall() - milliseconds(20),
                      .appended = clock.wall() - milliseconds(10),
                      .started = clock.wall() - milliseconds(4),
                      .settled = clock.wall()};
  observer.settled(std::vector<SettledEvent>{
      {Settled::applied, Code::internal, "e-1", "UserCreated", clocks},
      {Settled::dead_letter, Code::handler_rejected, "e-2", "UserCreated", clocks}});
  observer.retried(Code::store_unavailable, 7);
  observer.batch_written("store", 3, 5, milliseconds(4));
  report.figures = observer.figures();
  return report;
}

std::string text_of(const PipelineReport& report) { return prometheus_text({&report, 1}, "1.2.3", process); }

// The answer as the rows of docs/metrics.md: | name | type | labels | meaning |
std::string rows_of(const std::string& text) {
  struct Family {
    std::string help;
    std::string type;
    std::set<std::string> labels;
  };
  std::map<std::string, Family> families;
  std::vector<std::string> names;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string hash, kind, name, rest;
    if (line.starts_with("# ")) {
      words >> hash >> kind >> name;
      std::getline(words >> std::ws, rest);
      if (kind == "HELP") names.push_back(name);
      (kind == "HELP" ? families[name].help : families[name].type) = rest;
      continue;
    }
    const auto open = line.find('{');
    if (open == std::string::npos) continue;
    for (auto at = open; line[at] != '}'; at = line.find_first_of(",}", line.find('"', at) + 1)) {
      const std::string label = line.substr(at + 1, line.find('=', at) - at - 1);
      if (label != "le") families[names.back()].labels.insert("`" + label + "`");
      at = line.find('"', at);
    }
  }
  std::string rows;
  for (const std::string& name : names) {
    const Family& family = families.at(name);
    std::string labels;
    for (const std::string& label : family.labels) labels += (labels.empty() ? "" : ", ") + label;
    rows += "| `" + name + "` | " + family.type + " | " + labels + " | " + family.help + " |\n";
  }
  return rows;
}

std::string rows_of_page() {
  std::ifstream page(SLUICE_DOCS "/metrics.md");
  std::string rows;
  for (std::string line; std::getline(page, line);)
    if (line.starts_with("| `")) rows += line + "\n";
  return rows;
}

TEST(Prometheus, tells_the_names_types_and_labels_that_the_page_of_metrics_promises) {
  EXPECT_EQ(rows_of(text_of(full_report())), rows_of_page())
      << "dashboards and alerts build on these: where the change is meant, change docs/metrics.md";
}

TEST(Prometheus, tells_the_figures_of_the_status) {
  const std::string text = text_of(full_report());
  for (const char* line : {
           "sluice_build_info{version=\"1.2.3\"} 1\n",
           "process_cpu_seconds_total 1.5\n",
           "sluice_pipeline_state{pipeline=\"activity\",state=\"running\"} 1\n",
           "sluice_pipeline_state{pipeline=\"activity\",state=\"failed\"} 0\n",
           "sluice_pipeline_retrying{pipeline=\"activity\",what=\"source\"} 1\n",
           "sluice_pipeline_retrying{pipeline=\"activity\",what=\"dead_letters\"} 0\n",
           "sluice_breaker_letters{pipeline=\"activity\"} 3\n",
           "sluice_partition_stalled{pipeline=\"activity\",topic=\"outbox\",partition=\"3\"} 1\n",
           "sluice_target_stalled{pipeline=\"activity\",target=\"store\"} 0\n",
           "sluice_events_total{pipeline=\"activity\",outcome=\"applied\"} 1\n",
           "sluice_events_total{pipeline=\"activity\",outcome=\"dead_letter\"} 1\n",
           "sluice_events_by_type_total{pipeline=\"activity\",event_type=\"UserCreated\"} 2\n",
           "sluice_dead_letters_by_type_total{pipeline=\"activity\",event_type=\"UserCreated\"} 1\n",
           "sluice_dead_letters_total{pipeline=\"activity\",code=\"handler.rejected\"} 1\n",
           "sluice_dead_letters_total{pipeline=\"activity\",code=\"route.no_match\"} 0\n",
           "sluice_retries_total{pipeline=\"activity\",code=\"store.unavailable\"} 7\n",
           "sluice_dead_letter_requests_total{pipeline=\"activity\"} 4\n",
           "sluice_dead_letter_failures_total{pipeline=\"activity\"} 2\n",
           "sluice_partition_lag{pipeline=\"activity\",topic=\"outbox\",partition=\"3\"} 5\n",
           "sluice_queues_waiting{pipeline=\"activity\",target=\"store\"} 1\n",
           "sluice_changes_total{pipeline=\"activity\",target=\"store\"} 5\n",
           "sluice_writes_total{pipeline=\"activity\",target=\"store\"} 3\n",
           "sluice_batch_duration_seconds_sum{pipeline=\"activity\",target=\"store\"} 0.004\n",
           "sluice_target_retrying_since_timestamp_seconds{pipeline=\"activity\",target=\"store\"} "
           "1795000000.5\n",
           "sluice_source_round_trip_seconds{pipeline=\"activity\"} 0.012\n",
       })
    EXPECT_THAT(text, HasSubstr(line));
}

TEST(Prometheus, counts_latencies_into_buckets_in_seconds) {
  const std::string text = text_of(full_report());
  const std::string total = "sluice_event_latency_seconds_bucket{pipeline=\"activity\",stage=\"total\",le=";
  EXPECT_THAT(text, HasSubstr(total + "\"0.03\"} 0\n"));
  EXPECT_THAT(text, HasSubstr(total + "\"0.05\"} 1\n"));
  EXPECT_THAT(text, HasSubstr(total + "\"+Inf\"} 1\n"));
  EXPECT_THAT(text,
              HasSubstr("sluice_event_latency_seconds_sum{pipeline=\"activity\",stage=\"total\"} 0.04\n"));
  EXPECT_THAT(text,
              HasSubstr("sluice_event_latency_seconds_count{pipeline=\"activity\",stage=\"total\"} 1\n"));
}

TEST(Prometheus, leaves_out_what_is_not_known) {
  PipelineReport report = full_report();
  report.status.partitions[0].end.reset();
  report.status.targets[0].retrying_since.reset();
  report.status.source.clear();
  const std::string text = prometheus_text({&report, 1}, "1.2.3", std::nullopt);
  for (const char* name : {"sluice_partition_end_position", "sluice_partition_lag", "sluice_source_",
                           "retrying_since_timestamp", "process_"})
    EXPECT_THAT(text, Not(HasSubstr(name)));
  EXPECT_THAT(text, HasSubstr("sluice_target_retrying{pipeline=\"activity\",target=\"store\"} 0\n"));
}

TEST(Prometheus, puts_the_pipelines_of_a_process_into_one_family) {
  std::vector<PipelineReport> reports{full_report(), full_report()};
  reports[1].status.id = "mail";
  const std::string text = prometheus_text(reports, "1.2.3", process);
  EXPECT_THAT(text, HasSubstr("sluice_records_read_total{pipeline=\"activity\"} 17\n"
                              "sluice_records_read_total{pipeline=\"mail\"} 17\n"));
}

TEST(Prometheus, keeps_labels_valid_and_series_apart_whatever_a_record_calls_itself) {
  PipelineReport report = full_report();
  report.figures.types = {{"\xff", {3, 0}}, {"\xfe", {4, 1}}, {"say \"hi\"\n", {5, 0}}};
  const std::string text = text_of(report);
  const std::string name = "sluice_events_by_type_total{pipeline=\"activity\",event_type=";
  EXPECT_THAT(text, HasSubstr(name + "\"?\"} 7\n"));
  EXPECT_THAT(text, HasSubstr(name + "\"say \\\"hi\\\"\\n\"} 5\n"));
}

}  // namespace
}  // namespace sluice::engine
