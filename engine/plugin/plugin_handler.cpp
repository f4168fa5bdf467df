#include "plugin/plugin_handler.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <utility>

#include "documents/change_list.hpp"
#include "documents/validate.hpp"

namespace sluice::engine {
namespace {

// The size of version 1.0: so far every plugin of this major version has the struct.
constexpr std::size_t change_size = offsetof(sluice_change, condition_count) + sizeof(std::size_t);
// More than any document has places for; a count beyond is rubbish and not followed.
constexpr std::size_t most_listed = 100'000;

Error invalid(std::string what) { return {Code::handler_invalid_change, std::move(what)}; }

std::optional<ChangeKind> kind_from(std::uint32_t kind) noexcept {
  switch (kind) {
    case SLUICE_INSERT:
      return ChangeKind::insert;
    case SLUICE_REPLACE:
      return ChangeKind::replace;
    case SLUICE_PATCH:
      return ChangeKind::patch;
    case SLUICE_REMOVE:
      return ChangeKind::remove;
    default:
      return std::nullopt;
  }
}

std::optional<Operator> operator_from(std::uint32_t op) noexcept {
  switch (op) {
    case SLUICE_SET:
      return Operator::set;
    case SLUICE_SET_ON_INSERT:
      return Operator::set_on_insert;
    case SLUICE_UNSET:
      return Operator::unset;
    case SLUICE_INC:
      return Operator::inc;
    case SLUICE_MIN:
      return Operator::min;
    case SLUICE_MAX:
      return Operator::max;
    case SLUICE_PUSH:
      return Operator::push;
    case SLUICE_ADD_TO_SET:
      return Operator::add_to_set;
    case SLUICE_PULL:
      return Operator::pull;
    default:
      return std::nullopt;
  }
}

std::optional<ConditionKind> condition_from(std::uint32_t kind) noexcept {
  switch (kind) {
    case SLUICE_SKIP_IF_CONTAINS:
      return ConditionKind::skip_if_contains;
    case SLUICE_SKIP_IF_EXISTS:
      return ConditionKind::skip_if_exists;
    default:
      return std::nullopt;
  }
}

// A value that may be missing: none for type 0. Its bytes are checked here, before anything reads them.
Result<bson::Value> value_from(const sluice_value& value) {
  if (value.type == 0) return bson::Value{};
  if (auto valid = validate_value(value.type, value.data, value.size); !valid) return valid.error();
  return bson::Value{static_cast<bson::Type>(value.type), value.data, static_cast<std::uint32_t>(value.size)};
}

Result<bson::View> document_from(const sluice_change& change) {
  const bool has_one = change.kind == SLUICE_INSERT || change.kind == SLUICE_REPLACE;
  if (!has_one) {
    if (change.document != nullptr) return invalid("a document belongs to an insert or a replace alone");
    return bson::View();
  }
  if (auto valid = validate_document(change.document, change.document_size); !valid) return valid.error();
  return bson::View(change.document);
}

// Says where in a change an error is.
Error at_path(const Error& error, sluice_text path) {
  return {error.code, "at \"" + readable(path) + "\": " + error.message};
}

}  // namespace

PluginHandler::PluginHandler(PluginInstance instance)
    : instance_(std::move(instance)), abi_changes_{sizeof abi_changes_, add_change, this} {}

Result<void> PluginHandler::handle(const Event& event, PayloadSource& payload, ChangeList& changes) {
  payload_ = &payload;
  changes_ = &changes;
  refused_.reset();
  report_.clear();
  event_.show(event, give_payload, this);

  const sluice_component& component = instance_.component();
  const sluice_status status = component.handle(instance_.get(), event_.abi(), &abi_changes_, report_.abi());
  if (refused_) return *std::move(refused_);
  switch (status) {
    case SLUICE_OK:
      return {};
    case SLUICE_REJECTED:
      return Error{Code::handler_rejected, report_.reason()};
    case SLUICE_FAILED:
      return Error{Code::handler_threw, report_.reason()};
    default:
      return Error{Code::handler_threw, "the plugin returned the status " + std::to_string(status) +
                                            ", which a handler may not (a bug of the plugin)"};
  }
}

sluice_status PluginHandler::give_payload(const sluice_event* event, const std::uint8_t** document) noexcept {
  auto& self = *static_cast<PluginHandler*>(event->engine);
  auto payload = self.payload_->payload();
  if (!payload) {
    self.refused_ = std::move(payload).error();
    return SLUICE_UNREADABLE;
  }
  *document = payload->data();
  return SLUICE_OK;
}

sluice_status PluginHandler::add_change(sluice_changes* changes, const sluice_change* change) noexcept {
  auto& self = *static_cast<PluginHandler*>(changes->engine);
  if (self.refused_) return SLUICE_REJECTED;
  auto added = change == nullptr ? Result<void>(invalid("a change is null")) : self.add(*change);
  if (added) return SLUICE_OK;
  self.refused_ = std::move(added.error());
  return SLUICE_REJECTED;
}

Result<void> PluginHandler::add(const sluice_change& change) {
  if (change.size < change_size)
    return invalid("a change's struct has " + std::to_string(change.size) + " bytes instead of " +
                   std::to_string(change_size) + " or more");
  const auto kind = kind_from(change.kind);
  if (!kind) return invalid("a change has the kind " + std::to_string(change.kind) + ", which is none");
  if ((change.flags & ~SLUICE_WAIT_UNTIL_EXISTS) != 0)
    return invalid("a change has the flags " + std::to_string(change.flags) + ", some of which are none");
  const auto id = value_from(change.id);
  if (!id) return Error{id.error().code, "the document's id: " + id.error().message};
  const auto document = document_from(change);
  if (!document) return document.error();
  if (auto operations = take_operations(change); !operations) return operations;
  if (auto conditions = take_conditions(change); !conditions) return conditions;

  Change made;
  made.document = {from_abi(change.collection), *id, 0};
  made.kind = *kind;
  made.wait_until_exists = (change.flags & SLUICE_WAIT_UNTIL_EXISTS) != 0;
  made.content = *document;
  made.operations = operations_;
  made.conditions = conditions_;
  return changes_->add(made);
}

Result<void> PluginHandler::take_operations(const sluice_change& change) {
  operations_.clear();
  if (change.operation_count == 0) return {};
  if (change.operations == nullptr || change.operation_count > most_listed)
    return invalid("a change's operations are no list");
  for (const sluice_operation& operation : std::span(change.operations, change.operation_count)) {
    const auto op = operator_from(operation.op);
    if (!op)
      return at_path(invalid("the operator " + std::to_string(operation.op) + " is none"), operation.path);
    const auto value = value_from(operation.value);
    if (!value) return at_path(value.error(), operation.path);
    operations_.push_back({*op, from_abi(operation.path), *value});
  }
  return {};
}

Result<void> PluginHandler::take_conditions(const sluice_change& change) {
  conditions_.clear();
  if (change.condition_count == 0) return {};
  if (change.conditions == nullptr || change.condition_count > most_listed)
    return invalid("a change's conditions are no list");
  for (const sluice_condition& condition : std::span(change.conditions, change.condition_count)) {
    const auto kind = condition_from(condition.kind);
    if (!kind)
      return at_path(invalid("the condition " + std::to_string(condition.kind) + " is none"), condition.path);
    const auto value = value_from(condition.value);
    if (!value) return at_path(value.error(), condition.path);
    conditions_.push_back({*kind, from_abi(condition.path), *value});
  }
  return {};
}

}  // namespace sluice::engine
