#include "conductor_world.hpp"

#include <utility>

#include "core/watermark_key.hpp"
#include "sluice/bson_writer.hpp"

namespace sluice::engine {
namespace {

// The memory of a chunk whose texts must not be looked at once it is gone.
struct Texts final : ChunkMemory {
  explicit Texts(std::shared_ptr<int> alive) : alive_mark(std::move(alive)) {}
  std::shared_ptr<int> alive_mark;
  std::vector<std::string> values;
};

TopicPartition name_of(PartitionId id) { return {"outbox", static_cast<std::int32_t>(id)}; }

bson::Value keep(const bson::Value& value, Arena& arena) {
  const auto bytes = arena.copy(std::span<const std::uint8_t>(value.data, value.size));
  return {value.type, bytes.data(), value.size};
}

bson::Value text_value(std::string_view text, Arena& arena) {
  bson::Writer writer;
  return keep(writer.text("v", text).finish().find("v"), arena);
}

bson::Value int_value(std::int64_t number, Arena& arena) {
  bson::Writer writer;
  return keep(writer.integer("v", number).finish().find("v"), arena);
}

bson::View content(std::int64_t number, Arena& arena) {
  bson::Writer writer;
  return bson::View(keep(writer.integer("v", number).finish().as_value(), arena).data);
}

}  // namespace

Told Told::with(Doing doing) const {
  Told told = *this;
  doing.handler = handler_;
  told.doings_.push_back(std::move(doing));
  return told;
}
Told Told::inc(std::string document, std::int64_t amount) const {
  return with({Deed::inc, std::move(document), "n", amount});
}
Told Told::set(std::string document, std::string path) const {
  return with({Deed::set, std::move(document), std::move(path)});
}
Told Told::push(std::string document) const { return with({Deed::push, std::move(document), "list"}); }
Told Told::replace(std::string document) const { return with({Deed::replace, std::move(document)}); }
Told Told::wait_for(std::string document) const { return with({Deed::wait, std::move(document), "n", 1}); }
Told Told::deliver(std::uint16_t target, std::string key) const {
  Doing doing{Deed::deliver, std::move(key)};
  doing.target = target;
  return with(std::move(doing));
}
Told Told::by(std::uint16_t handler) const {
  Told told = *this;
  told.handler_ = handler;
  return told;
}
Told Told::of_bytes(std::uint32_t bytes) const {
  Told told = *this;
  for (Doing& doing : told.doings_) doing.bytes = bytes;
  return told;
}
Told Told::handled_as(Handling handling, Code code) const {
  Told told = *this;
  told.handling_ = handling;
  told.code_ = code;
  return told;
}
Told Told::with_value(std::string value) const {
  Told told = *this;
  told.value_ = std::move(value);
  return told;
}

Told Told::from(const Origin& origin) const {
  Told told = *this;
  told.origin_ = origin;
  return told;
}

ConductorWorld::ConductorWorld() {
  settings.pipeline = "story";
  settings.targets = {{"store", {}, {milliseconds(100), seconds(10)}, true}};
  settings.handlers = {{"h0"}, {"h1"}, {"h2"}};
  settings.breaker.ratio = 0;
  settings.letters_retry = {milliseconds(100), seconds(10)};
}

Conductor& ConductorWorld::conductor() {
  if (!conductor_) {
    conductor_ = std::make_unique<Conductor>(settings);
    assign(first_partition);
  }
  return *conductor_;
}

void ConductorWorld::assign(PartitionId id, std::int64_t start) {
  conductor().assign(id, name_of(id), {Position{start}, journal_origins}, journal_letters);
  for (std::size_t i = 0; i < settings.handlers.size(); ++i) {
    std::string shown = i == 0 ? "" : "/" + settings.handlers[i].name;
    if (id != first_partition) shown += "@" + std::to_string(static_cast<unsigned>(id));
    key_names_[watermark_key(settings.pipeline, settings.handlers[i].name, name_of(id))] = shown;
  }
}

Work ConductorWorld::make(const Told::Doing& doing, Arena& arena) const {
  Work work;
  work.target = doing.target;
  work.handler = doing.handler;
  work.bytes = doing.bytes;
  Change& change = work.change;
  change.document.collection = arena.copy(doing.deed == Told::Deed::deliver ? "" : "things");
  change.document.id = text_value(doing.document, arena);
  change.document.hash = document_hash(change.document.collection, change.document.id);
  auto operation = arena.array<Operation>(1);
  operation[0] = {Operator::inc, arena.copy(doing.path), int_value(doing.amount, arena)};
  switch (doing.deed) {
    case Told::Deed::inc:
      break;
    case Told::Deed::set:
      operation[0].op = Operator::set;
      break;
    case Told::Deed::push:
      operation[0].op = Operator::push;
      break;
    case Told::Deed::wait:
      change.wait_until_exists = true;
      break;
    case Told::Deed::replace:
      change.kind = ChangeKind::replace;
      change.content = content(doing.amount, arena);
      return work;
    case Told::Deed::deliver:
      return work;
  }
  change.operations = operation;
  return work;
}

std::unique_ptr<HandledChunk> ConductorWorld::chunk(const std::vector<Told>& events, PartitionId partition) {
  auto chunk = std::make_unique<HandledChunk>();
  chunk->number = chunks_++;
  auto texts = std::make_unique<Texts>(alive_);
  texts->values.reserve(events.size());
  chunk->chunk.records.reserve(events.size());
  chunk->events.reserve(events.size());
  for (const Told& told : events) {
    Record& record = chunk->chunk.records.emplace_back();
    record.partition = partition;
    record.position = {told.position_};
    record.topic = "outbox";
    record.value = texts->values.emplace_back(told.value_);

    HandledEvent& handled = chunk->events.emplace_back();
    handled.record = handled.event.record = &record;
    handled.event.id = chunk->arena.copy("e" + std::to_string(told.position_));
    handled.event.type = chunk->arena.copy("Told");
    handled.event.origin = told.origin_;
    handled.handling = told.handling_;
    handled.code = told.code_;
    handled.reason = chunk->arena.copy("as told");
    std::vector<Work> work;
    for (const Told::Doing& doing : told.doings_) work.push_back(make(doing, chunk->arena));
    handled.work = chunk->arena.copy(std::span<const Work>(work));
  }
  chunk->chunk.memory = std::move(texts);
  return chunk;
}

void ConductorWorld::read(const std::vector<Told>& events, PartitionId partition) {
  Conductor& reader = conductor();
  reader.take(chunk(events, partition), now, wall);
}

void ConductorWorld::pass(microseconds time) {
  now += time;
  wall += time;
  conductor().tick(now);
}

std::string ConductorWorld::text_of(const Batch& batch) const {
  std::string text;
  for (const Write& write : batch.writes) {
    if (!text.empty()) text += ' ';
    text.append(write.change.document.id.as_text().value_or("?")).append(":");
    text += std::to_string(write.first.position().value);
    if (write.last != write.first) text += "-" + std::to_string(write.last.position().value);
    text += key_names_.find(write.watermark_key)->second;
  }
  for (const Event* event : batch.events) {
    if (!text.empty()) text += ' ';
    text += event->id;
  }
  return text;
}

ConductorWorld::Sent ConductorWorld::send(std::uint16_t target) {
  Sent sent{conductor().next_batch(target, now), {}};
  if (sent.batch) sent.text = text_of(*sent.batch);
  return sent;
}

void ConductorWorld::answer(Sent& sent, std::initializer_list<Outcome> outcomes) {
  ASSERT_TRUE(sent.batch) << "there is no batch to answer";
  WrittenBatch written;
  written.results.resize(sent.batch->size());
  for (std::size_t i = 0; i < written.results.size(); ++i) {
    const Outcome outcome = outcomes.size() == 1 ? *outcomes.begin() : *(outcomes.begin() + i);
    written.results[i] = {outcome, outcome == Outcome::fatal ? Code::store_fatal : Code::store_refused,
                          "as answered"};
  }
  written.batch = std::move(sent.batch);
  conductor().finish(std::move(written), now, wall);
}

void ConductorWorld::answer_unreachable(Sent& sent) {
  ASSERT_TRUE(sent.batch) << "there is no batch to answer";
  WrittenBatch written;
  written.results.resize(sent.batch->size());
  written.reached = Error{Code::store_unavailable, "connection refused"};
  written.batch = std::move(sent.batch);
  conductor().finish(std::move(written), now, wall);
}

void ConductorWorld::expect_write(std::string_view text, Outcome outcome) {
  Sent sent = send();
  ASSERT_EQ(sent.text, text);
  answer(sent, outcome);
}

void ConductorWorld::expect_nothing_to_write(std::uint16_t target) { EXPECT_EQ(send(target).text, ""); }

std::vector<DeadLetter> ConductorWorld::letters() { return conductor().next_letters(now); }

void ConductorWorld::letters_written(std::vector<DeadLetter> letters) {
  conductor().letters_done(std::move(letters), {}, now, wall);
}

void ConductorWorld::letters_lost(std::vector<DeadLetter> letters, Code code) {
  conductor().letters_done(std::move(letters), Error{code, "no such host"}, now, wall);
}

std::int64_t ConductorWorld::safe(PartitionId partition) {
  const auto mark = conductor().position(partition);
  return mark ? mark->settled.next.value : -1;
}

std::string ConductorWorld::settled() {
  std::string text;
  for (const SettledEvent& event : conductor().settled()) {
    if (!text.empty()) text += ' ';
    text.append(event.id).append(":").append(to_text(event.how));
  }
  conductor().forget_settled();
  return text;
}

}  // namespace sluice::engine
