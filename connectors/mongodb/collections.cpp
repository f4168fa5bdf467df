#include "mongodb/collections.hpp"

#include <spdlog/spdlog.h>

#include <map>

#include "mongodb/indexes.hpp"
#include "mongodb/journal.hpp"
#include "mongodb/reply.hpp"

namespace sluice::engine::mongodb {
namespace {

constexpr std::int32_t namespace_exists = 48;

Error fatal(std::string what) { return {Code::store_fatal, "MongoDB: " + std::move(what)}; }

std::string the_collection(std::string_view collection) {
  return "the collection '" + std::string(collection) + "'";
}

Result<void> make_collection(const Client& client, std::string_view name) {
  bson::Writer command;
  Reply reply;
  client.run(command.text("create", name).finish(), reply);
  const auto& failure = reply.failure();
  if (!failure || failure->code == namespace_exists) return {};
  return to_error(*failure, "making " + the_collection(name));
}

constexpr std::string_view nobody = "_sluice.nobody";  // ids of documents never hold "_sluice"

// A pipeline as an update of what is not there.
void harmless_update(bson::Writer& out) {
  out.begin_document().begin_document("q").text("_id", nobody).end();
  out.begin_array("u").begin_document().begin_document("$replaceWith").begin_array("$mergeObjects");
  out.begin_document().begin_document("$literal").end().end().text("$$ROOT");
  out.end().end().end().end().end();
}

// An upsert that every server refuses when it comes to the insertion, as the two ids differ (ImmutableField);
// who may not insert is refused before.
void vain_upsert(bson::Writer& out) {
  out.begin_document().begin_document("q").text("_id", nobody).end();
  out.begin_document("u").begin_document("$setOnInsert").text("_id", "_sluice.other").end().end();
  out.boolean("upsert", true).end();
}

void vain_delete(bson::Writer& out) {
  out.begin_document().begin_document("q").text("_id", nobody).end().int32("limit", 1).end();
}

struct Trial {
  Command command;
  void (*statement)(bson::Writer&);
  bool may_be_refused;
};

Result<void> try_statement(const Client& client, std::string_view collection, bson::View write_concern,
                           const Trial& trial) {
  const bool removes = trial.command == Command::remove;
  bson::Writer command;
  command.text(removes ? "delete" : "update", collection).document("writeConcern", write_concern);
  command.begin_array(removes ? "deletes" : "updates");
  trial.statement(command);
  Reply reply;
  client.write(command.finish(), reply);
  const std::string doing = "trying a write on " + the_collection(collection);
  if (reply.failure()) {
    Error error = to_error(*reply.failure(), doing);
    if (fault_of(*reply.failure()) == Fault::document) error.code = Code::store_fatal;
    return error;
  }
  const Form form = removes ? Form::remove : Form::update;
  Answer answer;
  read_reply(reply.view(), {&form, 1}, {&answer, 1});
  const bool refused = answer.proof == Proof::fatal || answer.objection == Objection::refused;
  if (refused && !trial.may_be_refused) return fatal(doing + ": " + answer.reason);
  if (answer.proof == Proof::fatal) return fatal(doing + ": " + answer.reason);
  if (answer.proof == Proof::unknown || answer.proof == Proof::again)
    return Error{Code::store_unavailable, "MongoDB, " + doing + ": " + answer.reason};
  return {};
}

// Others have nothing sharded.
bool is_router(const Client& client) {
  bson::Writer command;
  Reply reply;
  client.run(command.int32("hello", 1).finish(), reply);
  return reply.view().find("msg").as_text() == "isdbgrid";
}

}  // namespace

std::string_view why_unfit(bson::View entry) {
  const std::string_view type = entry.find("type").as_text().value_or("collection");
  if (type == "view") return "is a view: name the collection it is made from";
  if (type == "timeseries") return "is a time series, whose documents cannot be changed";
  const auto options = entry.find("options").as_document();
  if (!options) return {};
  if (options->find("capped").as_bool().value_or(false))
    return "is capped: its documents are lost when it is full";
  if (const auto collation = options->find("collation").as_document();
      collation && collation->find("locale").as_text().value_or("simple") != "simple")
    return "has a collation of its own, under which ids that differ may be the same";
  const bool enforced = options->find("validationAction").as_text().value_or("error") == "error" &&
                        options->find("validationLevel").as_text().value_or("strict") != "off";
  const auto validator = options->find("validator").as_document();
  if (enforced && validator && !validator_allows_marks(*validator))
    return "has a validator that refuses the field _sluice, in which a document keeps what was applied to "
           "it: "
           "add _sluice to the properties of its $jsonSchema";
  return {};
}

Result<void> try_statements(const Client& client, std::string_view collection, bson::View write_concern) {
  for (const Trial& trial :
       {Trial{Command::update, harmless_update, false}, Trial{Command::update, vain_upsert, true},
        Trial{Command::remove, vain_delete, false}})
    if (auto tried = try_statement(client, collection, write_concern, trial); !tried) return tried;
  bson::Writer filter;
  const auto failure =
      client.find(collection, filter.text("_id", nobody).finish(), bson::View(), [](bson::View) {});
  if (failure) return to_error(*failure, "reading from " + the_collection(collection));
  return {};
}

Result<bool> check_shard_key(const Client& client, std::string_view database_and_collection) {
  bson::Writer command;
  command.text("find", "collections").begin_document("filter").text("_id", database_and_collection).end();
  Reply reply;
  client.run("config", command.finish(), reply);
  if (const auto& failure = reply.failure()) {
    const Fault fault = fault_of(*failure);
    if (fault == Fault::transient || fault == Fault::closed)
      return to_error(*failure, "asking by what " + the_collection(database_and_collection) + " is sharded");
    return !is_router(client);  // who may not look there may still write
  }
  const auto cursor = reply.view().find("cursor").as_document();
  const auto batch = cursor ? cursor->find("firstBatch").as_document() : std::nullopt;
  if (!batch || batch->empty()) return true;
  const auto entry = batch->begin()->value.as_document();
  const auto key = entry ? entry->find("key").as_document() : std::nullopt;
  if (!key) return true;
  for (const bson::Element& part : *key)
    if (part.name != "_id")
      return fatal(the_collection(database_and_collection) + " is sharded by " + std::string(part.name) +
                   ": sluice writes documents by their _id, so only "
                   "_id (hashed or not) can be the shard key");
  return true;
}

bool validator_allows_marks(bson::View validator) noexcept {
  const auto schema = validator.find("$jsonSchema").as_document();
  if (!schema || schema->find("additionalProperties").as_bool().value_or(true)) return true;
  const auto properties = schema->find("properties").as_document();
  if (properties && properties->find("_sluice")) return true;
  return static_cast<bool>(schema->find("patternProperties"));  // its patterns may take it
}

Result<Limits> greet(const Client& client) {
  bson::Writer command;
  Reply reply;
  client.run(command.int32("hello", 1).finish(), reply);
  if (reply.failure()) return to_error(*reply.failure(), "greeting the server");
  Limits limits;
  if (const auto bytes = reply.view().find("maxBsonObjectSize").as_int64(); bytes && *bytes > 0)
    limits.document_bytes = static_cast<std::size_t>(*bytes);
  if (const auto count = reply.view().find("maxWriteBatchSize").as_int64(); count && *count > 0)
    limits.statements = static_cast<std::size_t>(*count);
  return limits;
}

Result<void> prepare_collections(const Client& client, std::span<const CollectionSpec> collections,
                                 bson::View write_concern) {
  std::map<std::string, std::string> known;  // and why it is unfit
  const auto failure = client.list_collections(
      [&](bson::View entry) { known.emplace(entry.find("name").as_text().value_or(""), why_unfit(entry)); });
  if (failure) return to_error(*failure, "listing the collections");

  std::vector<CollectionSpec> all{{MongoJournal::collection, {{.keys = {{"kind"}, {"pipeline"}}}}, false}};
  all.insert(all.end(), collections.begin(), collections.end());
  std::string unseen;
  for (const CollectionSpec& spec : all) {
    const auto there = known.find(spec.name);
    if (there != known.end() && !there->second.empty())
      return fatal(the_collection(spec.name) + " " + there->second);
    if (there == known.end())
      if (auto made = make_collection(client, spec.name); !made) return made;
    const auto seen = check_shard_key(client, client.database() + "." + spec.name);
    if (!seen) return seen.error();
    if (!*seen) unseen += (unseen.empty() ? "" : ", ") + spec.name;
    if (auto made = make_indexes(client, spec); !made) return made;
    if (auto tried = try_statements(client, spec.name, write_concern); !tried) return tried;
  }
  if (!unseen.empty())
    spdlog::warn("MongoDB: the user may not see by what {} is sharded: {}", unseen, unseen_shard_key);
  return {};
}

}  // namespace sluice::engine::mongodb
