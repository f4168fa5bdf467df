// The indexes of a collection: those that are wanted, and what those that are there mean for them.
#pragma once

#include <string>
#include <string_view>

#include "core/store.hpp"
#include "mongodb/client.hpp"
#include "sluice/bson_writer.hpp"

namespace sluice::engine::mongodb {

// Of an index without a name, as MongoDB names it: "contact.email_1_n_-1".
[[nodiscard]] std::string index_name(const IndexSpec& index);

// One index for createIndexes. A unique one takes only documents that have all its fields, as in other
// stores.
void write_index(const IndexSpec& index, bson::Writer& out);

// In what an index that is there, an entry of listIndexes, differs from the one that is wanted, to be read
// after its name: "is not unique". Empty if it does not, whatever its name.
[[nodiscard]] std::string index_difference(const IndexSpec& wanted, bson::View there);

struct IndexState {
  bool there = false;      // under whatever name: MongoDB makes no second one like it
  std::string obstacle{};  // the index that has its name and is another, and how: "email_1 is not unique"
};
[[nodiscard]] Result<IndexState> find_index(const Client& client, std::string_view collection,
                                            const IndexSpec& wanted);

// How many documents share the values of a unique index that is to be made: 0 if none do, or if that could
// not be told within the time. Single values of arrays are not looked at.
[[nodiscard]] std::int64_t count_duplicates(const Client& client, std::string_view collection,
                                            const IndexSpec& index, milliseconds at_most);

// Those that are not there. store_fatal for one that another keeps from being made, or values that do.
[[nodiscard]] Result<void> make_indexes(const Client& client, const CollectionSpec& spec);

}  // namespace sluice::engine::mongodb
