#include "support/fake_parts.hpp"

#include "documents/change_list.hpp"

namespace sluice::engine {

Result<Decoded> LineDecoder::decode(const Record& record, Event& event) {
  if (!record.value) return Decoded::passed_over;
  const std::string_view line = *record.value;
  if (line.starts_with('?')) return Error{Code::decode_not_json, "the line begins with a question mark"};
  if (line.starts_with('!')) return Error{Code::source_fatal, "the line begins with an exclamation mark"};
  const std::size_t space = line.find(' ');
  id_ = "e" + std::to_string(record.position.value);
  event.id = id_;
  event.type = line.substr(0, space);
  event.aggregate_id = space == std::string_view::npos ? std::string_view() : line.substr(space + 1);
  event.payload_json = line;
  event.record = &record;
  return Decoded::event;
}

Result<bson::View> LineDecoder::payload() { return Error{Code::decode_not_json, "lines have no payload"}; }

Result<void> LineHandler::count(const Event& event, std::string_view document, bool wait,
                                ChangeList& changes) {
  const bson::View values = writer_.clear()
                                .text("id", document)
                                .int32("one", 1)
                                .int64("position", event.record->position.value)
                                .finish();
  const Operation operations[] = {{Operator::inc, "count", values.find("one")},
                                  {Operator::push, "positions", values.find("position")}};
  Change change;
  change.document.collection = "things";
  change.document.id = values.find("id");
  change.wait_until_exists = wait;
  change.operations = operations;
  return changes.add(change);
}

Result<void> LineHandler::handle(const Event& event, PayloadSource&, ChangeList& changes) {
  if (calls_) ++*calls_;
  const std::string_view document = event.aggregate_id;
  if (event.type == "Count") return count(event, document, false, changes);
  if (event.type == "Follow") return count(event, document, true, changes);
  if (event.type == "Reject") return Error{Code::handler_rejected, "it says so itself"};
  if (event.type == "Two") {
    if (auto first = count(event, document, false, changes); !first) return first;
    return count(event, std::string(document) + "'", false, changes);
  }
  if (event.type == "Put") {
    const bson::View values = writer_.clear()
                                  .text("id", document)
                                  .begin_document("content")
                                  .int64("put_at", event.record->position.value)
                                  .end()
                                  .finish();
    Change change;
    change.document.collection = "things";
    change.document.id = values.find("id");
    change.kind = ChangeKind::replace;
    change.content = *values.find("content").as_document();
    return changes.add(change);
  }
  return {};
}

void Deliveries::answer(Plan plan) {
  const std::lock_guard lock(mutex_);
  plan_ = std::move(plan);
}

std::vector<std::string> Deliveries::all() const {
  const std::lock_guard lock(mutex_);
  return all_;
}

Result<void> RecordingSink::deliver(std::span<const Event* const> events, std::span<WriteResult> results) {
  const std::lock_guard lock(deliveries_->mutex_);
  for (std::size_t i = 0; i < events.size(); ++i) {
    const Event& event = *events[i];
    const Outcome outcome = deliveries_->plan_ ? deliveries_->plan_(event) : Outcome::applied;
    const Code code = outcome == Outcome::rejected ? Code::sink_refused : Code::sink_unavailable;
    results[i] = {outcome, code, "as planned"};
    if (outcome == Outcome::applied)
      deliveries_->all_.push_back(std::string(event.aggregate_id) + "/" +
                                  std::to_string(event.record->position.value));
  }
  return {};
}

}  // namespace sluice::engine
