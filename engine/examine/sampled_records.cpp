#include "examine/sampled_records.hpp"

#include "observe/numbers.hpp"
#include "pipeline/key_watch.hpp"

namespace sluice::engine {
namespace {

std::string place_of(const Record& record) {
  return "partition " + std::to_string(record.partition_number) + " position " +
         std::to_string(record.position.value);
}

// What a person does about a letter of this kind.
std::string way_out(const TrialReport& bad) {
  const std::string code(to_text(bad.code));
  if (code.starts_with("decode."))
    return "Compare `decode` with what the producer writes; `sluice try` shows records one by one.";
  if (bad.code == Code::route_no_match)
    return "Give routes an entry for \"" + bad.event_type + "\" ({ on: " + bad.event_type +
           ", to: [] } takes and ignores it), or set otherwise: ignore.";
  return "`sluice try` shows what the handlers make of records; the reason names the handler.";
}

}  // namespace

void SampledRecords::judge(const Record& record) {
  Topic& topic = topics_[std::string(record.topic)];
  ++topic.records;
  TrialReport report = trial_.handle(record);
  if (!report.event_type.empty()) {
    ++topic.events;
    ++topic.types[report.event_type];
  }
  if (!report.aggregate_id.empty() && !is_keyed_by(record.key, report.aggregate_id, report.aggregate_type) &&
      topic.other_keys++ == 0) {
    topic.other_key = record.key.value_or("");
    topic.other_aggregate = report.aggregate_id;
  }
  if (report.good()) return;
  if (topic.bad++ > 0) return;
  topic.first_bad = std::move(report);
  topic.first_bad_place = place_of(record);
}

void SampledRecords::report(const std::map<std::string, int>& partitions, Findings& findings) const {
  for (const auto& [name, count] : partitions)
    if (!topics_.contains(name))
      findings.ok("last records of " + name, "There are none yet: formats and keys show with the first.");
  for (const auto& [name, topic] : topics_) {
    report_formats(name, topic, findings);
    const auto known = partitions.find(name);
    if (known != partitions.end() && known->second > 1) report_keys(name, topic, findings);
  }
}

void SampledRecords::report_formats(const std::string& name, const Topic& topic, Findings& findings) const {
  const std::string subject = "last records of " + name;
  if (topic.bad == 0) {
    std::string types;
    for (const auto& [type, count] : topic.types)
      types += (types.empty() ? ": " : ", ") + std::to_string(count) + ' ' + type;
    findings.ok(subject, "Of " + counted(topic.records, "record") + ", " + counted(topic.events, "event") +
                             types + "; none would be a dead letter.");
    return;
  }
  const TrialReport& bad = topic.first_bad;
  const bool stops = bad.outcome == TrialOutcome::stops;
  const std::string what = std::to_string(topic.bad) + " of " + counted(topic.records, "record") +
                           (stops ? " would stop the pipeline" : " would be dead letters") + "; the first, " +
                           topic.first_bad_place + ": [" + std::string(to_text(bad.code)) + "] " +
                           bad.reason + ".";
  if (stops || topic.bad == topic.records)
    findings.problem(subject, what, way_out(bad));
  else
    findings.warn(subject, what, way_out(bad));
}

void SampledRecords::report_keys(const std::string& name, const Topic& topic, Findings& findings) const {
  if (topic.events == 0) return;
  const std::string subject = "keys of " + name;
  if (topic.other_keys == 0) {
    findings.ok(subject, "Records are keyed by their aggregate, so its events keep their order.");
    return;
  }
  findings.warn(subject,
                "A record has the key \"" + topic.other_key + "\", but its aggregate is \"" +
                    topic.other_aggregate +
                    "\": the events of one aggregate spread over the partitions, and their order is lost.",
                "Key by the aggregate: with Debezium message.key.columns: SCHEMA.TABLE:aggregate_id, or "
                "table.field.event.key: aggregate_id of the event router.");
}

}  // namespace sluice::engine
