#include "documents/compose.hpp"

#include <limits>
#include <string>

#include "documents/apply.hpp"

namespace sluice::engine {
namespace {

bool keeps_order(Operator op) noexcept {
  return op == Operator::push || op == Operator::add_to_set || op == Operator::pull;
}

Error not_composable(const Change& change, std::string_view why) {
  return {Code::handler_invalid_change, "two changes of one document in \"" +
                                            std::string(change.document.collection) +
                                            "\" for one event cannot be made one: " + std::string(why)};
}

bool commutes(Operator op) noexcept {
  return op == Operator::inc || op == Operator::min || op == Operator::max;
}

// Two operations of one event on paths that touch: what they may be together.
bool may_meet(const Operation& first, const Operation& second) noexcept {
  return first.path == second.path && first.op == second.op && (keeps_order(first.op) || commutes(first.op));
}

std::optional<std::int64_t> add_integers(std::int64_t a, std::int64_t b) noexcept {
  std::int64_t sum = 0;
  if (__builtin_add_overflow(a, b, &sum)) return std::nullopt;
  return sum;
}

// An inc of int32s stays an int32 while it fits, so that a coalesced inc leaves the type that single ones
// would.
bson::Value store_sum(std::int64_t sum, bson::Type widest, Arena& arena) {
  const bool narrow = widest == bson::Type::int32 && sum >= std::numeric_limits<std::int32_t>::min() &&
                      sum <= std::numeric_limits<std::int32_t>::max();
  const std::uint32_t size = narrow ? 4 : 8;
  auto* bytes = static_cast<std::uint8_t*>(arena.allocate(size, 1));
  std::memcpy(bytes, &sum, size);  // little-endian: the low bytes come first
  return {narrow ? bson::Type::int32 : bson::Type::int64, bytes, size};
}

bool beats(Operator op, const bson::Value& value, const bson::Value& other) noexcept {
  const int order = compare(value, other);
  return op == Operator::min ? order < 0 : order > 0;
}

std::optional<bson::Value> add_numbers(const bson::Value& a, const bson::Value& b, Arena& arena) {
  if (a.is_integer() && b.is_integer()) {
    const auto sum = add_integers(*a.as_int64(), *b.as_int64());
    if (!sum) return std::nullopt;
    const bool both_narrow = a.type == bson::Type::int32 && b.type == bson::Type::int32;
    return store_sum(*sum, both_narrow ? bson::Type::int32 : bson::Type::int64, arena);
  }
  if (!a.as_double() || !b.as_double()) return std::nullopt;
  const double sum = *a.as_double() + *b.as_double();
  auto* bytes = static_cast<std::uint8_t*>(arena.allocate(sizeof sum, 1));
  std::memcpy(bytes, &sum, sizeof sum);
  return bson::Value{bson::Type::number_double, bytes, sizeof sum};
}

Result<Change> compose_patches(const Change& first, const Change& second, Arena& arena) {
  std::vector<Operation> operations(first.operations.begin(), first.operations.end());
  for (const Operation& later : second.operations) {
    Operation* merged = nullptr;
    for (std::size_t i = 0; i < first.operations.size(); ++i) {
      if (!overlap(operations[i].path, later.path)) continue;
      if (!may_meet(operations[i], later))
        return not_composable(second, "both write to \"" + std::string(later.path) + '"');
      if (commutes(later.op)) merged = &operations[i];
    }
    if (merged == nullptr) {
      operations.push_back(later);
    } else if (later.op == Operator::inc) {
      const auto sum = add_numbers(merged->value, later.value, arena);
      if (!sum)
        return not_composable(
            second, "the sum of what they add to \"" + std::string(later.path) + "\" fits no number");
      merged->value = *sum;
    } else if (beats(later.op, later.value, merged->value)) {
      merged->value = later.value;
    }
  }

  Change both = first;
  both.operations = arena.copy(std::span<const Operation>(operations));
  both.wait_until_exists = first.wait_until_exists || second.wait_until_exists;
  return both;
}

}  // namespace

bool overlap(std::string_view a, std::string_view b) noexcept {
  if (a.size() > b.size()) std::swap(a, b);
  return b.starts_with(a) && (a.size() == b.size() || b[a.size()] == '.');
}

Result<Change> compose(const Change& first, const Change& second, Arena& arena) {
  if (second.conditional() || first.conditional()) {
    const bool same_wait = first.conditions.empty() && second.conditions.empty() &&
                           first.kind == ChangeKind::patch && second.kind == ChangeKind::patch;
    if (!same_wait)
      return not_composable(second, "a condition would have to see the effect of the other change");
  }
  if (first.kind == ChangeKind::remove) return not_composable(second, "the first removes the document");
  if (second.kind == ChangeKind::replace && first.kind != ChangeKind::insert) return second;
  if (second.kind == ChangeKind::remove && first.kind != ChangeKind::insert) return second;
  if (first.kind == ChangeKind::patch && second.kind == ChangeKind::patch)
    return compose_patches(first, second, arena);
  return not_composable(second, "write the whole document in one change");
}

void Coalescer::start(const Change& change) {
  base_ = change;
  single_ = true;
  slots_.clear();
}

// The operations of the first change, when a second one comes.
void Coalescer::open_slots() {
  if (!slots_.empty()) return;
  for (const Operation& operation : base_.operations) {
    Slot slot{operation, 0, false};
    if (operation.op == Operator::inc) slot.sum = operation.value.as_int64().value_or(0);
    slots_.push_back(slot);
  }
}

Coalescer::Step Coalescer::place(const Operation& operation) const {
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    const Operation& there = slots_[i].operation;
    if (!overlap(there.path, operation.path)) continue;
    if (there.path != operation.path || there.op != operation.op) return {Join::refused, i};
    switch (operation.op) {
      case Operator::push:
      case Operator::add_to_set:
      case Operator::pull:
        return {Join::new_slot, i};
      case Operator::min:
      case Operator::max:
        return {Join::merge, i};
      case Operator::inc: {
        const bool integers = there.value.is_integer() && operation.value.is_integer();
        if (!integers || !add_integers(slots_[i].sum, *operation.value.as_int64())) return {Join::refused, i};
        return {Join::merge, i};
      }
      case Operator::set:
      case Operator::set_on_insert:
      case Operator::unset:
        return {Join::refused, i};
    }
  }
  return {Join::new_slot, slots_.size()};
}

void Coalescer::take(const Operation& operation, Step step) {
  if (step.how == Join::ignored) return;
  if (step.how == Join::new_slot) {
    Slot slot{operation, 0, false};
    if (operation.op == Operator::inc) slot.sum = operation.value.as_int64().value_or(0);
    slots_.push_back(slot);
    return;
  }
  Slot& slot = slots_[step.slot];
  if (operation.op == Operator::inc) {
    slot.sum += *operation.value.as_int64();
    slot.summed = true;
    if (operation.value.type == bson::Type::int64) slot.operation.value.type = bson::Type::int64;
    return;
  }
  if (beats(operation.op, operation.value, slot.operation.value)) slot.operation.value = operation.value;
}

bool Coalescer::add(const Change& change) {
  if (change.conditional() || base_.conditional()) return false;
  if (change.kind == ChangeKind::replace &&
      (base_.kind == ChangeKind::patch || base_.kind == ChangeKind::replace)) {
    start(change);
    return true;
  }
  if (change.kind != ChangeKind::patch || base_.kind != ChangeKind::patch) return false;
  open_slots();
  if (slots_.size() + change.operations.size() > max_slots) return false;

  steps_.clear();
  for (const Operation& operation : change.operations) {
    // Operations of one change are on paths of their own but for the repeatable ones, so that where each goes
    // does not depend on the others. By then the document exists: the changes before have made it.
    const Step step = operation.op == Operator::set_on_insert ? Step{Join::ignored, 0} : place(operation);
    if (step.how == Join::refused) return false;
    steps_.push_back(step);
  }
  for (std::size_t i = 0; i < steps_.size(); ++i) take(change.operations[i], steps_[i]);
  single_ = false;
  return true;
}

Change Coalescer::finish(Arena& arena) {
  if (single_) return base_;
  auto operations = arena.array<Operation>(slots_.size());
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    operations[i] = slots_[i].operation;
    if (slots_[i].summed) operations[i].value = store_sum(slots_[i].sum, operations[i].value.type, arena);
  }
  Change group = base_;
  group.operations = operations;
  return group;
}

}  // namespace sluice::engine
