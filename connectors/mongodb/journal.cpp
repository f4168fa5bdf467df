#include "mongodb/journal.hpp"

#include "mongodb/reply.hpp"

namespace sluice::engine::mongodb {
namespace {

constexpr const char* position_kind = "position";
constexpr const char* breaker_kind = "breaker";
constexpr const char* letter_kind = "letter";

std::string_view text_in(bson::View document, std::string_view name) {
  return document.find(name).as_text().value_or("");
}
std::int64_t number_in(bson::View document, std::string_view name) {
  return document.find(name).as_int64().value_or(0);
}
// Dates of MongoDB have milliseconds, the engine's times microseconds: so they are texts.
Timestamp time_in(bson::View document, std::string_view name) {
  return parse_timestamp(text_in(document, name)).value_or(Timestamp{});
}

// {_id: {kind, pipeline, …}}, open within _id.
bson::Writer& begin_id(std::string_view kind, std::string_view pipeline, bson::Writer& out) {
  return out.begin_document("_id").text("kind", kind).text("pipeline", pipeline);
}

bson::Writer& name_it(std::string_view kind, std::string_view pipeline, bson::Writer& out) {
  return out.text("kind", kind).text("pipeline", pipeline);
}

void write_position(std::string_view pipeline, const PositionRecord& record, bson::Writer& out) {
  begin_id(position_kind, pipeline, out.begin_document("q")).text("topic", record.partition.topic);
  out.int32("partition", record.partition.partition);
  out.int64("of", record.share.of).int64("index", record.share.index).end().end();

  name_it(position_kind, pipeline, out.begin_document("u").begin_document("$set"));
  out.text("topic", record.partition.topic).int32("partition", record.partition.partition);
  out.int64("share_of", record.share.of).int64("share_index", record.share.index);
  out.int64("next", record.next.value).int64("last", record.witness.position.value);
  out.text("last_timestamp", to_text(record.last_timestamp));
  out.int64("last_checksum", static_cast<std::int64_t>(record.witness.checksum));
  out.text("origins", record.origins.to_text()).end().end();
}

PositionRecord read_position(bson::View document) {
  PositionRecord record;
  record.partition = {std::string(text_in(document, "topic")),
                      static_cast<std::int32_t>(number_in(document, "partition"))};
  record.share = {static_cast<std::uint32_t>(number_in(document, "share_index")),
                  static_cast<std::uint32_t>(number_in(document, "share_of"))};
  record.next = Position{number_in(document, "next")};
  record.witness = {Position{number_in(document, "last")},
                    static_cast<std::uint64_t>(number_in(document, "last_checksum"))};
  record.last_timestamp = time_in(document, "last_timestamp");
  record.origins = Origins::from_text(text_in(document, "origins"));
  return record;
}

// An intention changes nothing that is there already.
void write_letter(std::string_view pipeline, const LetterRecord& record, bson::Writer& out) {
  const auto name_change = [&](bson::Writer& to) -> bson::Writer& {
    to.text("topic", record.partition.topic).int32("partition", record.partition.partition);
    to.int64("position", record.position.value).int32("generation", record.generation);
    to.text("handler", record.change.handler).text("collection", record.change.collection);
    return to.text("document", record.change.document);
  };
  name_change(begin_id(letter_kind, pipeline, out.begin_document("q"))).end().end();
  const bool intended = record.disposition == Disposition::intended;
  out.begin_document("u").begin_document(intended ? "$setOnInsert" : "$set");
  name_change(name_it(letter_kind, pipeline, out)).text("disposition", to_text(record.disposition));
  out.text("at", to_text(record.when)).text("code", to_text(record.code)).text("reason", record.reason);
  out.end().end();
}

LetterRecord read_letter(bson::View document) {
  LetterRecord record;
  record.partition = {std::string(text_in(document, "topic")),
                      static_cast<std::int32_t>(number_in(document, "partition"))};
  record.position = Position{number_in(document, "position")};
  record.generation = static_cast<int>(number_in(document, "generation"));
  record.change = {std::string(text_in(document, "handler")), std::string(text_in(document, "collection")),
                   std::string(text_in(document, "document"))};
  record.disposition = disposition_of(text_in(document, "disposition"));
  record.when = time_in(document, "at");
  record.code = code_from(text_in(document, "code")).value_or(Code::internal);
  record.reason = std::string(text_in(document, "reason"));
  return record;
}

Error not_open() { return {Code::store_unavailable, "MongoDB: the store is not prepared yet"}; }

}  // namespace

void MongoJournal::use(ClientPool pool) {
  const std::lock_guard lock(mutex_);
  pool_ = std::move(pool);
}

Result<void> MongoJournal::read(std::string_view kind, std::string_view pipeline, const Client::Each& each) {
  bson::Writer filter;
  return find(name_it(kind, pipeline, filter).finish(), each);
}

Result<void> MongoJournal::find(bson::View filter, const Client::Each& each) {
  const std::lock_guard lock(mutex_);
  if (!pool_) return not_open();
  bson::Writer options;
  options.begin_document("sort").int32("_id", 1).end();
  const auto failure = pool_->client()->find(collection, filter, options.finish(), each);
  if (failure) return to_error(*failure, "reading the journal");
  return {};
}

Result<void> MongoJournal::upsert(std::size_t count, const Statement& statement) {
  const std::lock_guard lock(mutex_);
  if (!pool_) return not_open();
  std::size_t last = 0;
  for (std::size_t first = 0; first < count; first = last) {
    last = std::min(count, first + at_once_.count());
    // Another process may make the same document at the same moment; then it is there, and the second try
    // finds it.
    auto written = upsert_some(first, last, statement);
    if (written && !*written) written = upsert_some(first, last, statement);
    if (!written) {
      at_once_.failed(last - first);
      return written.error();
    }
    if (!*written)
      return Error{Code::store_unavailable, "MongoDB: others write the same entries of the journal"};
  }
  at_once_.worked();
  return {};
}

// Writes entries [first, last). False: a duplicate key.
Result<bool> MongoJournal::upsert_some(std::size_t first, std::size_t last, const Statement& statement) {
  bson::Writer command;
  command.text("update", collection).boolean("ordered", false);
  command.document("writeConcern", pool_->write_concern()).begin_array("updates");
  for (std::size_t i = first; i < last; ++i) {
    command.begin_document();
    statement(i, command);
    command.boolean("upsert", true).end();
  }
  Reply reply;
  pool_->client()->write(command.finish(), reply);
  if (reply.failure()) return to_error(*reply.failure(), "writing the journal");
  const std::vector<Form> forms(last - first, Form::upsert);
  std::vector<Answer> answers(forms.size());
  read_reply(reply.view(), forms, answers);
  bool all = true;
  for (const Answer& answer : answers) {
    if (answer.proof == Proof::done) continue;
    const bool duplicate = answer.proof == Proof::not_done && answer.objection == Objection::none;
    if (!duplicate)
      return Error{answer.proof == Proof::fatal || answer.objection != Objection::none
                       ? Code::store_fatal
                       : Code::store_unavailable,
                   "MongoDB, writing the journal: " + answer.reason};
    all = false;
  }
  return all;
}

Result<void> MongoJournal::remove(bson::View filter) {
  const std::lock_guard lock(mutex_);
  if (!pool_) return not_open();
  bson::Writer command;
  command.text("delete", collection).document("writeConcern", pool_->write_concern()).begin_array("deletes");
  command.begin_document().document("q", filter).int32("limit", 0).end();
  Reply reply;
  pool_->client()->write(command.finish(), reply);
  if (reply.failure()) return to_error(*reply.failure(), "clearing entries of the journal");
  if (reply.view().find("writeErrors") || reply.view().find("writeConcernError"))
    return Error{Code::store_unavailable, "MongoDB did not clear the entries of the journal, or not durably"};
  return {};
}

Result<std::vector<PositionRecord>> MongoJournal::positions(std::string_view pipeline) {
  std::vector<PositionRecord> records;
  auto asked =
      read(position_kind, pipeline, [&](bson::View document) { records.push_back(read_position(document)); });
  if (!asked) return asked.error();
  return records;
}

Result<void> MongoJournal::save_positions(std::string_view pipeline,
                                          std::span<const PositionRecord> records) {
  return upsert(records.size(),
                [&](std::size_t i, bson::Writer& out) { write_position(pipeline, records[i], out); });
}

Result<void> MongoJournal::forget_positions(std::string_view pipeline,
                                            const std::optional<TopicPartition>& partition) {
  bson::Writer filter;
  name_it(position_kind, pipeline, filter);
  if (partition) filter.text("topic", partition->topic).int32("partition", partition->partition);
  return remove(filter.finish());
}

Result<std::optional<BreakerRecord>> MongoJournal::breaker(std::string_view pipeline) {
  std::optional<BreakerRecord> record;
  auto asked = read(breaker_kind, pipeline, [&](bson::View document) {
    record = BreakerRecord{time_in(document, "opened"), std::string(text_in(document, "reason")),
                           std::string(text_in(document, "fingerprint"))};
  });
  if (!asked) return asked.error();
  return record;
}

Result<void> MongoJournal::open_breaker(std::string_view pipeline, const BreakerRecord& record) {
  return upsert(1, [&](std::size_t, bson::Writer& out) {
    begin_id(breaker_kind, pipeline, out.begin_document("q")).end().end();
    name_it(breaker_kind, pipeline, out.begin_document("u").begin_document("$set"));
    out.text("opened", to_text(record.opened)).text("reason", record.reason);
    out.text("fingerprint", record.fingerprint).end().end();
  });
}

Result<void> MongoJournal::close_breaker(std::string_view pipeline) {
  bson::Writer filter;
  return remove(name_it(breaker_kind, pipeline, filter).finish());
}

Result<std::vector<LetterRecord>> MongoJournal::letters(std::string_view pipeline) {
  std::vector<LetterRecord> records;
  auto asked =
      read(letter_kind, pipeline, [&](bson::View document) { records.push_back(read_letter(document)); });
  if (!asked) return asked.error();
  return records;
}

Result<std::vector<LetterRecord>> MongoJournal::letters_from(std::string_view pipeline,
                                                             const TopicPartition& partition, Position from) {
  bson::Writer filter;
  name_it(letter_kind, pipeline, filter).text("topic", partition.topic);
  filter.int32("partition", partition.partition).begin_document("position").int64("$gte", from.value).end();
  std::vector<LetterRecord> records;
  auto asked = find(filter.finish(), [&](bson::View document) { records.push_back(read_letter(document)); });
  if (!asked) return asked.error();
  return records;
}

Result<void> MongoJournal::save_letters(std::string_view pipeline, std::span<const LetterRecord> records) {
  return upsert(records.size(),
                [&](std::size_t i, bson::Writer& out) { write_letter(pipeline, records[i], out); });
}

Result<std::vector<std::string>> MongoJournal::pipelines() {
  const std::lock_guard lock(mutex_);
  if (!pool_) return not_open();
  bson::Writer command;
  command.text("distinct", collection).text("key", "pipeline");
  command.begin_document("readConcern").text("level", "majority").end();
  Reply reply;
  pool_->client()->run(command.finish(), reply);
  if (reply.failure()) return to_error(*reply.failure(), "reading the journal");
  std::vector<std::string> names;
  if (const auto values = reply.view().find("values").as_document())
    for (const bson::Element& value : *values) names.emplace_back(value.value.as_text().value_or(""));
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace sluice::engine::mongodb
