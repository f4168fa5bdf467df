#include "examine/trial.hpp"

#include "core/source.hpp"
#include "documents/change_list.hpp"
#include "json/writer.hpp"

namespace sluice::engine {
namespace {

std::string_view to_text(ChangeKind kind) {
  switch (kind) {
    case ChangeKind::insert:
      return "insert";
    case ChangeKind::replace:
      return "replace";
    case ChangeKind::patch:
      return "patch";
    case ChangeKind::remove:
      return "remove";
  }
  return "";
}

std::string_view to_text(Operator op) {
  switch (op) {
    case Operator::set:
      return "$set";
    case Operator::set_on_insert:
      return "$setOnInsert";
    case Operator::unset:
      return "$unset";
    case Operator::inc:
      return "$inc";
    case Operator::min:
      return "$min";
    case Operator::max:
      return "$max";
    case Operator::push:
      return "$push";
    case Operator::add_to_set:
      return "$addToSet";
    case Operator::pull:
      return "$pull";
  }
  return "";
}

void append_name(std::string_view name, std::string& out) {
  if (out.back() != '{') out += ',';
  write_json_string(name, out);
  out += ':';
}

void append_text(std::string_view name, std::string_view text, std::string& out) {
  append_name(name, out);
  write_json_string(text, out);
}

void append_operations(const Change& change, std::string& out) {
  append_name("operations", out);
  out += '[';
  for (const Operation& operation : change.operations) {
    if (out.back() != '[') out += ',';
    out += '{';
    append_text("op", to_text(operation.op), out);
    append_text("path", operation.path, out);
    if (operation.op != Operator::unset) {
      append_name("value", out);
      write_extended(operation.value, out);
    }
    out += '}';
  }
  out += ']';
}

void append_conditions(const Change& change, std::string& out) {
  append_name("skip_if", out);
  out += '[';
  for (const Condition& condition : change.conditions) {
    if (out.back() != '[') out += ',';
    out += '{';
    const bool contains = condition.kind == ConditionKind::skip_if_contains;
    append_text(contains ? "contains" : "exists", condition.path, out);
    if (contains) {
      append_name("value", out);
      write_extended(condition.value, out);
    }
    out += '}';
  }
  out += ']';
}

}  // namespace

std::string_view to_text(TrialOutcome outcome) noexcept {
  switch (outcome) {
    case TrialOutcome::handled:
      return "handled";
    case TrialOutcome::ignored:
      return "ignored";
    case TrialOutcome::passed_over:
      return "passed_over";
    case TrialOutcome::refused:
      return "refused";
    case TrialOutcome::stops:
      return "stops";
    case TrialOutcome::impure:
      return "impure";
  }
  return "";
}

std::string change_to_json(std::string_view handler, std::string_view collection, const Change& change) {
  std::string out = "{";
  append_text("handler", handler, out);
  append_text("kind", to_text(change.kind), out);
  append_text("collection", collection, out);
  append_name("id", out);
  write_extended(change.document.id, out);
  if (change.wait_until_exists) {
    append_name("wait_until_exists", out);
    out += "true";
  }
  if (change.kind == ChangeKind::insert || change.kind == ChangeKind::replace) {
    append_name("content", out);
    write_extended(change.content, out);
  }
  if (change.kind == ChangeKind::patch) append_operations(change, out);
  if (!change.conditions.empty()) append_conditions(change, out);
  return out + '}';
}

TrialReport Trial::handle(const Record& record) {
  TrialReport report;
  const auto refuse = [&](TrialOutcome outcome, Code code, std::string reason) {
    report.outcome = outcome;
    report.code = code;
    report.reason = std::move(reason);
    return report;
  };
  if (record.fault != nullptr)
    return refuse(TrialOutcome::refused, record.fault->code, record.fault->message);
  Event event;
  event.record = &record;
  const auto decoded = handling_.decoder().decode(record, event);
  if (!decoded) return refuse(TrialOutcome::refused, decoded.error().code, decoded.error().message);
  if (*decoded == Decoded::passed_over) {
    report.outcome = TrialOutcome::passed_over;
    return report;
  }
  report.event_id = std::string(event.id);
  report.event_type = std::string(event.type);
  report.aggregate_type = std::string(event.aggregate_type);
  report.aggregate_id = std::string(event.aggregate_id);
  const Router& router = handling_.router();
  const RouteTarget* route = router.find(event.type);
  const bool ignored = route != nullptr ? route->ignore : router.otherwise() == Otherwise::ignore;
  if (ignored) {
    report.outcome = TrialOutcome::ignored;
    return report;
  }
  if (route == nullptr)
    return refuse(router.otherwise() == Otherwise::stop ? TrialOutcome::stops : TrialOutcome::refused,
                  Code::route_no_match, "no route takes the event type \"" + report.event_type + '"');
  call_handlers(event, report);
  return report;
}

void Trial::call_handlers(const Event& event, TrialReport& report) {
  const ReplayTargets targets = handling_.targets(event.type);
  for (const auto& handler : targets.handlers) {
    auto changes = changes_of(handler, event);
    if (!changes) {
      report.outcome = TrialOutcome::refused;
      report.code = changes.error().code;
      report.reason = std::string(handler.name) + ": " + changes.error().message;
      report.changes.clear();  // an event is handled whole or not at all
      return;
    }
    const auto again = changes_of(handler, event);
    if (!again || *again != *changes) {
      report.outcome = TrialOutcome::impure;
      report.code = Code::handler_invalid_change;
      report.reason =
          std::string(handler.name) +
          " gave other changes when it was asked again; a handler may depend on the event and its "
          "options alone, not on time, chance or what it saw before";
    }
    std::move(changes->begin(), changes->end(), std::back_inserter(report.changes));
  }
  for (const auto& sink : targets.sinks) report.sinks.emplace_back(sink.name);
}

Result<std::vector<std::string>> Trial::changes_of(const ReplayTargets::NamedHandler& handler,
                                                   const Event& event) {
  Arena arena;
  ChangeList changes(arena);
  if (auto handled = handler.handler->handle(event, handling_.decoder(), changes); !handled)
    return std::move(handled.error());
  std::vector<std::string> texts;
  for (const Change& change : changes.changes()) {
    Result<std::string> collection = std::string(change.document.collection);
    if (store_collection_) collection = store_collection_(*collection);
    if (!collection) return std::move(collection.error());
    texts.push_back(change_to_json(handler.name, *collection, change));
  }
  return texts;
}

}  // namespace sluice::engine
