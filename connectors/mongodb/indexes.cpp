#include "mongodb/indexes.hpp"

namespace sluice::engine::mongodb {
namespace {

constexpr std::int32_t index_options_conflict = 85;
constexpr std::int32_t index_key_specs_conflict = 86;

Error impossible(std::string what) { return {Code::store_fatal, "MongoDB: " + std::move(what)}; }

// The documents that a unique index takes.
void write_filter(const IndexSpec& index, bson::Writer& out) {
  for (const IndexSpec::Key& key : index.keys) out.begin_document(key.path).boolean("$exists", true).end();
}

bool same_keys(const IndexSpec& wanted, bson::View there) {
  auto part = there.begin();
  for (const IndexSpec::Key& key : wanted.keys) {
    if (part == there.end()) return false;
    const auto direction = (*part).value.as_double();  // none for "text", "hashed" and the like
    if ((*part).name != key.path || !direction || (*direction < 0) != key.descending) return false;
    ++part;
  }
  return part == there.end();
}

// Whether the filter takes just the documents that have all the fields, in whichever order it names them.
bool asks_for_fields(const IndexSpec& wanted, bson::View filter) {
  std::size_t parts = 0;
  for (const bson::Element& part : filter) {
    const auto condition = part.value.as_document();
    if (!condition) return false;
    const auto exists = condition->find("$exists");
    if (!exists.as_bool().value_or(exists.as_double().value_or(0) != 0)) return false;
    if (std::next(condition->begin()) != condition->end()) return false;
    ++parts;
  }
  for (const IndexSpec::Key& key : wanted.keys)
    if (!filter.find(key.path)) return false;
  return parts == wanted.keys.size();
}

Error conflict(const Client& client, const CollectionSpec& spec, const IndexSpec& index,
               const IndexState& state, const Failure& failure) {
  const std::string what = state.obstacle.empty()
                               ? "has an index that keeps " + index_name(index) + " from being made"
                               : "its index " + state.obstacle + ", but the configuration says otherwise";
  return impossible("the collection '" + client.database() + '.' + spec.name + "': " + what +
                    ": drop it, or correct `collections` (" + failure.message + ")");
}

}  // namespace

std::string index_name(const IndexSpec& index) {
  std::string name;
  for (const IndexSpec::Key& key : index.keys)
    name.append(name.empty() ? "" : "_").append(key.path).append(key.descending ? "_-1" : "_1");
  return name;
}

void write_index(const IndexSpec& index, bson::Writer& out) {
  out.begin_document().begin_document("key");
  for (const IndexSpec::Key& key : index.keys) out.int32(key.path, key.descending ? -1 : 1);
  out.end().text("name", index_name(index));
  if (index.unique) {
    out.boolean("unique", true).begin_document("partialFilterExpression");
    write_filter(index, out);
    out.end();
  }
  out.end();
}

std::string index_difference(const IndexSpec& wanted, bson::View there) {
  const auto keys = there.find("key").as_document();
  if (!keys || !same_keys(wanted, *keys)) return "has other keys";
  const bool unique = there.find("unique").as_bool().value_or(false);
  if (unique != wanted.unique) return unique ? "is unique" : "is not unique";
  const auto filter = there.find("partialFilterExpression").as_document();
  if (wanted.unique && !filter) return "takes documents without its fields, too (partialFilterExpression)";
  if (filter && !(wanted.unique && asks_for_fields(wanted, *filter)))
    return "takes other documents (partialFilterExpression)";
  if (there.find("sparse").as_bool().value_or(false)) return "is sparse";
  if (there.find("collation").as_document()) return "has a collation";
  if (there.find("expireAfterSeconds")) return "has documents deleted (expireAfterSeconds)";
  return {};
}

Result<IndexState> find_index(const Client& client, std::string_view collection, const IndexSpec& wanted) {
  const std::string name = index_name(wanted);
  IndexState state;
  const auto failure = client.list_indexes(collection, [&](bson::View there) {
    const std::string difference = index_difference(wanted, there);
    if (difference.empty())
      state.there = true;
    else if (there.find("name").as_text() == name)
      state.obstacle = name + ' ' + difference;
  });
  if (failure) return to_error(*failure, "listing the indexes of '" + std::string(collection) + "'");
  return state;
}

std::int64_t count_duplicates(const Client& client, std::string_view collection, const IndexSpec& index,
                              milliseconds at_most) {
  bson::Writer command;
  command.text("aggregate", collection).begin_array("pipeline");
  command.begin_document().begin_document("$match");
  write_filter(index, command);
  command.end().end();
  command.begin_document().begin_document("$group").begin_document("_id");
  for (std::size_t i = 0; i < index.keys.size(); ++i)
    command.text(std::to_string(i), '$' + index.keys[i].path);
  command.end().begin_document("n").int32("$sum", 1).end().end().end();
  command.begin_document().begin_document("$match").begin_document("n").int32("$gt", 1).end().end().end();
  command.begin_document().int32("$limit", 1).end().end();
  command.begin_document("cursor").end().int64("maxTimeMS", at_most.count());
  Reply reply;
  client.run(command.finish(), reply);
  if (reply.failure()) return 0;
  return reply.view().at("cursor.firstBatch.0.n").as_int64().value_or(0);
}

Result<void> make_indexes(const Client& client, const CollectionSpec& spec) {
  for (const IndexSpec& index : spec.indexes) {
    bson::Writer command;
    command.text("createIndexes", spec.name).begin_array("indexes");
    write_index(index, command);
    Reply reply;
    client.run(command.end().finish(), reply);
    const auto& failure = reply.failure();
    if (!failure) continue;
    if (failure->code == index_options_conflict || failure->code == index_key_specs_conflict) {
      const auto state = find_index(client, spec.name, index);
      if (!state) return state.error();
      if (state->there) continue;
      return conflict(client, spec, index, *state, *failure);
    }
    if (fault_of(*failure) == Fault::duplicate)
      return impossible("the unique index " + index_name(index) + " cannot be made, as the collection '" +
                        spec.name + "' holds the same value twice: " + failure->message);
    Error error = to_error(
        *failure, "making the index " + index_name(index) + " of the collection '" + spec.name + "'");
    // Whatever the server does not like about an index it will not like later either.
    if (fault_of(*failure) == Fault::document || fault_of(*failure) == Fault::unknown)
      error.code = Code::store_fatal;
    return error;
  }
  return {};
}

}  // namespace sluice::engine::mongodb
