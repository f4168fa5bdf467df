#include "documents/change_list.hpp"

#include <algorithm>
#include <string>

#include "documents/compose.hpp"
#include "documents/document_id.hpp"
#include "documents/validate.hpp"

namespace sluice::engine {
namespace {

Error bad_change(std::string message) { return {Code::handler_invalid_change, std::move(message)}; }

bson::Value keep(const bson::Value& value, Arena& arena) {
  if (value.size == 0) return {value.type, nullptr, 0};
  auto* bytes = static_cast<std::uint8_t*>(arena.allocate(value.size, 1));
  std::memcpy(bytes, value.data, value.size);
  return {value.type, bytes, value.size};
}

Result<void> check_operation(const Operation& operation) {
  if (auto path = validate_path(operation.path); !path) return path;
  const bool has_value = operation.value.type != bson::Type::none;
  if (has_value == (operation.op == Operator::unset))
    return bad_change("the operation on \"" + std::string(operation.path) +
                      (has_value ? "\" takes no value" : "\" needs a value"));
  if (operation.op == Operator::inc && !operation.value.is_number())
    return bad_change("inc of \"" + std::string(operation.path) + "\" needs a number");
  return {};
}

bool may_repeat(Operator op) noexcept {
  return op == Operator::push || op == Operator::add_to_set || op == Operator::pull;
}

// What MongoDB calls a conflict: two operations of one update at one place.
Result<void> check_operations(std::span<const Operation> operations) {
  for (std::size_t i = 0; i < operations.size(); ++i) {
    if (auto checked = check_operation(operations[i]); !checked) return checked;
    for (std::size_t j = 0; j < i; ++j) {
      const bool again = operations[i].op == operations[j].op && operations[i].path == operations[j].path &&
                         may_repeat(operations[i].op);
      if (!again && overlap(operations[i].path, operations[j].path))
        return bad_change("two operations of one change meet at \"" + std::string(operations[i].path) + '"');
    }
  }
  return {};
}

Result<void> check_conditions(std::span<const Condition> conditions) {
  for (const Condition& condition : conditions) {
    const bool whole_document = condition.kind == ConditionKind::skip_if_exists && condition.path.empty();
    if (whole_document) continue;
    if (auto path = validate_path(condition.path); !path) return path;
    if (condition.kind == ConditionKind::skip_if_contains && !condition.value)
      return bad_change("skip_if_contains of \"" + std::string(condition.path) + "\" needs a value");
  }
  return {};
}

Result<void> check_shape(const Change& change) {
  const bool has_patch_parts =
      !change.operations.empty() || !change.conditions.empty() || change.wait_until_exists;
  if (change.kind != ChangeKind::patch && has_patch_parts)
    return bad_change("operations and conditions belong to a patch alone");
  if (auto operations = check_operations(change.operations); !operations) return operations;
  return check_conditions(change.conditions);
}

Change copy_of(const Change& change, Arena& arena) {
  Change copy = change;
  const bool whole = change.kind == ChangeKind::insert || change.kind == ChangeKind::replace;
  copy.content = whole ? bson::View(keep(change.content.as_value(), arena).data) : bson::View();

  auto operations = arena.array<Operation>(change.operations.size());
  for (std::size_t i = 0; i < operations.size(); ++i) {
    const Operation& from = change.operations[i];
    operations[i] = {from.op, arena.copy(from.path), keep(from.value, arena)};
  }
  copy.operations = operations;

  auto conditions = arena.array<Condition>(change.conditions.size());
  for (std::size_t i = 0; i < conditions.size(); ++i) {
    const Condition& from = change.conditions[i];
    conditions[i] = {from.kind, arena.copy(from.path), keep(from.value, arena)};
  }
  copy.conditions = conditions;
  return copy;
}

}  // namespace

Result<void> ChangeList::add(const Change& change) {
  if (auto collection = validate_collection(change.document.collection); !collection) return collection;
  auto id = normalise_id(change.document.id, arena_);
  if (!id) return id.error();
  if (auto shape = check_shape(change); !shape) return shape;

  Change copy = copy_of(change, arena_);
  copy.document.id = *id;
  copy.document.collection = arena_.copy(change.document.collection);
  copy.document.hash = document_hash(copy.document.collection, *id);

  const auto same = std::find_if(changes_.begin(), changes_.end(),
                                 [&](const Change& earlier) { return earlier.document == copy.document; });
  if (same == changes_.end()) {
    changes_.push_back(copy);
    return {};
  }
  auto composed = compose(*same, copy, arena_);
  if (!composed) return composed.error();
  *same = *composed;
  return {};
}

}  // namespace sluice::engine
