// A change: all that one handler does to one document for one event. The meaning of each kind and operator
// is the same in every store; tests/conformance holds them to it and documents/apply.hpp is its definition.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/hash.hpp"
#include "sluice/bson.hpp"

namespace sluice::engine {

enum class ChangeKind : std::uint8_t {
  insert,   // makes the document; one that exists and that this change did not make is a conflict
  replace,  // makes the document or puts this one in its place
  patch,    // applies the operations; makes the document if absent, unless it waits
  remove,   // afterwards the document is not there
};

// MongoDB's update operators. Paths are dotted and distinct within a change, but for the repeatable ones,
// which apply in order: push, add_to_set and pull.
enum class Operator : std::uint8_t { set, set_on_insert, unset, inc, min, max, push, add_to_set, pull };

struct Operation {
  Operator op;
  std::string_view path;
  bson::Value value;  // none for unset
};

enum class ConditionKind : std::uint8_t {
  skip_if_contains,  // the array at the path holds an equal value
  skip_if_exists,    // something is at the path; with an empty path: the document exists
};

struct Condition {
  ConditionKind kind;
  std::string_view path;
  bson::Value value;
};

// A document's name. Two ids are one document when their normalised bytes are equal
// (documents/document_id.hpp).
struct DocumentRef {
  std::string_view collection;  // as the store calls it
  bson::Value id;               // normalised
  std::uint64_t hash = 0;       // document_hash(): decides the share, finds the queue

  [[nodiscard]] bool operator==(const DocumentRef& other) const noexcept {
    return hash == other.hash && id.same_bytes(other.id) && collection == other.collection;
  }
};

[[nodiscard]] inline std::uint64_t document_hash(std::string_view collection,
                                                 const bson::Value& id) noexcept {
  return stable_hash(id.data, id.size, stable_hash(collection, static_cast<std::uint64_t>(id.type)));
}

// Borrowed from the arena of its chunk.
struct Change {
  DocumentRef document;
  ChangeKind kind = ChangeKind::patch;
  bool wait_until_exists = false;         // of a patch
  bson::View content;                     // of insert and replace; without _id
  std::span<const Operation> operations;  // of a patch
  std::span<const Condition> conditions;  // of a patch: any one that holds skips it all

  // Whether it may take effect or not depending on the document.
  [[nodiscard]] bool conditional() const noexcept { return wait_until_exists || !conditions.empty(); }
};

}  // namespace sluice::engine
