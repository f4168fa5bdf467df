#include "pipeline/worker.hpp"

#include "core/source.hpp"
#include "documents/change_list.hpp"

namespace sluice::engine {
namespace {

std::uint32_t size_of(const Change& change) noexcept {
  std::size_t size = change.content.size() + change.document.id.size;
  for (const Operation& operation : change.operations) size += operation.path.size() + operation.value.size;
  return static_cast<std::uint32_t>(size);
}

// Another core has written the record, and to wait for each of its lines would cost more than to read it.
void fetch_ahead(const Record& record) noexcept {
  constexpr std::size_t line = 64;
  constexpr std::size_t most = 32 * line;
  const std::string_view value = record.value.value_or("");
  for (std::size_t at = 0; at < value.size() && at < most; at += line) __builtin_prefetch(value.data() + at);
}

// The order that matters to a sink: of the aggregate, else of the record's key, else of the event alone.
std::string_view delivery_key(const Event& event) noexcept {
  if (!event.aggregate_id.empty()) return event.aggregate_id;
  if (event.record->key) return *event.record->key;
  return event.id;
}

}  // namespace

Worker::Worker(const WorkerPlan& plan, std::unique_ptr<Decoder> decoder,
               std::vector<std::unique_ptr<Handler>> handlers)
    : plan_(plan), decoder_(std::move(decoder)), handlers_(std::move(handlers)) {}

std::unique_ptr<HandledChunk> Worker::handle(std::uint64_t number, Chunk chunk) {
  auto out = std::make_unique<HandledChunk>();
  out->number = number;
  out->chunk = std::move(chunk);
  out->events.reserve(out->chunk.records.size());
  const std::vector<Record>& records = out->chunk.records;
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (i + 1 < records.size()) fetch_ahead(records[i + 1]);
    handle_record(records[i], *out);
  }
  return out;
}

void Worker::handle_record(const Record& record, HandledChunk& out) {
  HandledEvent& handled = out.events.emplace_back();
  handled.record = &record;

  Event event;
  event.record = &record;
  const bool of_my_share = mine(static_cast<std::uint64_t>(record.position.value));
  if (record.fault != nullptr) {
    if (of_my_share) refuse(handled, *record.fault, out.arena);
    return;
  }
  auto decoded = decoder_->decode(record, event);
  if (!decoded) {
    handled.event.origin = event.origin;
    const bool stops = decoded.error().code == Code::source_fatal;
    if (of_my_share || stops) refuse(handled, decoded.error(), out.arena);
    if (stops) handled.handling = Handling::stops;
    return;
  }
  if (*decoded == Decoded::passed_over) return;
  if (plan_.keys != nullptr) plan_.keys->look(event);

  // The event's own texts live on with the chunk: for clocks, figures and letters.
  handled.event = event;
  handled.event.id = out.arena.copy(event.id);
  handled.event.type = out.arena.copy(event.type);
  handled.event.aggregate_type = {};
  handled.event.aggregate_id = {};
  handled.event.payload_json = {};

  const RouteTarget* route = plan_.router->find(event.type);
  if (route != nullptr && !route->ignore) {
    call_handlers(*route, event, handled, out.arena);
    return;
  }
  if (!of_my_share) return;
  if (route != nullptr || plan_.router->otherwise() == Otherwise::ignore) {
    handled.handling = Handling::ignored;
    return;
  }
  refuse(handled, {Code::route_no_match, "no route takes the event type \"" + std::string(event.type) + '"'},
         out.arena);
  if (plan_.router->otherwise() == Otherwise::stop) {
    handled.handling = Handling::stops;
    handled.code = Code::route_stop;
  }
}

void Worker::call_handlers(const RouteTarget& route, const Event& event, HandledEvent& handled,
                           Arena& arena) {
  work_.clear();
  for (const std::uint16_t handler : route.handlers) {
    ChangeList changes(arena);
    auto done = handlers_[handler]->handle(event, *decoder_, changes);
    if (done) done = add_changes(handler, changes.changes());
    if (!done) {
      if (!mine(static_cast<std::uint64_t>(event.record->position.value))) return;
      Error error = std::move(done.error());
      error.message = plan_.handler_names[handler] + ": " + error.message;
      refuse(handled, error, arena);
      return;
    }
  }
  if (!route.sinks.empty()) {
    add_deliveries(route, event, arena);
    handled.event.aggregate_type = arena.copy(event.aggregate_type);
    handled.event.aggregate_id = arena.copy(event.aggregate_id);
    handled.event.payload_json = arena.copy(event.payload_json);
  }
  // An event all of whose documents are another instance's is passed over here; one of no documents at all
  // belongs to its position's share.
  const bool counts = !work_.empty() || mine(static_cast<std::uint64_t>(event.record->position.value));
  if (!counts) return;
  handled.handling = Handling::handled;
  handled.work = arena.copy(std::span<const Work>(work_));
}

Result<void> Worker::add_changes(std::uint16_t handler, std::span<const Change> changes) {
  for (const Change& change : changes) {
    Work work{0, handler, size_of(change), change};
    if (plan_.store_collection) {
      const Result<std::string>& name = store_name(change.document.collection);
      if (!name) return name.error();
      work.change.document.collection = *name;
      work.change.document.hash = document_hash(work.change.document.collection, change.document.id);
    }
    if (mine(work.change.document.hash)) work_.push_back(work);
  }
  return {};
}

void Worker::add_deliveries(const RouteTarget& route, const Event& event, Arena& arena) {
  const std::string_view key = arena.copy(delivery_key(event));
  for (const std::uint16_t sink : route.sinks) {
    Work work;
    work.target = static_cast<std::uint16_t>(sink + 1);
    work.bytes = static_cast<std::uint32_t>(event.payload_json.size());
    work.change.document.id = {bson::Type::text, reinterpret_cast<const std::uint8_t*>(key.data()),
                               static_cast<std::uint32_t>(key.size())};
    work.change.document.hash = stable_hash(key);
    if (mine(work.change.document.hash)) work_.push_back(work);
  }
}

void Worker::refuse(HandledEvent& handled, const Error& error, Arena& arena) const {
  handled.handling = Handling::refused;
  handled.code = error.code;
  handled.reason = arena.copy(error.message);
  handled.work = {};
}

const Result<std::string>& Worker::store_name(std::string_view collection) {
  const auto known = store_names_.find(collection);
  if (known != store_names_.end()) return known->second;
  return store_names_.emplace(std::string(collection), plan_.store_collection(collection)).first->second;
}

}  // namespace sluice::engine
