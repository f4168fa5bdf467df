// What a handler gives back: changes of documents. Collections are logical names that the pipeline's YAML
// maps.
//
//   changes.insert("users", user_id, {{"email", email}});            // an existing document is a conflict
//   changes.replace("users", user_id, document);                     // made if absent
//   changes.patch("users", user_id).set("email", email).inc("logins", 1);
//   changes.remove("users", user_id);
//
// The engine applies each change exactly once, retries, and keeps the order of a document's changes. Several
// changes of one document by one handler become one; what cannot be composed is rejected.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "sluice/abi.h"
#include "sluice/bson_writer.hpp"
#include "sluice/event.hpp"
#include "sluice/value.hpp"

namespace sluice {

namespace detail {

// The engine refused a change and knows why. No std::exception, so that no author's catch takes it.
struct ChangeRefused {};

template <class T>
class HandlerInstance;

}  // namespace detail

class Changes;

// The operations of a patch: MongoDB's update operators on dotted paths, each path once (but for push,
// add_to_set and pull). Valid until the next change is begun.
class Patch {
 public:
  // Without it the patch makes a document that is not there.
  Patch& wait_until_exists();
  // Conditions: if one holds, the whole patch does nothing.
  Patch& skip_if_contains(std::string_view path,
                          const Value& value);   // the array at the path holds the value
  Patch& skip_if_exists(std::string_view path);  // something is at the path
  Patch& skip_if_document_exists();

  Patch& set(std::string_view path, const Value& value) { return add(SLUICE_SET, path, value); }
  Patch& set_on_insert(std::string_view path, const Value& value) {
    return add(SLUICE_SET_ON_INSERT, path, value);
  }
  Patch& unset(std::string_view path) { return add(SLUICE_UNSET, path, nullptr); }
  Patch& inc(std::string_view path, const Value& by = 1) { return add(SLUICE_INC, path, by); }
  Patch& min(std::string_view path, const Value& value) { return add(SLUICE_MIN, path, value); }
  Patch& max(std::string_view path, const Value& value) { return add(SLUICE_MAX, path, value); }
  Patch& push(std::string_view path, const Value& value) { return add(SLUICE_PUSH, path, value); }
  Patch& add_to_set(std::string_view path, const Value& value) { return add(SLUICE_ADD_TO_SET, path, value); }
  Patch& pull(std::string_view path, const Value& value) { return add(SLUICE_PULL, path, value); }

 private:
  friend class Changes;
  Patch(Changes& changes, std::uint64_t number) noexcept : changes_(&changes), number_(number) {}
  Patch& add(sluice_operator op, std::string_view path, const Value& value);
  [[nodiscard]] Changes& current() const;

  Changes* changes_;
  std::uint64_t number_;
};

// One for each handler instance, used for every event: its buffers are kept, so that after the first events
// nothing is allocated.
class Changes {
 public:
  Changes() = default;
  Changes(const Changes&) = delete;
  Changes& operator=(const Changes&) = delete;

  // Ids: text, Uuid, whole numbers, object ids, binaries, dates. Documents come without _id.
  void insert(std::string_view collection, const Value& id, std::initializer_list<Field> document) {
    write_fields(insert(collection, id), document);
  }
  void insert(std::string_view collection, const Value& id, bson::View document) {
    insert(collection, id).elements(document);
  }
  void replace(std::string_view collection, const Value& id, std::initializer_list<Field> document) {
    write_fields(replace(collection, id), document);
  }
  void replace(std::string_view collection, const Value& id, bson::View document) {
    replace(collection, id).elements(document);
  }
  // The document is what is written to the result before the next change is begun.
  [[nodiscard]] bson::Writer& insert(std::string_view collection, const Value& id) {
    begin(SLUICE_INSERT, collection, id);
    return content_;
  }
  [[nodiscard]] bson::Writer& replace(std::string_view collection, const Value& id) {
    begin(SLUICE_REPLACE, collection, id);
    return content_;
  }
  Patch patch(std::string_view collection, const Value& id) {
    begin(SLUICE_PATCH, collection, id);
    return {*this, number_};
  }
  void remove(std::string_view collection, const Value& id) { begin(SLUICE_REMOVE, collection, id); }

 private:
  friend class Patch;
  template <class T>
  friend class detail::HandlerInstance;

  static void write_fields(bson::Writer& writer, std::initializer_list<Field> document) {
    for (const Field& field : document) field.value.append_to(writer, detail::checked_name(field.name));
  }

  void start_event(sluice_changes& engine) noexcept {
    engine_ = &engine;
    open_ = false;
  }
  void finish_event() { hand_over(); }

  void begin(sluice_change_kind kind, std::string_view collection, const Value& id) {
    hand_over();
    kind_ = kind;
    flags_ = 0;
    operators_.clear();
    condition_kinds_.clear();
    content_.clear();
    condition_parts_.clear();
    id.append_to(parts_.clear(), detail::checked_name(collection));
    ++number_;
    open_ = true;
  }

  static sluice_value value_of(const bson::Value& value) noexcept {
    return {static_cast<std::uint8_t>(value.type), value.data, value.size};
  }

  // Gives the change at hand to the engine.
  void hand_over() {
    if (!open_) return;
    open_ = false;
    operations_.clear();
    conditions_.clear();
    auto part = parts_.finish().begin();
    sluice_change change{};
    change.size = sizeof change;
    change.kind = kind_;
    change.flags = flags_;
    change.collection = detail::text(part->name);
    change.id = value_of(part->value);
    for (const std::uint32_t op : operators_) {
      ++part;
      operations_.push_back(
          {op, detail::text(part->name), op == SLUICE_UNSET ? sluice_value{} : value_of(part->value)});
    }
    auto condition = condition_parts_.finish().begin();
    for (const std::uint32_t kind : condition_kinds_) {
      const bool has_value = kind == SLUICE_SKIP_IF_CONTAINS;
      conditions_.push_back(
          {kind, detail::text(condition->name), has_value ? value_of(condition->value) : sluice_value{}});
      ++condition;
    }
    if (kind_ == SLUICE_INSERT || kind_ == SLUICE_REPLACE) {
      const bson::View document = content_.finish();
      change.document = document.data();
      change.document_size = document.size();
    }
    change.operations = operations_.data();
    change.operation_count = operations_.size();
    change.conditions = conditions_.data();
    change.condition_count = conditions_.size();
    if (engine_->add(engine_, &change) != SLUICE_OK) throw detail::ChangeRefused{};
  }

  sluice_changes* engine_ = nullptr;
  std::uint64_t number_ = 0;
  bool open_ = false;
  sluice_change_kind kind_ = SLUICE_PATCH;
  std::uint32_t flags_ = 0;
  // One document: first {collection: id}, then {path: value} for each operation. A name in it is a path, dots
  // and all; it never leaves this class.
  bson::Writer parts_;
  bson::Writer condition_parts_;  // {path: value} for each condition
  bson::Writer content_;
  std::vector<std::uint32_t> operators_;
  std::vector<std::uint32_t> condition_kinds_;
  std::vector<sluice_operation> operations_;
  std::vector<sluice_condition> conditions_;
};

inline Changes& Patch::current() const {
  if (!changes_->open_ || changes_->number_ != number_)
    throw std::logic_error("a patch was continued after the next change was begun");
  return *changes_;
}

inline Patch& Patch::wait_until_exists() {
  current().flags_ |= SLUICE_WAIT_UNTIL_EXISTS;
  return *this;
}

inline Patch& Patch::skip_if_contains(std::string_view path, const Value& value) {
  Changes& changes = current();
  value.append_to(changes.condition_parts_, detail::checked_name(path));
  changes.condition_kinds_.push_back(SLUICE_SKIP_IF_CONTAINS);
  return *this;
}

inline Patch& Patch::skip_if_exists(std::string_view path) {
  Changes& changes = current();
  changes.condition_parts_.null(detail::checked_name(path));
  changes.condition_kinds_.push_back(SLUICE_SKIP_IF_EXISTS);
  return *this;
}

inline Patch& Patch::skip_if_document_exists() { return skip_if_exists({}); }

inline Patch& Patch::add(sluice_operator op, std::string_view path, const Value& value) {
  Changes& changes = current();
  value.append_to(changes.parts_, detail::checked_name(path));
  changes.operators_.push_back(op);
  return *this;
}

}  // namespace sluice
