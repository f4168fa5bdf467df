#include "observe/prometheus.hpp"

#include <prometheus/text_serializer.h>

#include <algorithm>
#include <array>
#include <map>

#include "base/utf8.hpp"
#include "observe/metric_tables.hpp"

namespace sluice::engine {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using Labels = std::vector<ClientMetric::Label>;

// What a person asks of a latency: dense from a millisecond to a second, with the objectives that
// docs/operating.md names among them.
constexpr auto latency_bounds = std::to_array<microseconds>({
    microseconds(100),     microseconds(250),       microseconds(500),    milliseconds(1),
    milliseconds(2),       milliseconds(3),         milliseconds(5),      milliseconds(10),
    milliseconds(20),      milliseconds(30),        milliseconds(50),     milliseconds(75),
    milliseconds(100),     milliseconds(150),       milliseconds(200),    milliseconds(300),
    milliseconds(500),     milliseconds(750),       milliseconds(1'000),  milliseconds(2'000),
    milliseconds(5'000),   milliseconds(10'000),    milliseconds(30'000), milliseconds(60'000),
    milliseconds(300'000), milliseconds(3'600'000),
});

constexpr std::array letter_codes{Code::decode_not_json,      Code::decode_unknown_envelope,
                                  Code::decode_missing_field, Code::decode_bad_field,
                                  Code::route_no_match,       Code::handler_rejected,
                                  Code::handler_threw,        Code::handler_invalid_change,
                                  Code::store_refused,        Code::store_conflict,
                                  Code::sink_refused,         Code::wait_expired};
constexpr std::array retry_codes{Code::store_unavailable, Code::sink_unavailable};

// Text that is not UTF-8 (a type may come from a record's header) would spoil the whole answer.
std::string label_text(std::string_view text) {
  std::string label(text);
  if (is_utf8(text)) return label;
  for (char& byte : label)
    if (static_cast<unsigned char>(byte) >= 0x80) byte = '?';
  return label;
}

Labels label(std::string name, std::string_view value) { return {{std::move(name), label_text(value)}}; }

Labels operator+(Labels labels, Labels more) {
  for (auto& one : more) labels.push_back(std::move(one));
  return labels;
}

Labels of(const PipelineReport& report) { return label("pipeline", report.status.id); }
Labels of(const PipelineReport& report, const TargetStatus& target) {
  return of(report) + label("target", target.name);
}
Labels of(const PipelineReport& report, const PartitionStatus& partition) {
  return of(report) + label("topic", partition.partition.topic) +
         label("partition", std::to_string(partition.partition.partition));
}

double in_seconds(microseconds time) { return static_cast<double>(time.count()) / 1e6; }

// One family after the other, each with the samples of all pipelines.
class Page {
 public:
  explicit Page(std::span<const PipelineReport> reports) : reports_(reports) {}

  [[nodiscard]] std::string text() {
    drop_if_empty();
    return prometheus::TextSerializer().Serialize(families_);
  }

  void process(std::string_view version, const std::optional<ProcessFigures>& process);
  void pipelines();
  void events();
  void partitions();
  void targets();
  void client();

 private:
  void family(prometheus::MetricType type, const char* name, const char* help) {
    drop_if_empty();
    families_.push_back({name, help, type, {}});
  }
  void drop_if_empty() {
    if (!families_.empty() && families_.back().metric.empty()) families_.pop_back();
  }
  void sample(Labels labels, metric::Value value);
  void sample(Labels labels, const LatencyHistogram& histogram);
  template <class Subject>
  void sample(const metric::Metric<Subject>& metric, const Subject& subject, Labels labels) {
    sample(std::move(labels), metric.value(subject));
  }
  template <class Counts>
  void by_code(const PipelineReport& report, const Counts& counts, std::span<const Code> always);
  void by_type(const PipelineReport& report, std::uint64_t TypeFigures::*count);

  std::span<const PipelineReport> reports_;
  std::vector<MetricFamily> families_;
};

void Page::sample(Labels labels, metric::Value value) {
  if (!value) return;
  ClientMetric& made = families_.back().metric.emplace_back();
  made.label = std::move(labels);
  made.counter.value = *value;  // the serializer looks at the one of the family's type
  made.gauge.value = *value;
}

void Page::sample(Labels labels, const LatencyHistogram& histogram) {
  ClientMetric& made = families_.back().metric.emplace_back();
  made.label = std::move(labels);
  made.histogram.sample_count = histogram.count();
  made.histogram.sample_sum = in_seconds(histogram.sum());
  const auto counts = histogram.at_most(latency_bounds);
  for (std::size_t i = 0; i < counts.size(); ++i)
    made.histogram.bucket.push_back({counts[i], in_seconds(latency_bounds[i])});
}

void Page::process(std::string_view version, const std::optional<ProcessFigures>& process) {
  family(metric::gauge, "sluice_build_info", "1; the version is a label.");
  sample(label("version", version), 1);
  if (!process) return;
  for (const auto& metric : metric::of_process) {
    family(metric.type, metric.name, metric.help);
    sample(metric, *process, {});
  }
}

void Page::pipelines() {
  constexpr std::array states{PipelineState::starting, PipelineState::running, PipelineState::draining,
                              PipelineState::drained,  PipelineState::failed,  PipelineState::breaker_open};
  family(metric::gauge, "sluice_pipeline_state",
         "1 for the state that the pipeline is in, 0 for the others.");
  for (const PipelineReport& report : reports_)
    for (const PipelineState state : states)
      sample(of(report) + label("state", to_text(state)), report.status.state == state ? 1 : 0);
  family(metric::gauge, "sluice_pipeline_retrying",
         "1 while this is out of reach and tried again: the source, dead_letters, or what the start needs.");
  for (const PipelineReport& report : reports_) {
    const auto retrying = [&](std::string_view what, const std::optional<Retrying>& trouble) {
      sample(of(report) + label("what", what), trouble ? 1 : 0);
    };
    retrying("start", report.status.start_retrying);
    retrying("source", report.status.source_retrying);
    retrying("dead_letters", report.status.dead_letters_retrying);
  }
  for (const auto& metric : metric::of_pipeline) {
    family(metric.type, metric.name, metric.help);
    for (const PipelineReport& report : reports_) sample(metric, report.status, of(report));
  }
}

// Codes that are likely are there from the start: of a series that begins with its first event, Prometheus
// does not see that event as an increase.
template <class Counts>
void Page::by_code(const PipelineReport& report, const Counts& counts, std::span<const Code> always) {
  for (const CodeInfo& info : all_codes()) {
    const std::uint64_t count = counts[static_cast<std::size_t>(info.code)];
    if (count > 0 || std::find(always.begin(), always.end(), info.code) != always.end())
      sample(of(report) + label("code", info.text), static_cast<double>(count));
  }
}

// Added up by label: what differs only in bytes that are no UTF-8 must not be the same series twice.
void Page::by_type(const PipelineReport& report, std::uint64_t TypeFigures::*count) {
  std::map<std::string, std::uint64_t> counts;
  for (const auto& [type, figures] : report.figures.types) counts[label_text(type)] += figures.*count;
  for (const auto& [type, number] : counts)
    sample(of(report) + label("event_type", type), static_cast<double>(number));
}

void Page::events() {
  family(metric::counter, "sluice_events_total", "Events that are settled, by what became of them.");
  for (const PipelineReport& report : reports_) {
    const PipelineStatus& status = report.status;
    const Figures& figures = report.figures;
    const Labels pipeline = label("pipeline", status.id);
    const auto outcome = [&](Settled how, std::uint64_t count) {
      sample(pipeline + label("outcome", to_text(how)), static_cast<double>(count));
    };
    outcome(Settled::applied, figures.applied);
    outcome(Settled::ignored, figures.ignored);
    outcome(Settled::passed_over, figures.passed_over);
    outcome(Settled::repeated, figures.repeated);
    outcome(Settled::dead_letter, figures.dead_letters);
  }
  family(metric::counter, "sluice_events_by_type_total",
         "Events that are settled, by type; types after the hundredth are (other).");
  for (const PipelineReport& report : reports_) by_type(report, &TypeFigures::count);
  family(metric::counter, "sluice_dead_letters_by_type_total", "Dead letters, by the event's type.");
  for (const PipelineReport& report : reports_) by_type(report, &TypeFigures::dead_letters);
  family(metric::counter, "sluice_dead_letters_total", "Dead letters, by code (docs/errors.md).");
  for (const PipelineReport& report : reports_) by_code(report, report.figures.errors, letter_codes);
  family(metric::counter, "sluice_retries_total", "Changes that came back to be tried again, by code.");
  for (const PipelineReport& report : reports_) by_code(report, report.figures.retries, retry_codes);
  family(metric::histogram, "sluice_event_latency_seconds",
         "Time that applied events took, by stage (docs/life_of_a_record.md).");
  for (const PipelineReport& report : reports_)
    for (const Stage stage : all_stages)
      sample(of(report) + label("stage", to_text(stage)), report.figures.latencies[stage]);
}

void Page::partitions() {
  for (const auto& metric : metric::of_partition) {
    family(metric.type, metric.name, metric.help);
    for (const PipelineReport& report : reports_)
      for (const PartitionStatus& partition : report.status.partitions)
        sample(metric, partition, of(report, partition));
  }
  family(metric::gauge, "sluice_partition_stalled",
         "1 while the partition has work and stands still (engine.stall_after).");
  for (const PipelineReport& report : reports_)
    for (const PartitionStatus& partition : report.status.partitions) {
      const auto stalls = [&](const Stall& stall) {
        return stall.kind == StallKind::partition && stall.partition == partition.partition;
      };
      sample(of(report, partition), std::ranges::any_of(report.stalls, stalls) ? 1 : 0);
    }
}

void Page::targets() {
  for (const auto& metric : metric::of_target) {
    family(metric.type, metric.name, metric.help);
    for (const PipelineReport& report : reports_)
      for (const TargetStatus& target : report.status.targets) sample(metric, target, of(report, target));
  }
  family(metric::gauge, "sluice_target_stalled",
         "1 while a writer of the target does not come back (engine.stall_after).");
  for (const PipelineReport& report : reports_)
    for (const TargetStatus& target : report.status.targets) {
      const auto stalls = [&](const Stall& stall) {
        return stall.kind == StallKind::writer && stall.target == target.name;
      };
      sample(of(report, target), std::ranges::any_of(report.stalls, stalls) ? 1 : 0);
    }
  const auto each = [this](const auto& take) {
    for (const PipelineReport& report : reports_)
      for (const TargetStatus& target : report.status.targets) {
        const auto found = report.figures.targets.find(target.name);
        take(of(report, target), found == report.figures.targets.end() ? BatchFigures{} : found->second);
      }
  };
  for (const auto& metric : metric::of_batches) {
    family(metric.type, metric.name, metric.help);
    each([&](Labels labels, const BatchFigures& batches) { sample(metric, batches, std::move(labels)); });
  }
  family(metric::histogram, "sluice_batch_duration_seconds", "Time that a batch took to be executed.");
  each([&](Labels labels, const BatchFigures& batches) { sample(std::move(labels), batches.took); });
}

void Page::client() {
  for (const auto& metric : metric::of_client) {
    family(metric.type, metric.name, metric.help);
    for (const PipelineReport& report : reports_)
      if (const auto found = report.status.source.find(metric.figure); found != report.status.source.end())
        sample(of(report), found->second * metric.unit);
  }
}

}  // namespace

std::string prometheus_text(std::span<const PipelineReport> reports, std::string_view version,
                            const std::optional<ProcessFigures>& process) {
  Page page(reports);
  page.process(version, process);
  page.pipelines();
  page.events();
  page.partitions();
  page.targets();
  page.client();
  return page.text();
}

}  // namespace sluice::engine
