// The metrics that each tell one figure of one thing, as tables: the process, a pipeline, a partition, a
// target and its batches, a source's client. prometheus.cpp adds those that have labels of their own.
#pragma once

#include <prometheus/metric_type.h>

#include <array>
#include <optional>

#include "core/status.hpp"
#include "observe/observer.hpp"
#include "observe/process_figures.hpp"

namespace sluice::engine::metric {

inline constexpr auto counter = prometheus::MetricType::Counter;
inline constexpr auto gauge = prometheus::MetricType::Gauge;
inline constexpr auto histogram = prometheus::MetricType::Histogram;

using Value = std::optional<double>;  // nothing: there is no sample

template <class Subject>
struct Metric {
  prometheus::MetricType type;
  const char* name;
  const char* help;
  Value (*value)(const Subject&);
};

// The member of a subject that these lead to: field<&A::b, &B::c> is a.b.c.
template <auto... members, class Subject>
Value field(const Subject& subject) {
  return static_cast<double>((subject.*....*members));
}

inline Value unix_seconds(const std::optional<Timestamp>& time) {
  if (!time) return std::nullopt;
  return static_cast<double>(time->time_since_epoch().count()) / 1e6;
}

inline Value end_of(const PartitionStatus& partition) {
  if (!partition.end) return std::nullopt;
  return static_cast<double>(partition.end->value);
}

inline Value lag_of(const PartitionStatus& partition) {
  const auto lag = partition.lag();
  if (!lag) return std::nullopt;
  return static_cast<double>(*lag);
}

template <auto member>
Value breaker(const PipelineStatus& status) {
  if (!status.breaker) return std::nullopt;
  return field<member>(*status.breaker);
}

inline constexpr auto of_process = std::to_array<Metric<ProcessFigures>>({
    {counter, "process_cpu_seconds_total", "CPU time of the process, user and system.",
     field<&ProcessFigures::cpu_seconds>},
    {gauge, "process_resident_memory_bytes", "Memory of the process that is in RAM.",
     field<&ProcessFigures::resident_bytes>},
    {gauge, "process_virtual_memory_bytes", "Address space of the process.",
     field<&ProcessFigures::virtual_bytes>},
    {gauge, "process_threads", "Threads of the process.", field<&ProcessFigures::threads>},
    {gauge, "process_open_fds", "Open files and connections of the process.",
     field<&ProcessFigures::open_files>},
    {gauge, "process_max_fds", "How many files and connections the process may open.",
     field<&ProcessFigures::max_open_files>},
    {gauge, "process_start_time_seconds", "When the process was started, in Unix time.",
     field<&ProcessFigures::start_time>},
});

inline constexpr auto of_pipeline = std::to_array<Metric<PipelineStatus>>({
    {counter, "sluice_records_read_total", "Records read from the source.",
     field<&PipelineStatus::records_read>},
    {counter, "sluice_read_bytes_total", "Bytes of the keys, values and headers of the records read.",
     field<&PipelineStatus::bytes_read>},
    {gauge, "sluice_unfinished_events", "Events that are read and not settled.",
     field<&PipelineStatus::unfinished_events>},
    {gauge, "sluice_unfinished_bytes", "Bytes of the records that are read and not settled.",
     field<&PipelineStatus::unfinished_bytes>},
    {gauge, "sluice_reading_paused", "1 while reading is paused because too much is unfinished.",
     field<&PipelineStatus::reading_paused>},
    {counter, "sluice_dead_letter_requests_total",
     "Dead letters handed to be written; one that is tried again counts again.",
     field<&PipelineStatus::letters, &Attempts::made>},
    {counter, "sluice_dead_letter_failures_total", "Of these, those that were not acknowledged.",
     field<&PipelineStatus::letters, &Attempts::failed>},
    {counter, "sluice_commits_total", "Commits of safe positions to the source.",
     field<&PipelineStatus::commits, &Attempts::made>},
    {counter, "sluice_commit_failures_total", "Of these, those that failed.",
     field<&PipelineStatus::commits, &Attempts::failed>},
    {counter, "sluice_position_saves_total", "Saves of safe positions in the store or the state file.",
     field<&PipelineStatus::position_saves, &Attempts::made>},
    {counter, "sluice_position_save_failures_total", "Of these, those that failed.",
     field<&PipelineStatus::position_saves, &Attempts::failed>},
    {gauge, "sluice_breaker_letters", "Dead letters among the last events that the breaker looks at.",
     breaker<&BreakerStatus::letters>},
    {gauge, "sluice_breaker_window", "How many events those are.", breaker<&BreakerStatus::window>},
    {gauge, "sluice_breaker_ratio", "The share of dead letters that opens the breaker.",
     breaker<&BreakerStatus::ratio>},
});

inline constexpr auto of_partition = std::to_array<Metric<PartitionStatus>>({
    {gauge, "sluice_partition_next_position", "The next position to read.",
     field<&PartitionStatus::next, &Position::value>},
    {gauge, "sluice_partition_safe_position", "Every position below is settled.",
     field<&PartitionStatus::safe, &Position::value>},
    {gauge, "sluice_partition_end_position",
     "The position after the newest record, where the source knows it.", end_of},
    {gauge, "sluice_partition_lag",
     "Positions from the safe one to the end: records in Kafka and SQLite, bytes in a file.", lag_of},
    {gauge, "sluice_partition_unfinished_events", "Events of the partition that are read and not settled.",
     field<&PartitionStatus::unfinished>},
    {gauge, "sluice_partition_paused", "1 while the partition is not read because too much is unfinished.",
     field<&PartitionStatus::paused>},
    {gauge, "sluice_partition_changes_waiting",
     "Unfinished changes that wait for a document, or behind one that does.",
     field<&PartitionStatus::waiting>},
    {counter, "sluice_partition_records_read_total",
     "Records read since the partition was assigned to this process.", field<&PartitionStatus::read>},
    {counter, "sluice_partition_records_handled_total", "Of these, those that the workers have handled.",
     field<&PartitionStatus::handled>},
});

inline constexpr auto of_target = std::to_array<Metric<TargetStatus>>({
    {gauge, "sluice_writers", "Writers of the target.", field<&TargetStatus::writers>},
    {gauge, "sluice_writers_busy", "Writers that execute a batch.", field<&TargetStatus::busy>},
    {gauge, "sluice_changes_queued", "Changes that are not in a batch yet.", field<&TargetStatus::queued>},
    {gauge, "sluice_changes_in_flight", "Changes in batches that are being executed.",
     field<&TargetStatus::in_flight>},
    {gauge, "sluice_queues_waiting", "Queues whose first change waits for its document to exist.",
     field<&TargetStatus::waiting>},
    {gauge, "sluice_target_retrying", "1 while the target is out of reach and tried again.",
     [](const TargetStatus& target) -> Value { return target.retrying_since ? 1 : 0; }},
    {gauge, "sluice_target_retrying_since_timestamp_seconds",
     "Since when the target has been out of reach, in Unix time; only while it is.",
     [](const TargetStatus& target) { return unix_seconds(target.retrying_since); }},
});

inline constexpr auto of_batches = std::to_array<Metric<BatchFigures>>({
    {counter, "sluice_batches_total", "Batches that the target has executed.", field<&BatchFigures::batches>},
    {counter, "sluice_changes_total", "Changes in these, before coalescing.", field<&BatchFigures::changes>},
    {counter, "sluice_writes_total", "Writes of documents or deliveries in these, after coalescing.",
     field<&BatchFigures::writes>},
});

// A source's client tells figures by name (SourceFigures).
struct OfClient {
  prometheus::MetricType type;
  const char* figure;
  const char* name;
  const char* help;
  double unit = 1;
};

inline constexpr auto of_client = std::to_array<OfClient>({
    {gauge, "brokers", "sluice_source_brokers", "Brokers that the source's client knows."},
    {gauge, "brokers_up", "sluice_source_brokers_up", "Of these, those it is connected to."},
    {gauge, "round_trip_ms", "sluice_source_round_trip_seconds",
     "Mean time of an answer of the slowest broker.", 0.001},
    {gauge, "queued_records", "sluice_source_queued_records",
     "Records that the source's client has fetched and that are not read yet."},
    {gauge, "queued_bytes", "sluice_source_queued_bytes", "Bytes of these."},
    {counter, "received_records", "sluice_source_received_records_total",
     "Records that the source's client has fetched."},
    {counter, "received_bytes", "sluice_source_received_bytes_total", "Bytes of these."},
    {counter, "rebalances", "sluice_source_rebalances_total",
     "Rebalances of the consumer group that the source's client has met."},
});

}  // namespace sluice::engine::metric
