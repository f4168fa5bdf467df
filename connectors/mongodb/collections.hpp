// What is checked and made before the first write: the server, rights, collections and indexes.
#pragma once

#include <span>
#include <string_view>

#include "core/store.hpp"
#include "mongodb/client.hpp"
#include "mongodb/sender.hpp"

namespace sluice::engine::mongodb {

// The server's limits, from its hello.
[[nodiscard]] Result<Limits> greet(const Client& client);

// Makes the collections, the journal's too, and the indexes that are not there. store_fatal for what can
// never work: a missing right, a collection that is a view, capped, a time series or sharded by something
// else than _id, a collation of its own, a validator that refuses _sluice, an index that is there with other
// options.
[[nodiscard]] Result<void> prepare_collections(const Client& client,
                                               std::span<const CollectionSpec> collections,
                                               bson::View write_concern);

// Why documents of sluice cannot live in a collection, from its entry in the list; empty if they can.
[[nodiscard]] std::string_view why_unfit(bson::View entry);

// Asks for every kind of statement that will be sent to a collection that is there, in ways that change
// nothing: a missing right, and a server that does not know pipelines in updates, show here.
[[nodiscard]] Result<void> try_statements(const Client& client, std::string_view collection,
                                          bson::View write_concern);

// A router shows the shard keys in its database "config". Statements here name a document by its _id: with
// another key the server may refuse them, or take one _id twice. False if the user may not look there.
[[nodiscard]] Result<bool> check_shard_key(const Client& client, std::string_view database_and_collection);

inline constexpr std::string_view unseen_shard_key =
    "see to it that it is _id (hashed or not), as sluice writes documents by that, or nothing; or grant the "
    "user read on the database config, so that sluice looks";

// Whether a validator lets documents have a field _sluice: with $jsonSchema, additionalProperties: false and
// no such property it does not.
[[nodiscard]] bool validator_allows_marks(bson::View validator) noexcept;

}  // namespace sluice::engine::mongodb
