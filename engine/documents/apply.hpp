// What a change means: the definition of every kind, operator and condition, for stores that compute
// documents themselves (SQLite, memory). MongoDB's own servers do the same, and one conformance suite holds
// all to it.
#pragma once

#include <optional>

#include "core/change.hpp"
#include "core/write.hpp"
#include "sluice/bson_writer.hpp"

namespace sluice::engine {

struct Applied {
  Outcome outcome;  // applied, skipped, waiting, or rejected with code and reason
  Code code = Code::store_refused;
  std::string reason;
  bool removed = false;  // applied: there is no document any more
};

// Applies a change to the document (without _id and watermarks), or to none; on `applied` and not `removed`
// the new document is in `result` (finish() it). Guards are the store's affair.
//
// - insert: `store.conflict` if there is a document. replace: the content. remove: none, whether there was
// one.
// - patch: with none, `waiting` if it waits until one exists, else it starts from the empty document;
//   set_on_insert acts only then. Conditions come first, any one that holds skips all.
// - Paths go through documents, and through arrays by index (an index beyond the end is refused, but for the
//   one that appends); what is missing on the way is made, but for unset, pull; a path through any other
//   value is refused.
// - inc: of a missing field sets it; int32 grows into int64, int64 overflow is refused, with a double it is a
//   double; of anything else refused. min, max: by MongoDB's comparison order of types and values; of a
//   missing field they set. push: of a missing field makes an array; of anything else than an array refused;
//   the same for add_to_set, which appends unless an equal value is there; pull removes all equal ones.
// - Equal: numbers by value whatever their type, documents field by field in order, all else by bytes.
// - The document may not exceed DocumentLimits.
[[nodiscard]] Applied apply(const Change& change, const std::optional<bson::View>& document,
                            bson::Writer& result);

// MongoDB's order over values: <0, 0, >0. Types first (null < numbers < text < document < array < binary <
// object_id < boolean < date < timestamp < regex), then values.
[[nodiscard]] int compare(const bson::Value& a, const bson::Value& b) noexcept;

}  // namespace sluice::engine
